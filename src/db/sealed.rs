//! Every column that holds sealed secrets, for whoever has to find them all: the start, which asks under which keys they
//! are sealed, and the rotation of keys. A sealed text belongs to its row and column: `table/key/word`.

use super::{Db, DbError, on};
use crate::base::seal::key_id_of;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

/// A column of sealed texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The table.
    pub table: &'static str,
    /// Its primary key.
    pub key: &'static str,
    /// The column.
    pub column: &'static str,
    /// What the column is called in the name that a text is sealed for.
    pub word: &'static str,
}

/// A sealed text, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The primary key of its row.
    pub key: String,
    /// The text.
    pub sealed: String,
}

const fn sealed(table: &'static str, key: &'static str, column: &'static str, word: &'static str) -> Sealed {
    Sealed { table, key, column, word }
}

/// All of them.
pub const SEALED: &[Sealed] = &[
    sealed("spotify_links", "id", "access_token", "access"),
    sealed("spotify_links", "id", "refresh_token", "refresh"),
    sealed("spotify_links", "id", "client_secret", "client_secret"),
    sealed("twitch_grants", "user_id", "access_token", "access"),
    sealed("twitch_grants", "user_id", "refresh_token", "refresh"),
    sealed("auth_flows", "state_hash", "verifier", "verifier"),
    sealed("instance_apps", "provider", "client_secret", "client_secret"),
    sealed("spotify_apps", "user_id", "client_secret", "client_secret"),
    sealed("device_logins", "browser_hash", "device_code", "device_code"),
    sealed("alert_targets", "id", "url", "url"),
    sealed("overlay_keys", "user_id", "sealed_key", "key"),
];

impl Sealed {
    /// The name of a row's text, for which it is sealed.
    #[must_use]
    pub fn row(&self, key: &str) -> String {
        format!("{}/{key}/{}", self.table, self.word)
    }
}

/// The ids of the keys under which anything in `db` is sealed.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn keys(db: &Db) -> Result<BTreeSet<String>, DbError> {
    let mut keys = BTreeSet::new();
    for Sealed { table, column, .. } in SEALED {
        // A key's id and its frame have one length.
        let sql = format!("SELECT DISTINCT SUBSTR({column}, 1, 12) FROM {table} WHERE {column} IS NOT NULL");
        let found: Vec<String> =
            on!(db, pool => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await)?;
        keys.extend(found.iter().filter_map(|frame| key_id_of(frame)).map(str::to_owned));
    }
    Ok(keys)
}

/// At most `most` texts of a column that are sealed under the key of this id.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn under(db: &Db, place: &Sealed, key_id: &str, most: u16) -> Result<Vec<Secret>, DbError> {
    let Sealed { table, key, column, .. } = place;
    let sql =
        format!("SELECT {key}, {column} FROM {table} WHERE {column} LIKE $1 ORDER BY {key} LIMIT {most}");
    let found: Vec<(String, String)> = on!(db, pool => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(format!("v1.{key_id}.%")).fetch_all(pool).await
    })?;
    Ok(found.into_iter().map(|(key, sealed)| Secret { key, sealed }).collect())
}

/// Puts a text in place of another one; not where it has been changed meanwhile.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn replace(db: &Db, place: &Sealed, old: &Secret, new: &str) -> Result<(), DbError> {
    let Sealed { table, key, column, .. } = place;
    let sql = format!("UPDATE {table} SET {column} = $3 WHERE {key} = $1 AND {column} = $2");
    on!(db, pool => {
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&old.key).bind(&old.sealed).bind(new);
        query.execute(pool).await.map(drop)
    })
}
