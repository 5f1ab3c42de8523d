//! Migrations, embedded in the binary: equal numbers and names for both databases.

use super::{Db, on};
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

/// One step: its number, its name, and its texts for either database.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: Texts,
    postgres: Texts,
}

struct Texts {
    up: &'static str,
    down: &'static str,
}

macro_rules! steps {
    ($($number:literal => $name:literal),* $(,)?) => {
        &[$(Step {
            number: $number,
            name: $name,
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

const STEPS: &[Step] = steps![1 => "0001_house", 2 => "0002_gaps", 3 => "0003_healing", 4 => "0004_crashes"];

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
    on!(db, pool => migrator.run(pool).await)
}

/// Takes the schema back to `version`, undoing newer steps from the newest down.
///
/// # Errors
/// When a step cannot be undone.
pub async fn revert_to(db: &Db, version: i64) -> Result<(), MigrateError> {
    let migrator = migrator(db);
    on!(db, pool => migrator.undo(pool, version).await)
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
