//! The program as one starts it: the demo, config errors, streamers by command.

use crate::house::program::{Program, run};
use crate::house::viewer::Viewer;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the demo may take to say its URLs, and to stop. Generous: this is a debug build on a machine that runs the
/// whole suite. What a release build takes is measured apart; here it counts that it starts, shows music and
/// ends by itself.
const PROMPT: Duration = Duration::from_secs(10);

fn folder() -> TempDir {
    TempDir::with_prefix("airlog-suite-").expect("a folder")
}

async fn fails(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = run(folder, arguments, environment).await;
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The server's address in a line like `  http://127.0.0.1:8080/streamers/…`.
fn address(line: &str) -> std::net::SocketAddr {
    let rest = line.trim().strip_prefix("http://").expect("a URL");
    rest.split('/').next().expect("an address").parse().expect("an address")
}

#[tokio::test]
async fn the_demo_shows_an_evening_and_ends_cleanly() {
    an_evening_ends_on("INT").await;
}

/// What a service manager sends.
#[cfg(unix)]
#[tokio::test]
async fn the_demo_ends_as_cleanly_when_it_is_terminated() {
    an_evening_ends_on("TERM").await;
}

#[expect(clippy::disallowed_methods, reason = "how long the program takes is what is tested")]
async fn an_evening_ends_on(signal: &str) {
    let (folder, started) = (folder(), Instant::now());
    let mut demo = Program::start(folder.path(), &["demo", "--listen", "127.0.0.1:0", "--speed", "20"]);
    let page = demo.says("/streamers/ann/tracks/today").await;
    let portrait = demo.says("/streamers/ann").await;
    assert!(portrait.ends_with("/streamers/ann"), "{portrait}");
    demo.says("/overlay/ann/now-playing").await;
    assert!(started.elapsed() < PROMPT, "its URLs came after {:?}", started.elapsed());

    let server = address(&page);
    let mut viewer = Viewer::comes(server, "/api/v1/streamers/ann/live").await.expect("an upgrade");
    let first = viewer.sees("track_added").await;
    let second = viewer.sees("track_added").await;
    assert_ne!(first["track"]["id"], second["track"]["id"]);

    let stopping = Instant::now();
    assert_eq!(demo.ends_on(signal).await, Some(0));
    assert!(stopping.elapsed() < PROMPT, "it took {:?} to stop", stopping.elapsed());
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "the demo leaves nothing behind"
    );
}

#[tokio::test]
async fn a_taken_port_is_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = folder();
    let (code, error) = fails(folder.path(), &["demo", "--listen", &address], &[]).await;
    assert_eq!(code, Some(1));
    assert!(error.contains(&address) && error.contains("another program"), "{error}");
}

#[tokio::test]
async fn a_config_error_names_file_key_value_and_what_is_allowed() {
    let folder = folder();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[tracking]\npoll_interval = \"1 minute\"\n").expect("a file");
    let (code, error) = fails(folder.path(), &["serve"], &[]).await;
    assert_eq!(code, Some(2));
    for part in ["config.toml", "tracking.poll_interval", "1 minute", "60ms"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    let (code, error) = fails(folder.path(), &["serve", "--config", "missing.toml"], &[]).await;
    assert!(code == Some(2) && error.contains("missing.toml"), "{error}");
}

#[tokio::test]
async fn the_environment_is_checked_too_and_secrets_are_not_shown() {
    let folder = folder();
    let (code, error) = fails(folder.path(), &["config"], &[("AIRLOG_SERVER__LISTEN", "everywhere")]).await;
    assert!(code == Some(2) && error.contains("AIRLOG_SERVER__LISTEN"), "{error}");
    let secret = [("AIRLOG_TWITCH__CLIENT_SECRET", "hunter2hunter2"), ("AIRLOG_TWITCH__CLIENT_ID", "id")];
    let output = run(folder.path(), &["config"], &secret).await;
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && shown.contains("***") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn streamers_come_and_go_by_command() {
    let folder = folder();
    let add = ["streamer", "add", "Ann", "--twitch-id", "1001", "--timezone", "Europe/Paris"];
    let (code, error) = fails(folder.path(), &add, &[("AIRLOG_SPOTIFY__CLIENT_ID", "app")]).await;
    assert!(code == Some(1) && error.contains("refresh token"), "no tokens on standard input: {error}");

    let added = crate::house::program::run_with_input(
        folder.path(),
        &[&add[..], &["--spotify-client-id", "app"]].concat(),
        &[],
        "AQ-refresh-token\nBQ-access-token\n",
    )
    .await;
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let listed = run(folder.path(), &["streamer", "list"], &[]).await;
    assert!(
        String::from_utf8_lossy(&listed.stdout)
            .contains("ann\t1001\tenabled\tconnected\tpublic\tEurope/Paris")
    );
    let again = ["streamer", "add", "ann", "--twitch-id", "1001", "--spotify-client-id", "app"];
    let again = crate::house::program::run_with_input(
        folder.path(),
        &again,
        &[],
        "AQ-refresh-token\nBQ-access-token\n",
    )
    .await;
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success() && said.contains("Europe/Paris"), "new tokens, the same zone: {said}");
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = entry.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a file");
        for token in ["AQ-refresh-token", "BQ-access-token"] {
            let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
            assert!(!found, "{token} stands in {}", path.display());
        }
    }
    let code = run(folder.path(), &["streamer", "code", "Ann"], &[]).await;
    let code = String::from_utf8(code.stdout).expect("text");
    assert!(code.starts_with("ann-") && code.trim().len() == "ann-A1B2C-D3E4F-G5H6I".len(), "{code}");
    let removed = run(folder.path(), &["streamer", "remove", "ann"], &[]).await;
    let said = String::from_utf8(removed.stdout).expect("text");
    assert!(removed.status.success() && said.contains("spotify_links\t1"), "{said}");
    assert_eq!(fails(folder.path(), &["streamer", "remove", "ann"], &[]).await.0, Some(1));
}

#[tokio::test]
async fn a_lost_key_is_told_at_once_and_no_other_is_made() {
    let folder = folder();
    let add = ["streamer", "add", "ann", "--twitch-id", "1001", "--spotify-client-id", "app"];
    let added = crate::house::program::run_with_input(folder.path(), &add, &[], "refresh\n").await;
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let key = folder.path().join("airlog.key");
    std::fs::remove_file(&key).expect("a key");
    let (code, error) = fails(folder.path(), &["serve"], &[]).await;
    assert!(code == Some(1) && error.contains("put it back from your copy"), "{error}");
    assert!(!key.exists(), "no new key beside tokens that it cannot open");
    let other = [("AIRLOG_SECRETS__KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")];
    let (code, error) = fails(folder.path(), &["serve"], &other).await;
    assert!(code == Some(1) && error.contains("but the key in use is"), "{error}");
}

#[tokio::test]
async fn a_migration_that_does_not_exist_is_refused() {
    let folder = folder();
    let (code, error) = fails(folder.path(), &["migrate", "--down-to", "99"], &[]).await;
    assert!(code == Some(1) && error.contains("there is no migration 99"), "{error}");
}
