//! Airlog as it is: the real evidence, rules, budget and healing. Only what actors and the database do is played here.

mod air;

use crate::sky::{Answer, Problem, Sky};
use crate::tracker::{Row, Tracker};
use air::broadcast;
use airlog::base::clock::Instant;
use airlog::base::id::{PlayId, StreamId, UserId};
use airlog::clients::spotify::Limit;
use airlog::live::budget::{Budget, Purpose, Rest};
use airlog::live::evidence::{Evidence, Source as From};
use airlog::live::gaps::Gap;
use airlog::live::healing::{self, Known, Measure, Record, Report};
use airlog::live::model::{Sight, Source};
use airlog::live::rules::{Effect, Input, Look, State, Timing, step};
use chrono::TimeDelta;
use std::collections::HashMap;

/// The defaults of `config.toml`.
const TIMING: Timing = Timing {
    poll_interval: TimeDelta::seconds(60),
    probe_delay: TimeDelta::milliseconds(1_500),
    min_gap: TimeDelta::seconds(5),
    default_cooldown: TimeDelta::minutes(5),
    standstill: TimeDelta::hours(1),
    lost_after: TimeDelta::seconds(90),
};
const HEAL_INTERVAL: TimeDelta = TimeDelta::minutes(10);
const GRACE: TimeDelta = TimeDelta::minutes(10);
const RECONCILE: TimeDelta = TimeDelta::seconds(60);
/// What was noticed so shortly before the process dies is not stored yet.
const UNSTORED: TimeDelta = TimeDelta::milliseconds(300);
/// How often a look is tried while Spotify is down, and how long that takes.
const TRIES: usize = 3;
const TRYING: TimeDelta = TimeDelta::milliseconds(1_500);

/// The program.
pub struct Airlog {
    user: UserId,
    alive: bool,
    linked: bool,
    reconcile_at: Instant,
    hint_at: Option<Instant>,
    evidence: Option<Evidence>,
    budget: Budget,
    session: Option<Session>,
    healing: Option<(StreamId, Answer<Vec<Report>>)>,
    records: Vec<Healable>,
    noticed: HashMap<PlayId, Instant>,
}

/// A stream as the database has it.
struct Healable {
    record: Record,
    heal_at: Option<Instant>,
}

struct Session {
    stream: StreamId,
    state: State,
    wake: (u64, Instant),
    look: Option<Answer<Option<Sight>>>,
}

impl Airlog {
    pub fn new(limit: Option<u32>, start: Instant) -> Self {
        Self {
            user: UserId::derived(start, &["ann"]),
            alive: true,
            linked: true,
            reconcile_at: start,
            hint_at: None,
            evidence: None,
            budget: Budget::new(limit, TIMING.poll_interval, start),
            session: None,
            healing: None,
            records: Vec::new(),
            noticed: HashMap::new(),
        }
    }

    fn input(&mut self, input: Input, sky: Option<&mut Sky>, now: Instant) {
        let Some(session) = &mut self.session else { return };
        let effects = step(&mut session.state, input, now);
        self.perform(effects, sky, now);
    }

    fn perform(&mut self, effects: Vec<Effect>, mut sky: Option<&mut Sky>, now: Instant) {
        for effect in effects {
            let Some(session) = &mut self.session else { return };
            let stream = session.stream;
            match effect {
                Effect::Arm { epoch, at } => session.wake = (epoch, at),
                Effect::Look => self.look(sky.as_deref_mut(), now),
                Effect::TellPlay(_) | Effect::TellNow(_) | Effect::Ignore(_) => {}
                Effect::Persist(play) => {
                    self.noticed.insert(play.id, now);
                    self.healable(stream).record.plays.push(Known::untouched(play));
                }
                Effect::Gap(gap) => self.gap(stream, gap, now),
                Effect::Jump(jump) => self.healable(stream).record.jumps.push(jump),
                Effect::Cool(rest) => self.budget.rest(rest),
                Effect::Stop => (self.session, self.linked) = (None, false),
            }
        }
    }

    fn look(&mut self, sky: Option<&mut Sky>, now: Instant) {
        let (Some(sky), Some(session)) = (sky, &mut self.session) else { return };
        session.look = Some(persistently(&mut self.budget, Purpose::Look, now, |now| sky.look(now)));
    }

    fn gap(&mut self, stream: StreamId, gap: Gap, now: Instant) {
        let healable = self.healable(stream);
        if gap.to.is_some() && !gap.healed {
            healable.heal_at = Some(now);
        }
        healable.record.gaps.retain(|known| known.id != gap.id);
        healable.record.gaps.push(gap);
    }

    fn ask_for_reports(&mut self, sky: &mut Sky, now: Instant) {
        let due = self.records.iter_mut().find(|healable| healable.heal_at.is_some_and(|at| at <= now));
        let Some(healable) = due else { return };
        if let Some(at) = self.budget.not_before(Purpose::Heal, 1, now) {
            healable.heal_at = Some(at);
        } else if !self.linked {
            healable.heal_at = healing::next_at(&healable.record.stream, HEAL_INTERVAL, now);
        } else {
            healable.heal_at = healing::next_at(&healable.record.stream, HEAL_INTERVAL, now);
            let stream = healable.record.stream.id;
            let answer = persistently(&mut self.budget, Purpose::Heal, now, |now| sky.recent(now));
            self.healing = Some((stream, answer));
        }
    }

    fn heal(&mut self, stream: StreamId, says: Result<Vec<Report>, Problem>, now: Instant) {
        let reports = match says {
            Ok(reports) => reports,
            Err(Problem::Limit(until)) => {
                self.budget.rest(Rest { until, limit: Limit::Rate });
                return self.healable(stream).heal_at = Some(until);
            }
            Err(Problem::NoAnswer) => return self.healable(stream).heal_at = Some(now + HEAL_INTERVAL),
            Err(Problem::LinkLost) => return self.linked = false,
        };
        let record = &mut self.healable(stream).record;
        record.plays.sort_by_key(|known| known.play.started_at);
        let healed = healing::heal(record, &reports, Measure::of(TIMING.poll_interval), now);
        record.plays.retain(|known| !healed.removed.contains(&known.play.id));
        for gap in healed.gaps {
            record.gaps.retain(|known| known.id != gap.id);
            record.gaps.push(gap);
        }
        let added = healed.added.iter().cloned().map(Known::untouched);
        record.plays.extend(added);
        self.noticed.extend(healed.added.iter().map(|play| (play.id, now)));
    }

    fn healable(&mut self, stream: StreamId) -> &mut Healable {
        let found = self.records.iter_mut().find(|healable| healable.record.stream.id == stream);
        found.expect("a stream that is known")
    }

    /// Everything that waits, by its time.
    fn agenda(&self) -> [Option<Instant>; 6] {
        let session = self.session.as_ref();
        let due = self.records.iter().filter_map(|healable| healable.heal_at).min();
        [
            self.hint_at,
            session.and_then(|session| session.look.as_ref()).map(|look| look.at),
            session.map(|session| session.wake.1),
            self.healing.as_ref().map(|(_, answer)| answer.at),
            due.filter(|_| self.healing.is_none()),
            Some(self.reconcile_at),
        ]
    }
}

impl Tracker for Airlog {
    fn due(&self) -> Option<Instant> {
        self.agenda().into_iter().flatten().min().filter(|_| self.alive)
    }

    fn wake(&mut self, sky: &mut Sky, now: Instant) {
        let due = self.agenda().map(|at| at.is_some_and(|at| at <= now));
        if due[0] {
            self.take_hint(sky, now);
            self.reconcile(sky, now);
        } else if due[1] {
            let look = self.session.as_mut().and_then(|session| session.look.take());
            let allowance = self.budget.allowance(1, now);
            if let Some(answer) = look {
                self.input(Input::Looked { look: read(answer.says), allowance }, Some(sky), now);
            }
        } else if due[2] {
            let (epoch, allowance) =
                (self.session.as_ref().map_or(0, |session| session.wake.0), self.budget.allowance(1, now));
            self.input(Input::Wake { epoch, may_store: true, allowance }, Some(sky), now);
        } else if due[3] {
            if let Some((stream, answer)) = self.healing.take() {
                self.heal(stream, answer.says, now);
            }
        } else if due[4] {
            self.ask_for_reports(sky, now);
        } else if due[5] {
            self.reconcile_at = now + RECONCILE;
            let live = sky.streams(now).map(|(number, start)| broadcast(number, start));
            self.weigh(From::Streams, live, now);
            self.reconcile(sky, now);
        }
        self.hint_at = sky.next_hint();
    }

    fn dies(&mut self, now: Instant) {
        (self.alive, self.session, self.healing) = (false, None, None);
        let noticed = &self.noticed;
        for healable in &mut self.records {
            let stored = |known: &Known| noticed.get(&known.play.id).is_none_or(|at| *at + UNSTORED < now);
            healable.record.plays.retain(stored);
        }
    }

    fn returns(&mut self, now: Instant) {
        (self.alive, self.reconcile_at) = (true, now);
        for healable in self.records.iter_mut().filter(|healable| healable.record.stream.ended_at.is_none()) {
            healable.heal_at = Some(now);
        }
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .records
            .iter()
            .flat_map(|healable| &healable.record.plays)
            .map(|Known { play, .. }| Row {
                uri: play.track.uri.clone(),
                started_at: play.started_at,
                noticed_at: self.noticed.get(&play.id).copied().unwrap_or(play.started_at),
                by_look: play.source == Source::Poll,
            })
            .collect();
        rows.sort_by_key(|row| row.started_at);
        rows
    }

    fn gaps(&self) -> Vec<(Instant, Instant)> {
        let gaps = self.records.iter().flat_map(|healable| &healable.record.gaps);
        gaps.filter(|gap| !gap.healed).map(|gap| (gap.from, gap.to.unwrap_or(Instant::MAX_UTC))).collect()
    }
}

/// A question is tried three times while Spotify is down.
fn persistently<T>(
    budget: &mut Budget,
    purpose: Purpose,
    now: Instant,
    mut ask: impl FnMut(Instant) -> Answer<T>,
) -> Answer<T> {
    budget.spend(1, now);
    let mut answer = ask(now);
    for _ in 1..TRIES {
        let at = answer.at + TRYING;
        let down = matches!(answer.says, Err(Problem::NoAnswer));
        if !down || budget.not_before(purpose, 1, at).is_some() {
            break;
        }
        budget.spend(1, at);
        answer = ask(at);
    }
    answer
}

fn read(says: Result<Option<Sight>, Problem>) -> Look {
    match says {
        Ok(Some(sight)) => Look::Track(Box::new(sight)),
        Ok(None) => Look::Nothing,
        Err(Problem::Limit(until)) => Look::Wait { not_before: Some(until), limit: Limit::Rate },
        Err(Problem::NoAnswer) => Look::Unknown,
        Err(Problem::LinkLost) => Look::LinkLost,
    }
}
