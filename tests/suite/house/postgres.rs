//! The suite's own PostgreSQL: one server for all stories, from the system's package, gone when the suite is.

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

/// What makes a server quick that nobody will miss.
const SETTINGS: [&str; 10] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=64MB",
    "autovacuum=off",
    "log_min_messages=fatal",
    "timezone=Pacific/Kiritimati",
];

struct Server {
    port: u16,
    databases: AtomicUsize,
    _guard: Child,
}

/// The URL of a new, empty database; none where PostgreSQL is left out (`AIRLOG_TEST_POSTGRES=off`).
pub async fn fresh_database() -> Option<String> {
    if std::env::var("AIRLOG_TEST_POSTGRES").is_ok_and(|value| value == "off") {
        return None;
    }
    let server = SERVER.get_or_init(Server::start).await;
    let name = format!("story_{}", server.databases.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&server.url("postgres")).await.expect("the suite's PostgreSQL");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut admin).await.expect("a new database");
    Some(server.url(&name))
}

impl Server {
    async fn start() -> Self {
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
        let server = Self { port, databases: AtomicUsize::new(0), _guard: guard(&folder, &data, user, port) };
        timeout(PATIENCE, server.is_up()).await.unwrap_or_else(|_| {
            panic!("PostgreSQL did not come up: {:?}", std::fs::read_to_string(folder.join("log")))
        });
        server
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

fn guard(folder: &Path, data: &Path, user: Option<&str>, port: u16) -> Child {
    let server = as_user(user, "postgres");
    let mut command = Command::new("sh");
    command.args(["-c", GUARD, "guard"]).arg(server.get_program()).args(server.get_args());
    command.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in SETTINGS {
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

/// Debian keeps the server's programs out of the way, a folder for each version.
fn program_path(program: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(program))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(program))
        .find(|path| path.exists());
    found.pop().or(on_path).unwrap_or_else(|| {
        panic!("PostgreSQL's {program} is missing: install it (Debian: postgresql), or set AIRLOG_TEST_POSTGRES=off")
    })
}

fn free_port() -> u16 {
    let any = std::net::TcpListener::bind("127.0.0.1:0");
    any.and_then(|listener| listener.local_addr()).expect("a free port").port()
}
