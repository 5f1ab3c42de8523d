//! A real headless Chromium, driven through chromedriver, for what only a browser can show.
//!
//! Each `Browser` has its own driver process, port and folder, so tests may run side by side. A verb that cannot do
//! its work fails the test and says what it waited for and what the page showed. `AIRLOG_TEST_BROWSER=off` does
//! without a browser.

mod driver;
mod glass;
mod hands;
pub mod weight;

use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::Method;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use driver::Driver;

/// How long a verb waits before the test fails.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long between two looks at a page.
const PAUSE: Duration = Duration::from_millis(40);
/// How often a key is pressed on what keeps being replaced.
const TRIES: u32 = 10;

/// The Enter key, as drivers name it.
const ENTER: &str = "\u{e007}";

/// The colours that the person at the browser prefers.
#[derive(Clone, Copy, Debug)]
pub enum Scheme {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// One browser with one page. Dropping it ends Chromium and its driver and removes their folder.
pub struct Browser {
    client: Client,
    driver: Driver,
    console: Mutex<Vec<Value>>,
    patience: Duration,
}

impl Browser {
    /// Starts a browser, or answers `None` and says so where `AIRLOG_TEST_BROWSER=off`.
    pub async fn start() -> Option<Self> {
        if std::env::var("AIRLOG_TEST_BROWSER").is_ok_and(|value| value == "off") {
            eprintln!("skipped: AIRLOG_TEST_BROWSER=off, so no browser is driven");
            return None;
        }
        let driver = Driver::start().await;
        let client = driver.session().await;
        Some(Self { client, driver, console: Mutex::default(), patience: PATIENCE })
    }

    /// Opens a page and waits until it has loaded.
    pub async fn open(&self, url: &str) {
        if let Err(error) = self.client.goto(url).await {
            panic!("{url} does not open: {error}\n{}", self.scene().await);
        }
    }

    /// Gives the page a viewport of exactly this many CSS pixels, however narrow.
    pub async fn size(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers dark or light from now on.
    pub async fn scheme(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Dark => "dark",
            Scheme::Light => "light",
        };
        let feature = json!({"name": "prefers-color-scheme", "value": value});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]})).await;
    }

    /// Shows the page as it would be printed, or as it is.
    pub async fn prints(&self, on_paper: bool) {
        let media = if on_paper { "print" } else { "" };
        self.devtools("Emulation.setEmulatedMedia", json!({"media": media})).await;
    }

    /// Lives in this time zone from now on, such as `America/New_York`.
    pub async fn lives_in(&self, zone: &str) {
        self.devtools("Emulation.setTimezoneOverride", json!({"timezoneId": zone})).await;
    }

    /// Runs no scripts of pages from now on; those of stories still run.
    pub async fn without_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Goes to an element by keyboard and presses Enter on it. A page that renews itself may put another in its place
    /// meanwhile: then on that.
    pub async fn enters(&self, css: &str) {
        for tries in 1.. {
            match self.presses_enter(css).await {
                Ok(()) => return,
                Err(error) if error.is_stale_element_reference() && tries < TRIES => {}
                Err(error) => panic!("{css} takes no key: {error}\n{}", self.scene().await),
            }
        }
    }

    async fn presses_enter(&self, css: &str) -> Result<(), CmdError> {
        self.client.find(Locator::Css(css)).await?.send_keys(ENTER).await
    }

    /// Waits for an element.
    pub async fn wait_for(&self, css: &str) {
        self.wait_until(&format!("document.querySelector({}) !== null", json!(css))).await;
    }

    /// Waits until no such element is left.
    pub async fn wait_gone(&self, css: &str) {
        self.wait_count(css, 0).await;
    }

    /// Waits until there are exactly `count` such elements.
    pub async fn wait_count(&self, css: &str, count: usize) {
        let script = format!("document.querySelectorAll({}).length", json!(css));
        self.wait_value(&script, &json!(count)).await;
    }

    /// Waits until a JavaScript expression is `true`.
    pub async fn wait_until(&self, script: &str) {
        self.wait_value(script, &json!(true)).await;
    }

    /// What a person reads in each such element.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        self.strings(&each(css, "(e.innerText ?? e.textContent).trim()")).await
    }

    /// This attribute of each such element that has it.
    pub async fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.strings(&each(css, &format!("e.getAttribute({})", json!(name)))).await
    }

    /// The value of a JavaScript expression; a promise is awaited.
    pub async fn eval(&self, script: &str) -> Value {
        match self.try_eval(script).await {
            Ok(value) => value,
            Err(error) => panic!("`{script}` fails: {error}\n{}", self.scene().await),
        }
    }

    /// Writes what is seen now as a PNG file.
    pub async fn screenshot(&self, path: impl AsRef<Path>) {
        let png = self.client.screenshot().await.expect("a screenshot");
        fs::write(path, png).expect("the screenshot's file to be writable");
    }

    /// Every error in the console since the start: scripts, refused content, failed requests.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.console().await;
        entries.iter().filter(|entry| entry["level"] == "SEVERE").map(line).collect()
    }

    /// The URLs that the page has loaded or tried to (its first 250; sockets are not among them).
    pub async fn requests(&self) -> Vec<String> {
        self.strings("performance.getEntriesByType('resource').map(e => e.name)").await
    }

    /// Ends the browser in good order.
    pub async fn close(self) {
        self.client.close().await.expect("the browser to close");
        drop(self.driver);
    }

    async fn strings(&self, script: &str) -> Vec<String> {
        serde_json::from_value(self.eval(script).await).expect("a list of strings")
    }

    async fn try_eval(&self, script: &str) -> Result<Value, String> {
        let script = format!("return ({script})");
        self.client.execute(&script, Vec::new()).await.map_err(|error| error.to_string())
    }

    /// Looks again and again until the expression has the wanted value. An error is no end: the page may be reloading.
    async fn wait_value(&self, script: &str, wanted: &Value) {
        let mut seen = Ok(Value::Null);
        let look = async {
            while seen.as_ref() != Ok(wanted) {
                sleep(PAUSE).await;
                seen = self.try_eval(script).await;
            }
        };
        if timeout(self.patience, look).await.is_err() {
            let scene = self.scene().await;
            panic!("waited {:?} for `{script}` to be {wanted}, last seen {seen:?}\n{scene}", self.patience);
        }
    }

    async fn devtools(&self, command: &str, params: Value) -> Value {
        let body = json!({"cmd": command, "params": params});
        let done = self.client.issue_cmd(Extra { path: "goog/cdp/execute", body }).await;
        done.unwrap_or_else(|error| panic!("{command} fails: {error}"))
    }

    /// The console so far. The driver forgets what it has told, so we remember.
    async fn console(&self) -> Vec<Value> {
        let fresh = self.client.issue_cmd(Extra { path: "se/log", body: json!({"type": "browser"}) }).await;
        let mut console = self.console.lock().expect("no test fails while it holds the console");
        if let Ok(Value::Array(fresh)) = fresh {
            console.extend(fresh);
        }
        console.clone()
    }

    /// Where the page stands, for a failure's message.
    async fn scene(&self) -> String {
        let look = async {
            let page = self.try_eval("location.href + '\\n' + document.body.innerText.slice(0, 600)").await;
            let console: Vec<_> = self.console().await.iter().rev().take(10).rev().map(line).collect();
            let page = page.map_or_else(|error| error, |page| page.as_str().unwrap_or_default().to_owned());
            format!("--- page: {page}\n--- console:\n{}", console.join("\n"))
        };
        timeout(Duration::from_secs(5), look).await.unwrap_or_else(|_| "(the page does not answer)".into())
    }
}

/// An expression over each element that matches, without those that have no answer.
fn each(css: &str, expression: &str) -> String {
    format!("[...document.querySelectorAll({})].map(e => {expression}).filter(v => v !== null)", json!(css))
}

fn line(entry: &Value) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    format!("{} {}: {}", text("level"), text("source"), text("message"))
}

/// A chromedriver command that fantoccini does not know.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

#[cfg(test)]
mod tests;
