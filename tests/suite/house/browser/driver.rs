//! The chromedriver process behind a `Browser`: started, asked, stopped.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use airlog::clients::http_client;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::{PATIENCE, PAUSE};

/// How often it is tried: a port that is free for one kind of address may be taken for the other, then the driver ends.
const ATTEMPTS: usize = 5;

/// A chromedriver process of our own, in a folder of its own.
pub struct Driver {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Driver {
    /// Starts the driver on a free port and waits until it takes sessions.
    pub async fn start() -> Self {
        let mut driver = Self::spawn();
        for _ in 1..ATTEMPTS {
            if driver.gets_ready().await {
                return driver;
            }
            driver = Self::spawn();
        }
        assert!(driver.gets_ready().await, "chromedriver does not start:\n{}", driver.log());
        driver
    }

    fn spawn() -> Self {
        let folder =
            tempfile::Builder::new().prefix("airlog-browser-").tempdir().expect("a temporary folder");
        let log = File::create(folder.path().join("driver.log")).expect("a log file");
        let process = Command::new("chromedriver").arg("--port=0").stdin(Stdio::null()).stdout(log).spawn();
        let process = process.unwrap_or_else(|error| {
            panic!("chromedriver does not start ({error}): install chromium and chromium-driver, or set AIRLOG_TEST_BROWSER=off")
        });
        Self { process, folder, port: 0 }
    }

    /// Waits until the driver has told its port and takes sessions there; false when it gives up.
    async fn gets_ready(&mut self) -> bool {
        let ready = timeout(PATIENCE, self.ready()).await;
        let port = ready.unwrap_or_else(|_| panic!("chromedriver does not get ready:\n{}", self.log()));
        self.port = port.unwrap_or_default();
        port.is_some()
    }

    async fn ready(&mut self) -> Option<u16> {
        let client = http_client(PATIENCE).expect("a client");
        while self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
            if let Some(port) = port(&self.log())
                && takes_sessions(&client, port).await.is_ok_and(|ready| ready)
            {
                return Some(port);
            }
            sleep(PAUSE).await;
        }
        None
    }

    /// Opens a session: a Chromium with a fresh profile.
    pub async fn session(&self) -> Client {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let Value::Object(wishes) = self.wishes() else { unreachable!("an object") };
        let session = builder.capabilities(wishes).connect(&format!("http://127.0.0.1:{}", self.port)).await;
        session.unwrap_or_else(|error| panic!("Chromium does not start: {error}\n{}", self.log()))
    }

    /// What Chromium is to be like: nothing of its own on the network, no proxy, little shared memory needed.
    fn wishes(&self) -> Value {
        let profile = format!("--user-data-dir={}", self.folder().join("profile").display());
        let quiet = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
                     --disable-background-networking --disable-component-update --disable-sync \
                     --disable-dev-shm-usage --no-proxy-server";
        let args: Vec<&str> = quiet.split_whitespace().chain([profile.as_str()]).collect();
        let limit = PATIENCE.as_secs() * 1000;
        json!({
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"pageLoad": limit, "script": limit},
        })
    }

    /// Where the profile and the log are, until the driver is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder().join("driver.log")).unwrap_or_default()
    }
}

impl Drop for Driver {
    /// A killed driver would leave its Chromium behind, so it is asked to stop first, which ends both.
    fn drop(&mut self) {
        let _ = shut_down(self.port);
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port in "`ChromeDriver` was started successfully on port 40123."
fn port(log: &str) -> Option<u16> {
    log.split_once("successfully on port ")?.1.split_once('.')?.0.parse().ok()
}

async fn takes_sessions(client: &reqwest::Client, port: u16) -> reqwest::Result<bool> {
    let status = client.get(format!("http://127.0.0.1:{port}/status")).send().await?;
    Ok(status.json::<Value>().await?["value"]["ready"] == true)
}

/// Tells the driver to end its browsers and itself. The connection stays open until it has, at most 5 s.
fn shut_down(port: u16) -> io::Result<usize> {
    let mut driver = TcpStream::connect(("127.0.0.1", port))?;
    driver.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(driver, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
    driver.read_to_end(&mut Vec::new())
}
