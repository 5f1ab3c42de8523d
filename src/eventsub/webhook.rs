//! `POST /webhooks/twitch`: verify, answer quickly, take once.
//!
//! A message is taken before its id is remembered: should we die between the two, Twitch sends it again and taking it
//! twice changes nothing. Ids are kept for a day, far longer than a message stays fresh.

use super::message::{Challenge, Message};
use super::rules::{Headers, Kind, Refusal, believe, is_forgetting_due};
use super::store;
use crate::accounts::Accounts;
use crate::base::clock::{Instant, SharedClock};
use crate::db::Db;
use crate::live::{Hint, Hints};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::TimeDelta;
use secrecy::SecretString;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest message we read; Twitch's are of some kilobytes.
const LARGEST: usize = 64 * 1024;
/// How long ids are remembered.
const MEMORY: TimeDelta = TimeDelta::hours(24);

/// What it takes to receive.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Remembers message ids.
    pub db: Db,
    /// Knows who a message is about.
    pub accounts: Accounts,
    /// Where hints go.
    pub hints: Hints,
    /// Signs and verifies.
    pub secret: SecretString,
    /// The time.
    pub clock: SharedClock,
    /// Counts what becomes of calls.
    pub metrics: Metrics,
}

/// A receiver at work.
#[derive(Debug, Clone)]
struct Post {
    receiver: Receiver,
    forgot_at: Arc<Mutex<Option<Instant>>>,
}

/// The room's routes.
pub fn router(receiver: Receiver) -> Router {
    Router::new()
        .route("/webhooks/twitch", post(receive))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Post { receiver, forgot_at: Arc::default() })
}

async fn receive(State(post): State<Post>, headers: HeaderMap, body: Bytes) -> Response {
    let (outcome, response) = post.receiver.receive(&headers, &body).await;
    post.receiver.metrics.webhook(outcome);
    if response.status().is_success() {
        post.forget_now_and_then().await;
    }
    response
}

impl Post {
    /// Forgets old message ids, once in a while. Should that fail, the next time will do.
    async fn forget_now_and_then(&self) {
        let now = self.receiver.clock.now();
        if self.is_due(now)
            && let Err(error) = store::forget(&self.receiver.db, now - MEMORY).await
        {
            tracing::warn!(%error, "old EventSub message ids are not forgotten yet");
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        let mut forgot_at = self.forgot_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = is_forgetting_due(*forgot_at, now);
        if due {
            *forgot_at = Some(now);
        }
        due
    }
}

impl Receiver {
    async fn receive(&self, headers: &HeaderMap, body: &[u8]) -> (&'static str, Response) {
        let (now, headers) = (self.clock.now(), read(headers));
        let (kind, sent) = match believe(&self.secret, headers, body, now) {
            Ok(believed) => believed,
            Err(refusal) => return refuse(refusal),
        };
        match kind {
            Kind::Challenge => challenge(body),
            Kind::Notification | Kind::Revocation => {
                match self.take_once(headers.id, kind, body, sent, now).await {
                    Ok(outcome) => (outcome, StatusCode::NO_CONTENT.into_response()),
                    Err(error) => {
                        tracing::warn!(
                            error = format!("{error:#}"),
                            "an EventSub message is not taken; Twitch sends it again"
                        );
                        ("failed", StatusCode::SERVICE_UNAVAILABLE.into_response())
                    }
                }
            }
        }
    }

    async fn take_once(
        &self,
        id: &str,
        kind: Kind,
        body: &[u8],
        sent: Instant,
        now: Instant,
    ) -> anyhow::Result<&'static str> {
        if store::is_known(&self.db, id).await.context("looking up a message id")? {
            return Ok("duplicate");
        }
        let outcome = match serde_json::from_slice::<Message>(body) {
            Ok(message) if kind == Kind::Revocation => Ok(self.revoked(&message)),
            Ok(message) => self.take(message, sent).await,
            Err(error) => Ok(unreadable(&error)),
        }?;
        store::remember(&self.db, id, now).await.context("remembering a message id")?;
        Ok(outcome)
    }

    /// No hint comes from this subscription any more: from now on asking Twitch is the only way to know.
    fn revoked(&self, message: &Message) -> &'static str {
        let Message { subscription, .. } = message;
        tracing::warn!(kind = subscription.kind, status = subscription.status, "Twitch ended a subscription");
        self.hints.wake();
        "revoked"
    }

    async fn take(&self, message: Message, sent: Instant) -> anyhow::Result<&'static str> {
        let news = match message.news() {
            Ok(Some(news)) => news,
            Ok(None) => return Ok("unknown"),
            Err(error) => return Ok(unreadable(&error)),
        };
        let Some(user) = self.accounts.by_twitch_id(&news.twitch_id).await.context("reading a streamer")?
        else {
            return Ok("stranger");
        };
        self.hints.take(Hint { user: user.id, news: news.broadcast, at: sent }).await?;
        Ok("taken")
    }
}

fn read(headers: &HeaderMap) -> Headers<'_> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Headers {
        id: text("twitch-eventsub-message-id"),
        timestamp: text("twitch-eventsub-message-timestamp"),
        signature: text("twitch-eventsub-message-signature"),
        kind: text("twitch-eventsub-message-type"),
    }
}

/// A refusal is a 403, also of what is genuine but too old: Twitch must not believe that we took it. A kind we do not
/// know is fine, so that Twitch does not end the subscription over it.
fn refuse(refusal: Refusal) -> (&'static str, Response) {
    match refusal {
        Refusal::Forged => ("forged", StatusCode::FORBIDDEN.into_response()),
        Refusal::Stale => ("stale", StatusCode::FORBIDDEN.into_response()),
        Refusal::Unknown => ("unknown", StatusCode::NO_CONTENT.into_response()),
    }
}

fn challenge(body: &[u8]) -> (&'static str, Response) {
    match serde_json::from_slice::<Challenge>(body) {
        Ok(Challenge { challenge }) => {
            ("challenge", ([(header::CONTENT_TYPE, "text/plain")], challenge).into_response())
        }
        Err(error) => (unreadable(&error), StatusCode::BAD_REQUEST.into_response()),
    }
}

fn unreadable(error: &serde_json::Error) -> &'static str {
    tracing::warn!(%error, "a genuine EventSub message cannot be read");
    "unreadable"
}
