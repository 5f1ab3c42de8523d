//! `[database]`: which database, and where it is.

use super::fields::Visit;
use super::kind::Kind;
use super::raw::{Raw, quoted};
use super::url::without_password;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::sqlite::SqliteConnectOptions;
use std::fmt::{Debug, Display, Formatter};
use std::path::PathBuf;
use std::str::FromStr;

/// Where the data lives.
#[derive(Debug, Clone)]
pub struct Database {
    /// The database's URL.
    pub url: DatabaseUrl,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: DatabaseUrl(SecretString::from("sqlite://airlog.db")) }
    }
}

impl Database {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("database.url", &AnyDatabase, &mut self.url);
    }
}

/// A database program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one, a file.
    Sqlite,
    /// A server.
    Postgres,
}

/// The URL of a database: `sqlite://FILE` or `postgres://…`. Shown without its password.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// Which program it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        if self.expose().starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres }
    }

    /// The whole URL, password included: for connecting, never for logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The file that holds an `SQLite` database; none for other databases and for one in memory.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let in_memory = [":memory:", "mode=memory"].iter().any(|sign| self.expose().contains(sign));
        let options = SqliteConnectOptions::from_str(self.expose()).ok()?;
        (self.engine() == Engine::Sqlite && !in_memory).then(|| options.get_filename().to_owned())
    }

    /// A URL's password may stand before the host or, as `PostgreSQL` allows, in the query.
    fn redacted(&self) -> Option<String> {
        let mut url = Url::parse(self.expose()).ok()?;
        if url.password().is_some() {
            url.set_password(Some("***")).ok()?;
        }
        let hidden =
            |(name, value): (_, _)| if name == "password" { (name, "***".into()) } else { (name, value) };
        let pairs: Vec<_> = url.query_pairs().into_owned().map(hidden).collect();
        if pairs.iter().any(|(name, _)| name == "password") {
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
        Some(url.into())
    }
}

impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self.engine() {
            Engine::Sqlite => f.write_str(self.expose()),
            Engine::Postgres => f.write_str(self.redacted().as_deref().unwrap_or("postgres://***")),
        }
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// The text is not the URL of a database that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither sqlite://FILE nor postgres://USER:PASSWORD@HOST/NAME")]
pub struct NotADatabase;

impl FromStr for DatabaseUrl {
    type Err = NotADatabase;

    fn from_str(text: &str) -> Result<Self, NotADatabase> {
        if is_sqlite(text) || is_postgres(text) { Ok(Self(text.into())) } else { Err(NotADatabase) }
    }
}

/// The library that opens the file decides.
fn is_sqlite(text: &str) -> bool {
    let known_form = text.starts_with("sqlite://") || text == "sqlite::memory:";
    let named = |options: SqliteConnectOptions| !options.get_filename().as_os_str().is_empty();
    known_form && SqliteConnectOptions::from_str(text).is_ok_and(named)
}

/// The host may be missing when the query names one: `PostgreSQL` over a Unix socket.
fn is_postgres(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let host = url.has_host() || url.query_pairs().any(|(name, _)| name == "host");
        matches!(url.scheme(), "postgres" | "postgresql") && host
    })
}

/// A database of either kind.
struct AnyDatabase;

impl Kind for AnyDatabase {
    type Value = DatabaseUrl;

    fn read(&self, raw: &Raw) -> Option<DatabaseUrl> {
        raw.text()?.parse().ok()
    }

    fn write(&self, value: &DatabaseUrl) -> String {
        quoted(&value.to_string())
    }

    fn allowed(&self) -> String {
        "\"sqlite://FILE\" or \"postgres://USER:PASSWORD@HOST/NAME\"".to_owned()
    }

    fn secret(&self) -> bool {
        true
    }

    fn shown(&self, raw: &Raw) -> String {
        let cut = raw.text().and_then(|text| text.split_once('?'));
        cut.map_or_else(|| without_password(raw), |_| super::kind::REDACTED.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        text.parse().expect(text)
    }

    #[test]
    fn knows_two_engines_and_the_file_of_one() {
        assert_eq!(url("sqlite://airlog.db").sqlite_file(), Some(PathBuf::from("airlog.db")));
        assert_eq!(
            url("sqlite:///var/my%20log/a.db?mode=rwc").sqlite_file(),
            Some(PathBuf::from("/var/my log/a.db"))
        );
        assert_eq!(url("sqlite::memory:").sqlite_file(), None);
        assert_eq!(url("sqlite://:memory:").sqlite_file(), None);
        assert_eq!(url("postgres://localhost/airlog").sqlite_file(), None);
        assert_eq!(url("postgresql:///airlog?host=/run/postgresql").engine(), Engine::Postgres);
    }

    #[test]
    fn other_urls_are_refused() {
        for text in [
            "",
            "airlog.db",
            "sqlite:airlog.db",
            "sqlite://",
            "sqlite://a.db?mode=x",
            "mysql://h/a",
            "postgres:",
            "postgres:///a",
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().err(), Some(NotADatabase), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown =
            url("postgres://ann:hunter2@db.example/airlog?sslmode=require&password=hunter2").to_string();
        assert_eq!(shown, "postgres://ann:***@db.example/airlog?sslmode=require&password=***");
        assert_eq!(format!("{:?}", url("postgres://ann@h/a")), "DatabaseUrl(postgres://ann@h/a)");
    }
}
