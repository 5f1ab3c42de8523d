//! Migrations, embedded in the binary: equal numbers and names for both databases.

use super::{Db, DbError, on};
use sqlx::migrate::{self, Migrate as _, Migration, MigrationType, Migrator};
use sqlx::postgres::PgDatabaseError;
use sqlx::{PgConnection, PgPool, SqlSafeStr as _};

/// Where sqlx keeps which steps were taken.
const TAKEN: &str = "_sqlx_migrations";
const NEWEST_TAKEN: &str = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";

/// One step of the schema.
#[derive(Debug)]
pub struct Step {
    /// Its number; steps are taken in the order of their numbers.
    pub number: i64,
    /// Its name, as its files have it: `0002_gaps`.
    pub name: &'static str,
    /// The tables and columns that it adds, which going back loses: `gaps`, `streams.heal_at`.
    pub adds: &'static [&'static str],
    sqlite: Texts,
    postgres: Texts,
}

/// Why the schema is not where it was wanted.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer program has been here.
    #[error(
        "the database holds migration {0}, and this version of Airlog knows none after {known}; start the newer \
         version that was here before, or have it go back with `airlog migrate --down-to {known}`",
        known = latest_version()
    )]
    Newer(i64),
    /// A step failed, or is not the one that was taken.
    #[error(transparent)]
    Step(migrate::MigrateError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<migrate::MigrateError> for MigrateError {
    fn from(error: migrate::MigrateError) -> Self {
        match error {
            migrate::MigrateError::VersionMissing(number) if number > latest_version() => Self::Newer(number),
            error => Self::Step(error),
        }
    }
}

#[derive(Debug)]
struct Texts {
    up: &'static str,
    down: &'static str,
}

macro_rules! steps {
    ($($number:literal => $name:literal adds [$($adds:literal),* $(,)?]),* $(,)?) => {
        &[$(Step {
            number: $number,
            name: $name,
            adds: &[$($adds),*],
            sqlite: texts!("sqlite", $name),
            postgres: texts!("postgres", $name),
        }),*]
    };
}

macro_rules! texts {
    ($database:literal, $name:literal) => {
        Texts {
            up: include_str!(concat!("../../migrations/", $database, "/", $name, ".up.sql")),
            down: include_str!(concat!("../../migrations/", $database, "/", $name, ".down.sql")),
        }
    };
}

/// All steps that this binary knows, by their numbers.
pub const STEPS: &[Step] = steps![
    1 => "0001_house" adds [
        "users", "spotify_links", "spotify_clients", "air_evidence", "streams", "stream_tracks", "eventsub_messages",
    ],
    2 => "0002_gaps" adds ["gaps"],
    3 => "0003_healing" adds ["streams.heal_at", "streams.followed_until", "jumps", "spotify_clients.full_at"],
    4 => "0004_crashes" adds ["session_crashes"],
    5 => "0005_logins" adds [
        "users.after_leaving", "owner", "former_logins", "twitch_grants", "logins", "auth_flows",
        "spotify_links.expires_at", "spotify_links.scopes",
    ],
    6 => "0006_tracking" adds ["overrides", "ignore_rules", "ignored_plays"],
    7 => "0007_sweeps" adds ["sweeps", "erasures"],
    8 => "0008_home" adds [
        "users.leaving_at", "former_owners",
        "instance_apps", "device_logins", "auth_flows.origin", "spotify_apps", "spotify_links.client_secret",
        "spotify_clients.is_quota", "moderators", "api_keys", "audit", "acts",
        "stream_tracks.hidden_act", "stream_tracks.original", "alert_targets", "troubles",
    ],
    9 => "0009_overlays" adds ["overlay_keys", "overlay_presets"],
];

/// The number of the newest migration this binary knows.
#[must_use]
pub fn latest_version() -> i64 {
    STEPS.iter().map(|step| step.number).max().unwrap_or(0)
}

/// Brings the database to the newest schema; does nothing when it is there already.
///
/// # Errors
/// When a step fails, or the database holds a migration that this binary does not know.
pub async fn run(db: &Db) -> Result<(), MigrateError> {
    let migrator = migrator(db);
    match db {
        Db::Sqlite(pool) => migrator.run(pool).await?,
        Db::Postgres(pool) => migrator.run(&mut set_apart(pool).await?).await?,
    }
    Ok(())
}

/// The number of the newest migration that the database has; 0 for none.
///
/// # Errors
/// When the database does not answer.
pub async fn version(db: &Db) -> Result<i64, MigrateError> {
    let taken = on!(db, pool => {
        let mut connection = pool.acquire().await?;
        connection.ensure_migrations_table(TAKEN).await?;
        connection.list_applied_migrations(TAKEN).await?
    });
    Ok(taken.iter().map(|step| step.version).max().unwrap_or(0))
}

/// The same of a database that is open for reading only.
///
/// # Errors
/// When the database does not answer.
pub async fn version_to_read(db: &Db) -> Result<i64, DbError> {
    let newest: Result<Option<i64>, DbError> =
        on!(db, pool => sqlx::query_scalar(NEWEST_TAKEN).fetch_one(pool).await);
    match newest {
        Err(error) if is_missing_table(&error) => Ok(0),
        newest => Ok(newest?.unwrap_or(0)),
    }
}

fn is_missing_table(error: &DbError) -> bool {
    error.as_database_error().is_some_and(|error| match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => error.code() == "42P01",
        None => error.message().contains("no such table"),
    })
}

/// Takes the schema back to `version`, undoing newer steps from the newest down, with the data in what they added:
/// ask [`super::losses`] before.
///
/// # Errors
/// When a step cannot be undone, or the database holds a migration that this binary does not know.
pub async fn revert_to(db: &Db, version: i64) -> Result<(), MigrateError> {
    let migrator = migrator(db);
    match db {
        Db::Sqlite(pool) => migrator.undo(pool, version).await?,
        Db::Postgres(pool) => migrator.undo(&mut set_apart(pool).await?, version).await?,
    }
    Ok(())
}

/// A connection for steps alone: they may take as long as they take, and their lock, which a step that fails does not
/// give back, goes with the connection.
async fn set_apart(pool: &PgPool) -> Result<PgConnection, DbError> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::query("SET statement_timeout = 0").execute(&mut connection).await?;
    Ok(connection)
}

fn migrator(db: &Db) -> Migrator {
    Migrator::with_migrations(STEPS.iter().flat_map(|step| step.migrations(db)).collect())
}

impl Step {
    fn migrations(&self, db: &Db) -> [Migration; 2] {
        let texts = match db {
            Db::Sqlite(_) => &self.sqlite,
            Db::Postgres(_) => &self.postgres,
        };
        [
            self.migration(MigrationType::ReversibleUp, texts.up),
            self.migration(MigrationType::ReversibleDown, texts.down),
        ]
    }

    fn migration(&self, kind: MigrationType, sql: &'static str) -> Migration {
        Migration::new(self.number, self.name.into(), kind, sql.into_sql_str(), false)
    }
}
