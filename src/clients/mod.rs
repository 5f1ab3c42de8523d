//! Floor 2: the calls we make to Spotify and Twitch, and the wire types they answer with.
//!
//! Clients know URLs, headers and error bodies; they decide nothing, retry nothing and keep no state but the
//! connection pool and the app they speak for. The source of all outside facts is the two companies' documentation and what third parties
//! observed in late 2026.

mod apps;
pub mod oauth;
pub mod spotify;
pub mod twitch;

pub use apps::{AppCell, AppFault, Apps, OwnApp};

use crate::base::clock::{Clock, Instant, SharedClock};
use chrono::DateTime;
use reqwest::header::{AGE, DATE, HeaderMap};
use reqwest::{RequestBuilder, Response};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// A later answer does not say what time it is.
const PROMPT: Duration = Duration::from_secs(2);

/// The HTTP client that all calls share: time limits, our name, no redirects followed.
///
/// # Errors
/// When the machine's certificate store cannot be read.
pub fn http_client(timeout: Duration) -> reqwest::Result<reqwest::Client> {
    // An error says that a provider is installed already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("airlog/", env!("CARGO_PKG_VERSION")))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// Asks a server what time it is and has the clock hear it, whatever else the server says. The token is cancelled when it
/// has answered, or is given up after two seconds.
#[must_use]
pub fn ask_time(http: &reqwest::Client, url: &str, clock: &SharedClock) -> CancellationToken {
    let (answered, asking) = (CancellationToken::new(), hear_of(http.head(url), clock.clone()));
    let guard = answered.clone().drop_guard();
    tokio::spawn(async move {
        let _answered = guard;
        asking.await;
    });
    answered
}

async fn hear_of(question: RequestBuilder, clock: SharedClock) {
    let asked = tokio::time::Instant::now();
    let Ok(Ok(answer)) = timeout(PROMPT, question.send()).await else { return };
    if let Some(said) = date(answer.headers()) {
        clock.hear(said, asked.elapsed());
    }
}

/// Has the clock hear what time an answer says it is, if it came so promptly after it was `asked` for that this is
/// still true, and from nobody's store.
fn hear_time(clock: &dyn Clock, answer: &Response, asked: tokio::time::Instant) {
    let is_fresh = answer.status().is_success() && !answer.headers().contains_key(AGE);
    let took = asked.elapsed();
    if is_fresh
        && took < PROMPT
        && let Some(said) = date(answer.headers())
    {
        clock.hear(said, took);
    }
}

fn date(headers: &HeaderMap) -> Option<Instant> {
    DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok().map(|date| date.to_utc())
}

/// Whether a call failed before an answer came: refused, reset, timed out.
fn no_answer(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "no connection"
    } else {
        "broken connection"
    }
}
