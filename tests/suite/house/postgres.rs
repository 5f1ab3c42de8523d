//! A PostgreSQL of one's own, from the system's package, gone when whoever started it is: one server for all stories of
//! the suite, and one for the benches.

use sqlx::{Connection as _, PgConnection};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tokio::time::timeout;

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// How long the server may take to come up on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts a server and takes it down, with its folder, when nobody holds this script's standard input any more:
/// however the suite ends, the server ends with it.
const GUARD: &str = "
    \"$@\" >\"$FOLDER/log\" 2>&1 </dev/null &
    cat >/dev/null
    kill -QUIT $!
    wait
    rm -rf \"$FOLDER\"";

/// What holds for any server here.
const OURS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
    "log_min_messages=fatal",
    "timezone=Pacific/Kiritimati",
];

/// What makes a server quick that nobody will miss.
const QUICK: [&str; 5] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "autovacuum=off"];

/// A running server.
pub struct Server {
    port: u16,
    databases: AtomicUsize,
    _guard: Child,
}

/// The URL of a new, empty database; none where PostgreSQL is left out (`AIRLOG_TEST_POSTGRES=off`).
pub async fn fresh_database() -> Option<String> {
    if std::env::var("AIRLOG_TEST_POSTGRES").is_ok_and(|value| value == "off") {
        return None;
    }
    Some(SERVER.get_or_init(|| Server::start(&QUICK)).await.fresh().await)
}

impl Server {
    /// Starts a server with these settings.
    pub async fn start(settings: &[&str]) -> Self {
        let folder = TempDir::with_prefix("airlog-postgres-").expect("a folder").keep();
        let data = folder.join("data");
        let user = user();
        if let Some(user) = user {
            let given = Command::new("chown").arg(user).arg(&folder).status().expect("chown");
            assert!(given.success(), "the folder is not given to {user}");
        }
        let init = ["--username=airlog", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"];
        let made = as_user(user, "initdb").args(init).arg(&data).output().expect("initdb");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let guard = guard(&folder, &data, user, port, settings);
        let server = Self { port, databases: AtomicUsize::new(0), _guard: guard };
        timeout(PATIENCE, server.is_up()).await.unwrap_or_else(|_| {
            panic!("PostgreSQL did not come up: {:?}", std::fs::read_to_string(folder.join("log")))
        });
        server
    }

    /// The URL of a new, empty database.
    pub async fn fresh(&self) -> String {
        let name = format!("story_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::connect(&self.url("postgres")).await.expect("our own PostgreSQL");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut admin).await.expect("a new database");
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://airlog@127.0.0.1:{}/{database}", self.port)
    }

    async fn is_up(&self) {
        while PgConnection::connect(&self.url("postgres")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn guard(folder: &Path, data: &Path, user: Option<&str>, port: u16, settings: &[&str]) -> Child {
    let server = as_user(user, "postgres");
    let mut command = Command::new("sh");
    command.args(["-c", GUARD, "guard"]).arg(server.get_program()).args(server.get_args());
    command.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in OURS.iter().chain(settings) {
        command.args(["-c", setting]);
    }
    command.env("FOLDER", folder).stdin(Stdio::piped()).spawn().expect("a guard")
}

/// PostgreSQL does not run as root: then it runs as the user that its package has made.
fn user() -> Option<&'static str> {
    let id = Command::new("id").arg("-u").output().expect("id");
    (id.stdout.trim_ascii() == b"0").then_some("postgres")
}

fn as_user(user: Option<&str>, program: &str) -> Command {
    let path = program_path(program);
    match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(path);
            command
        }
        None => Command::new(path),
    }
}

fn program_path(program: &str) -> PathBuf {
    found(program).unwrap_or_else(|| {
        panic!("PostgreSQL's {program} is missing: install it (Debian: postgresql), or set AIRLOG_TEST_POSTGRES=off")
    })
}

/// Where a program of PostgreSQL is. Debian keeps them out of the way, a folder for each version.
pub fn found(program: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(program))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(program))
        .find(|path| path.exists());
    found.pop().or(on_path)
}

fn free_port() -> u16 {
    let any = std::net::TcpListener::bind("127.0.0.1:0");
    any.and_then(|listener| listener.local_addr()).expect("a free port").port()
}
