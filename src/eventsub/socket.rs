//! The sockets of one user: performs what the rules of lines say.

use super::intake::Intake;
use super::line::Attendant;
use super::message::Notification;
use super::pace::Pace;
use super::rules::lines::{Address, Effect, Input, Line, Lines, Refusal};
use super::types;
use super::watch::{Trouble, Watch};
use super::webhooks::trouble_of;
use crate::accounts::{Grants, TokenError, User};
use crate::clients::twitch::{SocketClient, SocketSubscriptions, Topic, TwitchError};
use crate::telemetry::Metrics;
use futures_util::future::join_all;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// How much may have been heard and not been seen to.
const WAITING: usize = 256;

/// What all sockets share.
#[derive(Debug, Clone)]
pub(super) struct Kit {
    pub(super) grants: Grants,
    pub(super) client: SocketClient,
    pub(super) subscriptions: SocketSubscriptions,
    pub(super) home: String,
    pub(super) intake: Intake,
    pub(super) watch: Watch,
    pub(super) metrics: Metrics,
    pub(super) pace: Pace,
    /// How many may connect at the same time.
    pub(super) gate: Arc<Semaphore>,
    /// Lines that say goodbye, and messages that wait to be taken.
    pub(super) tasks: TaskTracker,
}

/// The sockets of one user.
pub(super) struct Sockets {
    kit: Kit,
    user: User,
    lines: HashMap<Line, DropGuard>,
    tell: Sender<Input>,
    take: Sender<Notification>,
    subscribing: Option<AbortOnDropHandle<()>>,
}

impl Sockets {
    /// Keeps a user subscribed until `stop` ends, or there is nothing to connect with.
    pub(super) async fn keep(kit: Kit, user: User, stop: CancellationToken) {
        let (tell, mut told) = channel(WAITING);
        let (take, taken) = channel(WAITING);
        kit.tasks.spawn(take_in(kit.clone(), taken, stop.clone()));
        let mut lines = Lines::new(kit.pace.retry);
        let mut sockets = Self { kit, user, lines: HashMap::new(), tell, take, subscribing: None };
        let mut input = Some(Input::Start);
        while let Some(next) = input {
            if let Input::Ended(line, _) = &next {
                sockets.lines.remove(line);
            }
            for effect in lines.step(next, rand::random()) {
                if matches!(effect, Effect::GiveUp) {
                    return;
                }
                // A database that is away for long holds up what is heard, and never the end.
                if stop.run_until_cancelled(sockets.perform(effect)).await.is_none() {
                    break;
                }
            }
            input = stop.run_until_cancelled(told.recv()).await.flatten();
        }
        sockets.kit.watch.forget(sockets.user.id);
    }

    async fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Open(line, address, wait) => self.open(line, address, wait),
            Effect::HangUp(line) => drop(self.lines.remove(&line)),
            Effect::Subscribe(line, session, wait) => self.subscribe(line, session, wait),
            // The receiver lives as long as this does.
            Effect::Take(said) => drop(self.take.send(said).await),
            Effect::Reconcile => self.kit.intake.hints.wake(),
            Effect::Show(standing) => self.kit.watch.show(self.user.id, standing),
            Effect::GiveUp => {}
        }
    }

    fn open(&mut self, line: Line, address: Address, wait: Duration) {
        let leave = CancellationToken::new();
        let attendant = Attendant {
            line,
            url: match address {
                Address::Home => self.kit.home.clone(),
                Address::Given(url) => url,
            },
            wait,
            client: self.kit.client.clone(),
            gate: Arc::clone(&self.kit.gate),
            pace: self.kit.pace,
            tell: self.tell.clone(),
            leave: leave.clone(),
        };
        self.lines.insert(line, leave.drop_guard());
        self.kit.tasks.spawn(attendant.run());
    }

    /// Subscribes in a task of its own; one that was under way for an earlier line, or before a revocation, ends.
    fn subscribe(&mut self, line: Line, session: String, wait: Duration) {
        let (kit, user, tell) = (self.kit.clone(), self.user.clone(), self.tell.clone());
        let task = async move {
            sleep(wait).await;
            let result = kit.subscribe(&user, &session).await;
            // The user may have gone meanwhile.
            let _ = tell.send(Input::Subscribed(line, result)).await;
        };
        self.subscribing = Some(AbortOnDropHandle::new(tokio::spawn(task)));
    }
}

impl Kit {
    /// Subscribes a session to everything; what is subscribed already stays. A refused token is replaced once.
    async fn subscribe(&self, user: &User, session: &str) -> Result<(), Refusal> {
        let token = self.grants.access_token(user.id).await.map_err(|error| refused(&error))?;
        let topics = types::by_socket(&user.twitch_id);
        match self.subscribe_by(&topics, session, &token).await {
            Err(TwitchError::Unauthorized) => {
                let token = self.grants.refresh(user.id, token).await.map_err(|error| refused(&error))?;
                self.subscribe_by(&topics, session, &token).await.map_err(|error| meant(user, &error))
            }
            result => result.map_err(|error| meant(user, &error)),
        }
    }

    /// All at once, since the session waits for ten seconds only; the first thing in the way, a refused token first.
    async fn subscribe_by(
        &self,
        topics: &[Topic],
        session: &str,
        token: &SecretString,
    ) -> Result<(), TwitchError> {
        let asked = topics.iter().map(|topic| self.subscriptions.subscribe(topic, session, token));
        let failed = join_all(asked).await.into_iter().filter_map(Result::err);
        let mut failed: Vec<TwitchError> =
            failed.filter(|error| !matches!(error, TwitchError::Conflict)).collect();
        failed.sort_by_key(|error| !matches!(error, TwitchError::Unauthorized));
        failed.into_iter().next().map_or(Ok(()), Err)
    }
}

/// Takes in what was heard, in order. What the database does not take is held until it does: nobody sends it again.
async fn take_in(kit: Kit, mut heard: Receiver<Notification>, stop: CancellationToken) {
    while let Some(said) = heard.recv().await {
        let mut failures = 0;
        let outcome = loop {
            match kit.intake.take(&said).await {
                Ok(outcome) => break outcome,
                Err(error) => {
                    failures += 1;
                    kit.metrics.socket_message("failed");
                    tracing::warn!(error = format!("{error:#}"), "an EventSub message is not taken yet");
                    let rest = sleep(kit.pace.retry.wait(failures, rand::random()));
                    if stop.run_until_cancelled(rest).await.is_none() {
                        return;
                    }
                }
            }
        };
        kit.metrics.socket_message(outcome);
        kit.intake.forget_now_and_then().await;
    }
}

fn refused(error: &TokenError) -> Refusal {
    match error {
        TokenError::Refused | TokenError::Gone => Refusal::GrantLost,
        error => {
            tracing::warn!(%error, "there is no token to subscribe with; it is tried again");
            Refusal::Again(Trouble::TwitchDown)
        }
    }
}

/// What an answer means. A fresh token that is refused is no better tomorrow.
fn meant(user: &User, error: &TwitchError) -> Refusal {
    tracing::warn!(streamer = %user.login, %error, "Twitch does not subscribe a socket");
    match error {
        TwitchError::Unauthorized => Refusal::GrantLost,
        TwitchError::Status { status: 400, message } if message.contains("session") => Refusal::Dead,
        error => Refusal::Again(trouble_of(error)),
    }
}
