//! A database as a server leaves it that stops while everybody is live: people, links, evidence and open streams.

use airlog::base::clock::{Clock as _, Instant, SystemClock};
use airlog::base::id::{LinkId, StreamId, UserId};
use airlog::base::seal::SealingKey;
use airlog::db::{self, Db};
use anyhow::Context as _;
use chrono::TimeDelta;
use sqlx::{QueryBuilder, Sqlite, SqlitePool};
use std::path::Path;

/// The key that tokens are sealed under.
pub const KEY: [u8; 32] = [7; 32];
/// The app that everybody is linked through.
pub const CLIENT_ID: &str = "streams";
/// Rows of one statement.
const BATCH: u32 = 1_000;

/// Makes the database.
pub async fn seed(file: &Path, streams: u32) -> anyhow::Result<()> {
    let db = db::open(&url(file)).await?;
    db::migrate(&db).await.context("migrating")?;
    let Db::Sqlite(pool) = &db else { anyhow::bail!("not SQLite") };
    let now = SystemClock.now();
    let key = SealingKey::new(KEY);
    for first in (0..streams).step_by(BATCH as usize) {
        let people: Vec<Person> =
            (first..streams.min(first + BATCH)).map(|number| Person::new(number, &key, now)).collect();
        write(pool, &people, now).await.context("writing people")?;
    }
    // What is old was swept today: that is not to be measured here.
    for day in [now - TimeDelta::days(1), now] {
        let swept = sqlx::query("INSERT INTO sweeps (day, began_at, ended_at) VALUES ($1, $2, $2)");
        swept.bind(day.date_naive()).bind(now).execute(pool).await.context("noting the sweep")?;
    }
    db.close().await;
    Ok(())
}

/// How a database file is named in a config.
pub fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The login of a streamer.
pub fn login(number: u32) -> String {
    format!("s{number}")
}

struct Person {
    login: String,
    twitch_id: String,
    user: UserId,
    link: SpotifyLinkRow,
    stream: StreamId,
    began: Instant,
}

/// A link with its tokens, sealed.
struct SpotifyLinkRow {
    id: LinkId,
    access: String,
    refresh: String,
}

impl Person {
    fn new(number: u32, key: &SealingKey, now: Instant) -> Self {
        let began = now - TimeDelta::minutes(2) - TimeDelta::milliseconds(i64::from(number));
        let (user, link) = (UserId::random(began), LinkId::random(began));
        let seal =
            |column: &str, token: String| key.seal(&format!("spotify_links/{link}/{column}"), &token.into());
        Self {
            login: login(number),
            twitch_id: format!("{}", 40_000_000 + number),
            user,
            link: SpotifyLinkRow {
                id: link,
                access: seal("access", token(number)),
                refresh: seal("refresh", format!("{number:r<131}")),
            },
            stream: StreamId::random(began),
            began,
        }
    }
}

/// An access token as long as Spotify's, which begins with the streamer's number.
pub fn token(number: u32) -> String {
    format!("{:x<200}", format!("{number}-"))
}

async fn write(pool: &SqlitePool, people: &[Person], now: Instant) -> sqlx::Result<()> {
    let mut users = QueryBuilder::<Sqlite>::new(
        "INSERT INTO users (id, twitch_id, login, name, enabled, inserted_at, updated_at) ",
    );
    users.push_values(people, |mut row, person| {
        row.push_bind(person.user.to_string()).push_bind(&person.twitch_id).push_bind(&person.login);
        row.push_bind(&person.login).push_bind(true).push_bind(now).push_bind(now);
    });
    let mut links = QueryBuilder::<Sqlite>::new(
        "INSERT INTO spotify_links (id, user_id, client_id, access_token, refresh_token, expires_at, authorized_at,
            inserted_at, updated_at) ",
    );
    links.push_values(people, |mut row, person| {
        let SpotifyLinkRow { id, access, refresh } = &person.link;
        row.push_bind(id.to_string()).push_bind(person.user.to_string()).push_bind(CLIENT_ID);
        row.push_bind(access).push_bind(refresh).push_bind(now + TimeDelta::hours(1));
        row.push_bind(now).push_bind(now).push_bind(now);
    });
    let mut evidence = QueryBuilder::<Sqlite>::new(
        "INSERT INTO air_evidence (user_id, on_air, source, seen_at, twitch_id, stream_type, started_at) ",
    );
    evidence.push_values(people, |mut row, person| {
        row.push_bind(person.user.to_string()).push_bind(true).push_bind("hint").push_bind(person.began);
        row.push_bind(format!("b{}", person.twitch_id)).push_bind("live").push_bind(person.began);
    });
    let mut streams = QueryBuilder::<Sqlite>::new(
        "INSERT INTO streams (id, user_id, twitch_id, started_at, seen_at, inserted_at, updated_at) ",
    );
    streams.push_values(people, |mut row, person| {
        row.push_bind(person.stream.to_string()).push_bind(person.user.to_string());
        row.push_bind(format!("b{}", person.twitch_id));
        row.push_bind(person.began).push_bind(now).push_bind(now).push_bind(now);
    });
    let mut tx = pool.begin().await?;
    for mut rows in [users, links, evidence, streams] {
        rows.build().execute(&mut *tx).await?;
    }
    tx.commit().await
}
