//! What the registry remembers: who runs, who rests, and which jobs are under way.

use super::Message;
use super::starts::Starts;
use crate::base::clock::Instant;
use crate::base::guard::guarded;
use crate::base::id::{LinkId, StreamId, UserId};
use crate::live::crash::Crash;
use crate::live::ignore::IgnoreRule;
use crate::live::session;
use chrono::TimeDelta;
use ractor::{ActorId, ActorRef};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

/// A job that has not reported by then is given up.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(3);

/// Who runs, who rests, and which jobs are under way.
#[derive(Default)]
pub(in crate::live) struct Roster {
    pub(super) running: HashMap<StreamId, Running>,
    /// Whose each session is.
    sessions: HashMap<ActorId, StreamId>,
    /// Who is to be followed, through which link, as the last pass found.
    pub(super) wanted: HashMap<StreamId, LinkId>,
    /// Who of them waits for that.
    pub(super) starts: Starts,
    /// What each streamer wants to be ignored, as the last pass found.
    rules: HashMap<UserId, Vec<IgnoreRule>>,
    pub(super) crashed: HashMap<StreamId, Crash>,
    /// Links whose loss has ended a session: the timer has them tried again, nothing sooner.
    pub(super) lost: HashSet<LinkId>,
    pub(super) asking: Option<Job>,
    pub(super) passing: Option<Job>,
    pub(super) starting: Option<Job>,
    /// Something happened during the pass: run another one after it.
    pub(super) again: bool,
    /// The next pass that is due at a time of its own.
    pub(super) alarm: Option<(Instant, Job)>,
}

/// Work that runs beside the actor and reports back. It ends when it is given up, and with the registry.
pub(super) struct Job {
    since: Instant,
    _task: AbortOnDropHandle<()>,
}

pub(super) struct Running {
    pub(super) streamer: Arc<str>,
    pub(super) user: UserId,
    pub(super) session: ActorRef<session::Message>,
    pub(super) since: Instant,
    /// What it looks through.
    pub(super) link: LinkId,
    /// What it was told to ignore.
    pub(super) rules: Vec<IgnoreRule>,
}

impl Roster {
    /// Whether this stream is still to be followed through this link, by nobody yet, and nothing is in the way.
    pub(super) fn may_start(&self, stream: StreamId, link: LinkId, now: Instant) -> bool {
        let rests = self.crashed.get(&stream).is_some_and(|crash| crash.rests(now));
        let wanted = self.wanted.get(&stream) == Some(&link);
        wanted && !rests && !self.running.contains_key(&stream) && !self.lost.contains(&link)
    }

    /// A session follows this stream from now on.
    pub(super) fn put(&mut self, stream: StreamId, running: Running) {
        self.sessions.insert(running.session.get_id(), stream);
        self.running.insert(stream, running);
    }

    /// Stops who is not wanted, or follows through a link that has been replaced.
    pub(super) fn stop_unwanted(&mut self) {
        let Self { running, sessions, wanted, .. } = self;
        running.retain(|stream, running| {
            let stays = wanted.get(stream) == Some(&running.link);
            if !stays {
                running.session.stop(None);
                sessions.remove(&running.session.get_id());
            }
            stays
        });
    }

    /// Who runs, and through which link.
    pub(super) fn links(&self) -> HashMap<StreamId, LinkId> {
        self.running.iter().map(|(stream, running)| (*stream, running.link)).collect()
    }

    /// What a session of this streamer's that begins now is to ignore.
    pub(super) fn rules_of(&self, user: UserId) -> Vec<IgnoreRule> {
        self.rules.get(&user).cloned().unwrap_or_default()
    }

    /// Tells each session what is to be ignored, where that has changed.
    pub(super) fn heed(&mut self, rules: HashMap<UserId, Vec<IgnoreRule>>) {
        self.rules = rules;
        for running in self.running.values_mut() {
            let rules = self.rules.get(&running.user).map_or(&[][..], Vec::as_slice);
            if running.rules != rules {
                running.rules = rules.to_vec();
                // A session that has failed meanwhile is told when it begins anew.
                let _ = running.session.cast(session::Message::Rules(rules.to_vec()));
            }
        }
    }

    /// Tells the sessions of a streamer that a look beside them was admitted.
    pub(super) fn admit(&self, user: UserId) {
        for running in self.running.values().filter(|running| running.user == user) {
            // A session that has failed meanwhile looks when it begins anew.
            let _ = running.session.cast(session::Message::Admitted);
        }
    }

    /// Has a pass run then, in place of the one that was due before.
    pub(super) fn wake_at(&mut self, at: Option<Instant>, now: Instant, myself: &ActorRef<Message>) {
        if self.alarm.as_ref().map(|(at, _)| *at) != at {
            self.alarm = at.map(|at| (at, alarm(at, now, myself)));
        }
    }

    pub(super) fn take(&mut self, session: ActorId) -> Option<(StreamId, Running)> {
        let stream = self.sessions.remove(&session)?;
        self.running.remove_entry(&stream)
    }
}

/// Whether a job is to be waited for. One that has been lost is not, and is ended by the next.
pub(super) fn under_way(job: Option<&Job>, now: Instant) -> bool {
    job.is_some_and(|job| now - job.since < LOST_AFTER)
}

/// Runs `work` beside the actor; what it gives, or that it panicked, comes back as a message.
pub(super) fn job<T: Send + 'static>(
    since: Instant,
    myself: &ActorRef<Message>,
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    message: impl FnOnce(anyhow::Result<T>) -> Message + Send + 'static,
) -> Job {
    let myself = myself.clone();
    let task = tokio::spawn(async move {
        let result = guarded(work).await;
        // The registry may have been stopped meanwhile.
        let _ = myself.cast(message(result));
    });
    Job { since, _task: AbortOnDropHandle::new(task) }
}

fn alarm(at: Instant, now: Instant, myself: &ActorRef<Message>) -> Job {
    let wait = (at - now).to_std().unwrap_or_default();
    let sleep = async move {
        tokio::time::sleep(wait).await;
        Ok(())
    };
    job(now, myself, sleep, |_| Message::Alarm)
}
