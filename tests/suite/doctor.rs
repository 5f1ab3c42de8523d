//! `airlog doctor` as one starts it: everything in order, and each thing that is not, with an exit code that says the worst.

use crate::house::postgres::fresh_database;
use crate::house::program::{Program, run};
use airlog::base::clock::{Clock as _, SharedClock, ShiftedClock, SystemClock};
use airlog::twins::{SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, Twins, World};
use chrono::TimeDelta;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tempfile::TempDir;

/// A folder with a config that fits the twins, and the twins.
struct Practice {
    folder: TempDir,
    twins: Twins,
    listen: SocketAddr,
}

/// What the doctor said, and what it ended with.
struct Report {
    code: Option<i32>,
    findings: Value,
    all: String,
}

impl Report {
    fn of(&self, name: &str) -> &Value {
        let found = self.findings.as_array().expect("an array").iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("nothing about {name}: {}", self.all))
    }

    fn verdict(&self, name: &str) -> &str {
        self.of(name)["verdict"].as_str().expect("a verdict")
    }

    fn sentence(&self, name: &str) -> &str {
        self.of(name)["sentence"].as_str().expect("a sentence")
    }
}

impl Practice {
    async fn opens() -> Self {
        Self::with_clock(SystemClock::shared()).await
    }

    async fn with_clock(clock: SharedClock) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let twins = Twins::start(any, World::new(7), clock).await.expect("twins");
        Self { folder: TempDir::with_prefix("airlog-doctor-").expect("a folder"), twins, listen: free }
    }

    fn environment(&self) -> Vec<(String, String)> {
        [
            ("AIRLOG_SERVER__LISTEN", self.listen.to_string()),
            ("AIRLOG_TWITCH__CLIENT_ID", TWITCH_CLIENT_ID.into()),
            ("AIRLOG_TWITCH__CLIENT_SECRET", TWITCH_CLIENT_SECRET.into()),
            ("AIRLOG_TWITCH__API_URL", self.twins.twitch_api_url()),
            ("AIRLOG_TWITCH__ID_URL", self.twins.twitch_id_url()),
            ("AIRLOG_TWITCH__EVENTSUB_URL", self.twins.twitch_eventsub_url()),
            ("AIRLOG_SPOTIFY__CLIENT_ID", SPOTIFY_CLIENT_ID.into()),
            ("AIRLOG_SPOTIFY__API_URL", self.twins.spotify_api_url()),
            ("AIRLOG_SPOTIFY__ACCOUNTS_URL", self.twins.spotify_accounts_url()),
            ("AIRLOG_LOG__FILTER", "warn".into()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }

    /// What the doctor says with these settings besides.
    async fn says(&self, settings: &[(&str, &str)]) -> Report {
        let all = self.prints(&["doctor", "--json"], settings).await;
        let findings = serde_json::from_str(&all.1).unwrap_or_else(|_| panic!("no JSON: {}", all.1));
        Report { code: all.0, findings, all: all.1 }
    }

    async fn prints(&self, arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String) {
        let environment = self.environment();
        let mut all: Vec<(&str, &str)> = environment.iter().map(|(key, value)| (&**key, &**value)).collect();
        all.extend(settings);
        let output = run(self.folder.path(), arguments, &all).await;
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).expect("text"))
    }

    fn files(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder").flatten();
        let mut names: Vec<_> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn before_the_first_start_nothing_is_wrong_and_nothing_is_made() {
    let practice = Practice::opens().await;
    let report = practice.says(&[]).await;
    assert_eq!(report.code, Some(0), "{}", report.all);
    for (name, verdict) in [
        ("config", "ok"),
        ("key", "note"),
        ("database", "note"),
        ("clock", "ok"),
        ("twitch", "ok"),
        ("eventsub", "ok"),
        ("spotify", "ok"),
        ("links", "note"),
        ("redirects", "ok"),
        ("proxies", "ok"),
        ("public_url", "note"),
    ] {
        assert_eq!(report.verdict(name), verdict, "{}", report.of(name));
    }
    assert_eq!(practice.files(), Vec::<String>::new());
    assert!(!report.all.contains(TWITCH_CLIENT_SECRET));
    practice.twins.stop().await;
}

#[tokio::test]
async fn beside_a_running_server_everything_is_in_order() {
    let practice = Practice::opens().await;
    let mut server = Program::start_with(practice.folder.path(), &["serve"], &practice.environment());
    server.says("Airlog listens on").await;
    let report = practice.says(&[]).await;
    assert_eq!(report.code, Some(0), "{}", report.all);
    for name in ["key", "database", "schema", "clock", "twitch", "spotify", "public_url"] {
        assert_eq!(report.verdict(name), "ok", "{}", report.of(name));
    }
    let (code, text) = practice.prints(&["doctor"], &[]).await;
    assert!(code == Some(0) && text.contains("ok    database") && !text.contains('\u{1b}'), "{text}");
    assert!(text.trim_end().ends_with("0 failures"), "{text}");
    assert_eq!(server.ends_on("TERM").await, Some(0));
    practice.twins.stop().await;
}

#[tokio::test]
async fn apps_that_are_not_accepted_are_failures_and_no_secret_is_told() {
    let practice = Practice::opens().await;
    let wrong = [
        ("AIRLOG_TWITCH__CLIENT_SECRET", "wr0ng-tw1tch-secret"),
        ("AIRLOG_SPOTIFY__CLIENT_SECRET", "wr0ng-sp0tify-secret"),
    ];
    let report = practice.says(&wrong).await;
    assert_eq!(report.code, Some(2));
    assert_eq!((report.verdict("twitch"), report.verdict("spotify")), ("failure", "failure"));
    assert!(report.of("twitch")["remedy"].as_str().expect("a remedy").contains("dev.twitch.tv"));
    assert!(!report.all.contains("wr0ng"), "{}", report.all);
    let unknown = practice.says(&[("AIRLOG_SPOTIFY__CLIENT_ID", "nobody")]).await;
    assert_eq!(unknown.verdict("spotify"), "failure");
    practice.twins.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_how_much() {
    for (seconds, verdict, code) in [(10, "warning", 1), (-90, "failure", 2)] {
        let clock = ShiftedClock::starting_at(SystemClock.now() + TimeDelta::seconds(seconds));
        let practice = Practice::with_clock(Arc::new(clock)).await;
        let report = practice.says(&[]).await;
        assert_eq!((report.verdict("clock"), report.code), (verdict, Some(code)), "{}", report.of("clock"));
        let way = if seconds > 0 { "behind" } else { "ahead of" };
        assert!(report.sentence("clock").contains(way), "{}", report.of("clock"));
        practice.twins.stop().await;
    }
}

#[tokio::test]
async fn an_older_schema_and_another_key_are_told_and_left_as_they_are() {
    let practice = Practice::opens().await;
    for arguments in [&["migrate"][..], &["migrate", "--down-to", "7"]] {
        let (code, said) = practice.prints(arguments, &[]).await;
        assert_eq!(code, Some(0), "{said}");
    }
    let report = practice.says(&[]).await;
    assert_eq!((report.verdict("schema"), report.code), ("warning", Some(1)), "{}", report.all);
    assert!(report.sentence("schema").contains("at migration 7"), "{}", report.of("schema"));
    assert_eq!(report.verdict("links"), "note");
    assert!(practice.says(&[]).await.sentence("schema").contains("at migration 7"), "nothing was migrated");

    let add = ["streamer", "add", "ann", "--twitch-id", "1001"];
    let environment = practice.environment();
    let added =
        crate::house::program::run_with_input(practice.folder.path(), &add, &environment, "AQ1\n").await;
    assert!(added.status.success());
    let report = practice.says(&[]).await;
    assert_eq!((report.verdict("key"), report.verdict("schema")), ("ok", "ok"), "{}", report.all);
    assert_eq!(report.verdict("logins"), "warning", "over a WebSocket ann's login is needed");
    let other = [("AIRLOG_SECRETS__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")];
    let report = practice.says(&other).await;
    assert_eq!((report.verdict("key"), report.code), ("failure", Some(2)));
    assert!(report.sentence("key").contains("sealed under key"), "{}", report.of("key"));
    let key = practice.folder.path().join("airlog.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("open to all");
        assert_eq!(practice.says(&[]).await.verdict("key"), "warning");
    }
    std::fs::rename(&key, practice.folder.path().join("elsewhere")).expect("moved");
    assert_eq!(practice.says(&[]).await.verdict("key"), "failure", "a key that is missing is not made");
    assert!(!key.exists());
    practice.twins.stop().await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_told() {
    let practice = Practice::opens().await;
    let localhost = format!("http://localhost:{}", practice.listen.port());
    let report = practice.says(&[("AIRLOG_SERVER__PUBLIC_URL", &localhost)]).await;
    assert_eq!((report.verdict("redirects"), report.code), ("warning", Some(1)), "{}", report.all);
    // The twins answer there, and are no Airlog.
    let elsewhere = format!("http://{}", practice.twins.addr());
    let report = practice.says(&[("AIRLOG_SERVER__PUBLIC_URL", &elsewhere)]).await;
    assert_eq!(report.verdict("public_url"), "warning", "{}", report.of("public_url"));
    let open = [("AIRLOG_SERVER__TRUSTED_PROXIES", "0.0.0.0/0")];
    assert_eq!(practice.says(&open).await.verdict("proxies"), "failure");
    practice.twins.stop().await;
}

#[tokio::test]
async fn webhooks_that_are_not_there_yet_are_told() {
    let practice = Practice::opens().await;
    let environment = practice.environment();
    let add = ["streamer", "add", "ann", "--twitch-id", "1001"];
    let added =
        crate::house::program::run_with_input(practice.folder.path(), &add, &environment, "AQ1\n").await;
    assert!(added.status.success());
    let report = practice.says(&[("AIRLOG_TWITCH__EVENTSUB", "webhook")]).await;
    assert_eq!(report.verdict("eventsub"), "warning", "{}", report.of("eventsub"));
    assert!(report.sentence("eventsub").ends_with("go live: ann."), "{}", report.of("eventsub"));
    practice.twins.stop().await;
}

#[tokio::test]
async fn a_config_error_ends_with_2_as_everywhere() {
    let practice = Practice::opens().await;
    let bad = [("AIRLOG_SERVER__LISTEN", "nowhere")];
    let (code, said) = practice.prints(&["doctor"], &bad).await;
    assert!(code == Some(2) && said.contains("AIRLOG_SERVER__LISTEN"), "{said}");
    let report = practice.says(&bad).await;
    assert_eq!((report.verdict("config"), report.code), ("failure", Some(2)));
    practice.twins.stop().await;
}

#[tokio::test]
async fn on_postgres_the_schema_is_read_and_no_password_is_told() {
    let Some(url) = fresh_database().await else { return };
    let practice = Practice::opens().await;
    let there = [("AIRLOG_DATABASE__URL", url.as_str())];
    let report = practice.says(&there).await;
    assert_eq!((report.verdict("database"), report.verdict("schema")), ("ok", "note"), "{}", report.all);
    let (code, said) = practice.prints(&["migrate"], &there).await;
    assert_eq!(code, Some(0), "{said}");
    let report = practice.says(&there).await;
    assert_eq!((report.verdict("schema"), report.code), ("ok", Some(0)), "{}", report.all);
    let away = [("AIRLOG_DATABASE__URL", "postgres://airlog:s3cret-pw@127.0.0.1:9/airlog")];
    let report = practice.says(&away).await;
    assert_eq!((report.verdict("database"), report.code), ("failure", Some(2)), "{}", report.all);
    assert!(!report.all.contains("s3cret-pw"), "{}", report.all);
    practice.twins.stop().await;
}
