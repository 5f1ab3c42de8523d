//! `POST /webhooks/twitch`: verify, answer quickly, take once.

use super::intake::{Intake, unreadable};
use super::message::{Challenge, Notification};
use super::rules::belief::{Headers, Kind, Refusal, believe};
use super::watch::{Trouble, Watch};
use crate::base::clock::Instant;
use crate::telemetry::Metrics;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use secrecy::SecretString;

/// The largest message we read; Twitch's are of some kilobytes.
const LARGEST: usize = 64 * 1024;

/// What it takes to receive.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Takes in what is believed.
    pub intake: Intake,
    /// Signs and verifies.
    pub secret: SecretString,
    /// Hears when a subscription has ended.
    pub watch: Watch,
    /// Counts what becomes of calls.
    pub metrics: Metrics,
}

/// The room's routes.
pub fn router(receiver: Receiver) -> Router {
    Router::new()
        .route("/webhooks/twitch", post(receive))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(receiver)
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let (outcome, response) = receiver.receive(&headers, &body).await;
    receiver.metrics.webhook(outcome);
    if response.status().is_success() {
        receiver.intake.forget_now_and_then().await;
    }
    response
}

impl Receiver {
    async fn receive(&self, headers: &HeaderMap, body: &[u8]) -> (&'static str, Response) {
        let (now, headers) = (self.intake.clock.now(), read(headers));
        match believe(&self.secret, headers, body, now) {
            Ok((Kind::Challenge, _)) => challenge(body),
            Ok((kind, sent)) => self.take(headers.id, kind, body, sent).await,
            Err(refusal) => refuse(refusal),
        }
    }

    async fn take(&self, id: &str, kind: Kind, body: &[u8], sent: Instant) -> (&'static str, Response) {
        let (id, is_revocation) = (id.to_owned(), kind == Kind::Revocation);
        let said = Notification { id, sent, is_revocation, message: serde_json::from_slice(body) };
        match self.intake.take(&said).await {
            Ok(outcome) => {
                if outcome == "revoked" {
                    self.show_revoked(&said).await;
                }
                (outcome, StatusCode::NO_CONTENT.into_response())
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(error, "an EventSub message is not taken; Twitch sends it again");
                ("failed", StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        }
    }

    /// Shows whose subscription has ended, and has it made anew.
    async fn show_revoked(&self, said: &Notification) {
        let about = said.message.as_ref().ok().and_then(|message| message.subscription.about());
        if let Some(about) = about
            && let Ok(Some(user)) = self.intake.accounts.by_twitch_id(about).await
        {
            self.watch.worsen(user.id, Trouble::Revoked);
        }
        self.watch.note_revoked();
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
