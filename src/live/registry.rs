//! The registry: one supervised session for each live stream, kept in line with what reconciling finds.
//!
//! A session that fails is started again by the next pass after a rest that grows with each failure; its neighbours
//! notice nothing. The registry itself keeps nothing that a pass could not find again.

use super::reconcile::{Reconciler, Verdict};
use super::scout::Scout;
use super::session::{self, Assignment, StreamSession, Tools};
use crate::base::backoff::Backoff;
use crate::base::clock::Instant;
use crate::base::id::StreamId;
use chrono::TimeDelta;
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

const REST: Backoff = Backoff { first: Duration::from_secs(1), most: Duration::from_mins(5) };
/// A session that lived this long has its earlier failures forgiven.
const FORGIVEN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// How long sessions get to end.
const FAREWELL: Duration = Duration::from_secs(1);
/// A job that has not reported by then is given up.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(3);

/// The actor; its configuration.
pub(super) struct Registry {
    pub(super) scout: Arc<Scout>,
    pub(super) reconciler: Arc<Reconciler>,
    pub(super) tools: Tools,
    /// How often a pass runs even if nothing happens.
    pub(super) interval: Duration,
}

/// What the registry is told.
#[derive(Debug)]
pub(super) enum Message {
    /// The timer: time to ask Twitch, and for a pass.
    Tick,
    /// Something was changed: ask Twitch, and run a pass.
    Ask,
    /// Twitch was asked.
    Asked(anyhow::Result<()>),
    /// Something happened that a pass should look at.
    Wake,
    /// A pass ended.
    Passed(anyhow::Result<Verdict>),
}

/// Who runs, who rests, and which jobs are under way.
#[derive(Default)]
pub(super) struct Roster {
    running: HashMap<StreamId, Running>,
    failed: HashMap<StreamId, Failed>,
    asking: Option<Job>,
    passing: Option<Job>,
    /// Something happened during the pass: run another one after it.
    again: bool,
}

/// Work that runs beside the actor and reports back. It ends when it is given up, and with the registry.
struct Job {
    since: Instant,
    _task: AbortOnDropHandle<()>,
}

struct Running {
    streamer: String,
    session: ActorRef<session::Message>,
    since: Instant,
}

#[derive(Clone, Copy)]
struct Failed {
    times: u32,
    rests_until: Instant,
}

impl Actor for Registry {
    type Msg = Message;
    type State = Roster;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Message>, (): ()) -> Result<Roster, ActorProcessingErr> {
        myself.cast(Message::Tick)?;
        Ok(Roster::default())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        roster: &mut Roster,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Tick => {
                wake_after(&myself, self.interval.mul_f64(0.9 + 0.2 * rand::random::<f64>()), Message::Tick);
                self.ask(&myself, roster);
            }
            Message::Ask => self.ask(&myself, roster),
            Message::Asked(result) => {
                roster.asking = None;
                report(result, "it is asked again soon");
                self.begin_pass(&myself, roster);
            }
            Message::Wake => self.begin_pass(&myself, roster),
            Message::Passed(result) => self.end_pass(&myself, roster, result).await,
        }
        Ok(())
    }

    async fn post_stop(&self, myself: ActorRef<Message>, _: &mut Roster) -> Result<(), ActorProcessingErr> {
        myself.stop_children_and_wait(None, Some(FAREWELL)).await;
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        roster: &mut Roster,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(cell, error) => {
                self.session_failed(&myself, roster, cell.get_id(), &error);
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                self.session_ended(roster, cell.get_id(), reason.as_deref());
            }
            _ => {}
        }
        Ok(())
    }
}

impl Registry {
    /// Asks Twitch beside the first of two passes; the second sees what Twitch said.
    fn ask(&self, myself: &ActorRef<Message>, roster: &mut Roster) {
        let now = self.tools.clock.now();
        if !under_way(roster.asking.as_ref(), now) {
            let scout = Arc::clone(&self.scout);
            roster.asking = Some(job(now, myself, async move { scout.ask().await }, Message::Asked));
        }
        self.begin_pass(myself, roster);
    }

    fn begin_pass(&self, myself: &ActorRef<Message>, roster: &mut Roster) {
        let now = self.tools.clock.now();
        if under_way(roster.passing.as_ref(), now) {
            roster.again = true;
            return;
        }
        let running: HashSet<StreamId> = roster.running.keys().copied().collect();
        let reconciler = Arc::clone(&self.reconciler);
        roster.passing =
            Some(job(now, myself, async move { reconciler.pass(&running).await }, Message::Passed));
    }

    async fn end_pass(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        result: anyhow::Result<Verdict>,
    ) {
        roster.passing = None;
        if let Some(verdict) = report(result, "it is tried again") {
            self.align(myself, roster, verdict).await;
        }
        self.tools.metrics.sessions(roster.running.len());
        if std::mem::take(&mut roster.again) {
            self.begin_pass(myself, roster);
        }
    }

    /// Stops who is not wanted and starts who is missing.
    async fn align(&self, myself: &ActorRef<Message>, roster: &mut Roster, verdict: Verdict) {
        roster.running.retain(|stream, running| {
            let wanted = verdict.wanted.contains(stream);
            if !wanted {
                running.session.stop(None);
            }
            wanted
        });
        roster.failed.retain(|stream, _| verdict.wanted.contains(stream));
        let now = self.tools.clock.now();
        for assignment in verdict.missing {
            if roster.may_start(assignment.stream.id, now) {
                self.start(myself, roster, assignment, now).await;
            }
        }
    }

    async fn start(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        assignment: Assignment,
        now: Instant,
    ) {
        let (stream, streamer) = (assignment.stream.id, assignment.streamer.clone());
        let session = StreamSession {
            streamer: streamer.clone(),
            tools: self.tools.clone(),
            spread: self.tools.timing.min_gap * rand::random_range(0..=20),
            link: assignment.link.clone(),
            topic: Arc::clone(&assignment.topic),
        };
        match Actor::spawn_linked(None, session, assignment, myself.get_cell()).await {
            Ok((session, _)) => {
                tracing::info!(%streamer, %stream, "following");
                roster.running.insert(stream, Running { streamer, session, since: now });
            }
            Err(error) => tracing::error!(%streamer, %error, "a session did not start; it is tried again"),
        }
    }

    fn session_failed(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        session: ActorId,
        error: &ActorProcessingErr,
    ) {
        let Some((stream, running)) = roster.take(session) else { return };
        let now = self.tools.clock.now();
        let forgiven = now - running.since > FORGIVEN_AFTER;
        let times = roster.failed.get(&stream).filter(|_| !forgiven).map_or(1, |failed| failed.times + 1);
        let rest = REST.wait(times, rand::random());
        roster.failed.insert(stream, Failed { times, rests_until: now + rest });
        tracing::error!(streamer = %running.streamer, %error, times, ?rest, "a session failed; it is started again");
        self.tools.metrics.session_failed();
        wake_after(myself, rest, Message::Wake);
    }

    fn session_ended(&self, roster: &mut Roster, session: ActorId, reason: Option<&str>) {
        if let Some((_, Running { streamer, .. })) = roster.take(session) {
            tracing::info!(%streamer, reason, "a session stopped");
            self.tools.metrics.sessions(roster.running.len());
        }
    }
}

impl Roster {
    fn may_start(&self, stream: StreamId, now: Instant) -> bool {
        let rests = self.failed.get(&stream).is_some_and(|failed| failed.rests_until > now);
        !rests && !self.running.contains_key(&stream)
    }

    fn take(&mut self, session: ActorId) -> Option<(StreamId, Running)> {
        let stream = *self.running.iter().find(|(_, running)| running.session.get_id() == session)?.0;
        self.running.remove_entry(&stream)
    }
}

/// Whether a job is to be waited for. One that has been lost is not, and is ended by the next.
fn under_way(job: Option<&Job>, now: Instant) -> bool {
    job.is_some_and(|job| now - job.since < LOST_AFTER)
}

/// Runs `work` beside the actor; what it gives, or that it panicked, comes back as a message.
fn job<T: Send + 'static>(
    since: Instant,
    myself: &ActorRef<Message>,
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    message: impl FnOnce(anyhow::Result<T>) -> Message + Send + 'static,
) -> Job {
    let myself = myself.clone();
    let task = tokio::spawn(async move {
        let work = AbortOnDropHandle::new(tokio::spawn(work));
        let result = work.await.unwrap_or_else(|error| Err(anyhow::Error::new(error)));
        // The registry may have been stopped meanwhile.
        let _ = myself.cast(message(result));
    });
    Job { since, _task: AbortOnDropHandle::new(task) }
}

fn report<T>(result: anyhow::Result<T>, then: &str) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(error = format!("{error:#}"), "reconciling failed; {then}"))
        .ok()
}

fn wake_after(myself: &ActorRef<Message>, wait: Duration, message: Message) {
    drop(myself.send_after(wait, move || message));
}
