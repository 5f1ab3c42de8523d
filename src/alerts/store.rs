//! SQL of whom to tell, and of what was told.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::{Failure, News, Target, Trouble};
use crate::base::clock::Instant;
use crate::base::id::{AlertId, UserId};
use crate::base::seal::SealingKey;
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::i18n::Locale;
use secrecy::SecretString;
use sqlx::Row as _;

const ADD: &str = "
    INSERT INTO alert_targets (id, user_id, kind, url, locale, inserted_at) VALUES ($1, $2, $3, $4, $5, $6)";
const DROP: &str = "DELETE FROM alert_targets WHERE id = $1 AND user_id = $2";
const OF: &str = "SELECT * FROM alert_targets WHERE user_id = $1 ORDER BY id";
const PEOPLE: &str = "SELECT DISTINCT user_id FROM alert_targets ORDER BY user_id";
const WAIT: &str = "UPDATE alert_targets SET pending = $2 WHERE id = $1";
const SENT: &str = "
    UPDATE alert_targets SET last_sent_at = $2, last_error = NULL,
        pending = CASE WHEN pending = $3 THEN NULL ELSE pending END
    WHERE id = $1";
const FAILED: &str = "UPDATE alert_targets SET last_error = $2 WHERE id = $1";
const KEEP: &str = "
    INSERT INTO troubles (user_id, kind, began_at, told_at, ended_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (user_id, kind) DO UPDATE
    SET began_at = excluded.began_at, told_at = excluded.told_at, ended_at = excluded.ended_at";
const END_ALL: &str = "UPDATE troubles SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL";
const TROUBLES: &str = "SELECT * FROM troubles WHERE user_id = $1 ORDER BY began_at, kind";

/// A target as it stands in the database.
struct Row {
    target: Target,
    sealed: String,
}

from_row!(Row, row => {
    let pending: Option<String> = row.try_get("pending")?;
    let failure: Option<String> = row.try_get("last_error")?;
    let locale: &str = row.try_get("locale")?;
    let target = Target {
        id: parsed("id", row.try_get("id")?)?,
        kind: parsed("kind", row.try_get("kind")?)?,
        url: SecretString::default(),
        locale: Locale::from_tag(locale).unwrap_or_default(),
        last_sent_at: row.try_get("last_sent_at")?,
        last_error: failure.map(|text| parsed::<Failure>("last_error", &text)).transpose()?,
        pending: pending.map(|text| read(&text)).transpose()?,
    };
    Ok(Self { target, sealed: row.try_get("url")? })
});

from_row!(Trouble, row => Ok(Self {
    reason: parsed("kind", row.try_get("kind")?)?,
    since: row.try_get("began_at")?,
    told_at: row.try_get("told_at")?,
    ended_at: row.try_get("ended_at")?,
}));

/// What an address is sealed for.
#[must_use]
pub fn sealed_for(target: AlertId) -> String {
    format!("alert_targets/{target}/url")
}

/// Keeps a new target, its address sealed.
pub async fn add(
    db: &Db,
    key: &SealingKey,
    user: UserId,
    target: &Target,
    now: Instant,
) -> Result<(), DbError> {
    let sealed = key.seal(&sealed_for(target.id), &target.url);
    on!(db, pool => sqlx::query(ADD)
        .bind(target.id.to_string())
        .bind(user.to_string())
        .bind(target.kind.to_string())
        .bind(&sealed)
        .bind(target.locale.tag())
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Removes a target of this streamer's; false when they have no such one.
pub async fn drop_target(db: &Db, user: UserId, target: AlertId) -> Result<bool, DbError> {
    on!(db, pool => {
        let query = sqlx::query(DROP).bind(target.to_string()).bind(user.to_string());
        query.execute(pool).await.map(|done| done.rows_affected() > 0)
    })
}

/// A streamer's targets, the oldest first. One whose address does not open under this key is left out.
pub async fn targets(db: &Db, key: &SealingKey, user: UserId) -> Result<Vec<Target>, DbError> {
    let rows: Vec<Row> = on!(db, pool => sqlx::query_as(OF).bind(user.to_string()).fetch_all(pool).await)?;
    let opened = rows.into_iter().filter_map(|Row { target, sealed }| {
        match key.open(&sealed_for(target.id), &sealed) {
            Ok(url) => Some(Target { url, ..target }),
            Err(error) => {
                tracing::warn!(%error, target = %target.id, "an address for messages does not open");
                None
            }
        }
    });
    Ok(opened.collect())
}

/// Who wants to be told.
pub async fn people(db: &Db) -> Result<Vec<UserId>, DbError> {
    let all: Vec<String> = on!(db, pool => sqlx::query_scalar(PEOPLE).fetch_all(pool).await)?;
    all.iter().map(|user| parsed("user_id", user)).collect()
}

/// Notes what is still to be told there, in place of what was; none when nothing is.
pub async fn wait(db: &Db, target: AlertId, news: Option<&News>) -> Result<(), DbError> {
    let news = news.map(written);
    on!(db, pool => sqlx::query(WAIT).bind(target.to_string()).bind(news).execute(pool).await.map(drop))
}

/// Notes that this got there.
pub async fn sent(db: &Db, target: AlertId, news: &News, now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(SENT).bind(target.to_string()).bind(now).bind(written(news));
        query.execute(pool).await.map(drop)
    })
}

/// Notes why a message did not get there.
pub async fn failed(db: &Db, target: AlertId, failure: Failure) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(FAILED).bind(target.to_string()).bind(failure.to_string());
        query.execute(pool).await.map(drop)
    })
}

/// Keeps a trouble in place of what was kept for its reason.
pub async fn keep(db: &Db, user: UserId, trouble: &Trouble) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(KEEP)
        .bind(user.to_string())
        .bind(trouble.reason.to_string())
        .bind(trouble.since)
        .bind(trouble.told_at)
        .bind(trouble.ended_at)
        .execute(pool)
        .await
        .map(drop))
}

/// All of a streamer's troubles are over, as far as anybody is told.
pub async fn end_all(db: &Db, user: UserId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(END_ALL).bind(user.to_string()).bind(now).execute(pool).await.map(drop))
}

/// A streamer's troubles, those of lately too.
pub async fn troubles(db: &Db, user: UserId) -> Result<Vec<Trouble>, DbError> {
    on!(db, pool => sqlx::query_as(TROUBLES).bind(user.to_string()).fetch_all(pool).await)
}

fn written(news: &News) -> String {
    serde_json::json!(news).to_string()
}

fn read(text: &str) -> Result<News, DbError> {
    serde_json::from_str(text)
        .map_err(|error| DbError::ColumnDecode { index: "pending".to_owned(), source: Box::new(error) })
}
