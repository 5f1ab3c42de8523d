//! SQL of the apps that were entered. Secrets pass through here sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::Company;
use crate::base::clock::Instant;
use crate::db::{Db, DbError, from_row, on};
use sqlx::Row as _;

const APP: &str = "SELECT client_id, client_secret FROM instance_apps WHERE provider = $1";
const PUT_APP: &str = "
    INSERT INTO instance_apps (provider, client_id, client_secret, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (provider) DO UPDATE SET client_id = excluded.client_id, client_secret = excluded.client_secret,
        updated_at = excluded.updated_at";

/// An app as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedApp {
    /// Its client id.
    pub client_id: String,
    /// Its secret, sealed.
    pub client_secret: Option<String>,
}

from_row!(SealedApp, row => Ok(Self {
    client_id: row.try_get("client_id")?,
    client_secret: row.try_get("client_secret")?,
}));

/// Names the row and column that a sealed secret belongs to.
#[must_use]
pub fn seal_row(company: Company) -> String {
    format!("instance_apps/{}/client_secret", company.word())
}

/// The app that was entered, if one was.
pub async fn app(db: &Db, company: Company) -> Result<Option<SealedApp>, DbError> {
    on!(db, pool => sqlx::query_as(APP).bind(company.word()).fetch_optional(pool).await)
}

/// Keeps an app in place of an earlier one.
pub async fn put_app(db: &Db, company: Company, app: &SealedApp, now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        sqlx::query(PUT_APP)
            .bind(company.word())
            .bind(&app.client_id)
            .bind(app.client_secret.as_deref())
            .bind(now)
            .execute(pool)
            .await
            .map(drop)
    })
}
