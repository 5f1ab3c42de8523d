//! The registry: one supervised session for each live stream, kept in line with what reconciling finds.
//!
//! A session that fails is started again by a pass after a rest that grows with each failure; its neighbours notice
//! nothing. The registry itself keeps nothing that a pass could not find again.

mod roster;
mod starts;

use super::crash::Crash;
use super::reconcile::{Prepared, Reconciler, Roll, Verdict};
use super::scout::Scout;
use super::session::{Assignment, StreamSession, Tools};
use crate::base::clock::Instant;
use crate::base::id::{StreamId, UserId};
use crate::base::mishap::Place;
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use roster::{Roster, Running, job, under_way};
use std::sync::Arc;
use std::time::Duration;

/// How long sessions get to end.
const FAREWELL: Duration = Duration::from_secs(1);

/// The actor; its configuration.
pub(super) struct Registry {
    pub(super) scout: Arc<Scout>,
    pub(super) reconciler: Arc<Reconciler>,
    pub(super) tools: Arc<Tools>,
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
    /// A pass is due at this time.
    Alarm,
    /// A look at this streamer's player was admitted, beside their session.
    Admitted(UserId),
    /// A pass ended.
    Passed(anyhow::Result<Verdict>),
    /// These are ready to be followed.
    Ready(anyhow::Result<Prepared>),
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
        self.tools.mishaps.pass(Place::Registry, "");
        match message {
            Message::Tick => {
                roster.lost.clear();
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
            Message::Alarm => {
                roster.alarm = None;
                self.begin_pass(&myself, roster);
            }
            Message::Admitted(user) => roster.admit(user),
            Message::Passed(result) => self.end_pass(&myself, roster, result),
            Message::Ready(result) => self.start_all(&myself, roster, result).await,
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
                if let Some((stream, running)) = roster.take(cell.get_id()) {
                    self.failed(
                        &myself,
                        roster,
                        stream,
                        &running.streamer,
                        running.since,
                        &error.to_string(),
                    );
                }
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                self.session_ended(&myself, roster, cell.get_id(), reason.as_deref());
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
        let roll = Roll { running: roster.links(), crashed: roster.crashed.clone() };
        let reconciler = Arc::clone(&self.reconciler);
        roster.passing = Some(job(now, myself, async move { reconciler.pass(&roll).await }, Message::Passed));
    }

    fn end_pass(&self, myself: &ActorRef<Message>, roster: &mut Roster, result: anyhow::Result<Verdict>) {
        roster.passing = None;
        if let Some(verdict) = report(result, "it is tried again") {
            self.align(myself, roster, verdict);
        }
        self.tools.metrics.sessions(roster.running.len());
        if std::mem::take(&mut roster.again) {
            self.begin_pass(myself, roster);
        }
    }

    /// Stops who is not wanted, or follows through a link that has been replaced, and has those start who are missing. A
    /// stream whose session is replaced is missing in the pass that follows its end.
    fn align(&self, myself: &ActorRef<Message>, roster: &mut Roster, verdict: Verdict) {
        let Verdict { wanted, mut missing, crashed, rules, wake_at } = verdict;
        roster.wanted = wanted;
        roster.stop_unwanted();
        for (stream, crash) in crashed {
            roster.crashed.entry(stream).or_insert(crash);
        }
        roster.crashed.retain(|stream, _| roster.wanted.contains_key(stream));
        roster.heed(rules);
        let now = self.tools.clock.now();
        roster.wake_at(wake_at, now, myself);
        missing.retain(|missing| roster.may_start(missing.stream.id, missing.link.id, now));
        roster.starts.replace(missing);
        self.start_some(myself, roster);
    }

    /// Has the next of those who wait prepared, beside the actor.
    fn start_some(&self, myself: &ActorRef<Message>, roster: &mut Roster) {
        let now = self.tools.clock.now();
        if under_way(roster.starting.as_ref(), now) {
            return;
        }
        let (running, interval) = (roster.running.len(), self.tools.timing.poll_interval);
        let Some((missing, wait)) = roster.starts.take(running, interval, now) else { return };
        let reconciler = Arc::clone(&self.reconciler);
        let preparing = async move {
            tokio::time::sleep(wait.to_std().unwrap_or_default()).await;
            reconciler.prepare(missing).await
        };
        roster.starting = Some(job(now, myself, preparing, Message::Ready));
    }

    /// Starts those who are ready, unless they are not wanted any more. Who could not be prepared is found again by the
    /// next pass; the others do not wait for that.
    async fn start_all(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        prepared: anyhow::Result<Prepared>,
    ) {
        roster.starting = None;
        roster.starts.prepared();
        let now = self.tools.clock.now();
        let Prepared { ready, over } = report(prepared, "the next pass tries again").unwrap_or_default();
        for assignment in ready {
            if roster.may_start(assignment.stream.id, assignment.link.id, now) {
                self.start(myself, roster, assignment, now).await;
            }
        }
        self.tools.metrics.sessions(roster.running.len());
        self.start_some(myself, roster);
        // Ended or halted meanwhile, and by now perhaps to be followed again: a pass that found it missing since then
        // left it to those who were preparing it.
        if over.iter().any(|stream| roster.wanted.contains_key(stream)) {
            self.begin_pass(myself, roster);
        }
    }

    async fn start(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        assignment: Assignment,
        now: Instant,
    ) {
        let (stream, streamer) = (assignment.stream.id, Arc::clone(&assignment.streamer));
        let (link, user) = (assignment.link.id, assignment.stream.user_id);
        let rules = roster.rules_of(user);
        let session = StreamSession {
            streamer: Arc::clone(&streamer),
            user,
            tools: Arc::clone(&self.tools),
            spread: starts::spread(self.tools.timing.min_gap, rand::random()),
            link: assignment.link.clone(),
            topic: assignment.topic.clone(),
        };
        let given = (assignment, rules.clone());
        match Actor::spawn_linked(None, session, given, myself.get_cell()).await {
            Ok((session, _)) => {
                tracing::info!(%streamer, %stream, "following");
                roster.put(stream, Running { streamer, user, session, since: now, link, rules });
            }
            Err(error) => self.failed(myself, roster, stream, &streamer, now, &error.to_string()),
        }
    }

    /// A session that began then has failed, or never came to life. It rests; the pass that begins now notes why.
    fn failed(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        stream: StreamId,
        streamer: &str,
        began: Instant,
        reason: &str,
    ) {
        let now = self.tools.clock.now();
        let crash = Crash::after(roster.crashed.get(&stream), began, now, reason, rand::random());
        let Crash { times, rests_until, reason, .. } = &crash;
        tracing::error!(%streamer, %reason, times, %rests_until, "a session failed; it is started again");
        self.tools.metrics.session_failed();
        wake_after(myself, (*rests_until - now).to_std().unwrap_or_default(), Message::Wake);
        roster.crashed.insert(stream, crash);
        self.begin_pass(myself, roster);
    }

    /// A pass sees to what it leaves behind. One that ended because it is not wanted any more is not on the roster; another
    /// has lost its link, and goes on through a new one if there is one.
    fn session_ended(
        &self,
        myself: &ActorRef<Message>,
        roster: &mut Roster,
        session: ActorId,
        reason: Option<&str>,
    ) {
        if let Some((_, Running { streamer, link, .. })) = roster.take(session) {
            tracing::info!(%streamer, reason, "a session stopped");
            roster.lost.insert(link);
            self.tools.metrics.sessions(roster.running.len());
        }
        self.begin_pass(myself, roster);
    }
}

fn report<T>(result: anyhow::Result<T>, then: &str) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(error = format!("{error:#}"), "reconciling failed; {then}"))
        .ok()
}

fn wake_after(myself: &ActorRef<Message>, wait: Duration, message: Message) {
    drop(myself.send_after(wait, move || message));
}
