//! A database without a house around it.

use super::database;
use super::program::{Program, run, run_with_input};
use super::wire::Wire;
use airlog::db::{self, Db};
use sqlx::AssertSqlSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A database of the kind that the story is told on, at the newest schema.
pub struct Bare {
    pub db: Db,
    url: String,
    folder: TempDir,
    _wire: Option<Arc<Wire>>,
}

impl Bare {
    pub async fn fresh() -> Self {
        let folder = TempDir::with_prefix("airlog-bare-").expect("a folder");
        let (url, wire) = database::empty(folder.path()).await;
        let db = db::open(&url).await.expect("a database");
        db::migrate(&db).await.expect("a schema");
        Self { db, url, folder, _wire: wire }
    }

    /// The first column of what a query gives, as text.
    pub async fn sql(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        match &self.db {
            Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
        }
    }

    /// Runs statements that either database understands.
    pub async fn does(&self, statements: &str) {
        let statements = AssertSqlSafe(statements.to_owned());
        match &self.db {
            Db::Sqlite(pool) => drop(sqlx::raw_sql(statements).execute(pool).await.expect("a change")),
            Db::Postgres(pool) => drop(sqlx::raw_sql(statements).execute(pool).await.expect("a change")),
        }
    }

    /// Runs the program on this database: its exit code, and what it said.
    pub async fn runs(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let environment = [("AIRLOG_DATABASE__URL", &*self.url), ("AIRLOG_SERVER__LISTEN", "127.0.0.1:0")];
        let output = run(self.folder.path(), arguments, &environment).await;
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    /// The same with other settings besides, and something on its standard input.
    pub async fn runs_with(
        &self,
        arguments: &[&str],
        environment: &[(&str, String)],
        input: &str,
    ) -> (Option<i32>, String) {
        let environment = self.environment(environment);
        let output = run_with_input(self.folder.path(), arguments, &environment, input).await;
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Starts the program on this database.
    pub fn begins(&self, arguments: &[&str]) -> Program {
        Program::start_with(self.folder.path(), arguments, &self.environment(&[]))
    }

    /// The same with other settings besides, its log in a file.
    pub fn begins_noted(&self, arguments: &[&str], environment: &[(&str, &str)], log: &Path) -> Program {
        let environment: Vec<_> =
            environment.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Program::start_noted(self.folder.path(), arguments, &self.environment(&environment), log)
    }

    /// A file beside the database, or where the program runs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Of two settings of one name the later one counts.
    fn environment(&self, more: &[(&str, String)]) -> Vec<(String, String)> {
        let ours =
            [("AIRLOG_DATABASE__URL", self.url.clone()), ("AIRLOG_SERVER__LISTEN", "127.0.0.1:0".into())];
        ours.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    pub async fn closes(self) {
        self.db.close().await;
    }
}
