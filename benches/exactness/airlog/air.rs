//! Who is on air: evidence is weighed, streams begin and end, a session follows. What the registry and reconciling do.

use super::{Airlog, GRACE, Healable, Session, TIMING};
use crate::sky::Sky;
use airlog::base::clock::Instant;
use airlog::base::id::StreamId;
use airlog::live::evidence::{self, Broadcast, Evidence, Source as From, Succession};
use airlog::live::healing::Record;
use airlog::live::model::Stream;
use airlog::live::rules::State;

impl Airlog {
    /// One pass of reconciling.
    pub(super) fn reconcile(&mut self, sky: &mut Sky, now: Instant) {
        self.linked |= sky.is_linked(now);
        let broadcast = self.evidence.as_ref().and_then(Evidence::live).cloned();
        if let (Some(session), true) = (&self.session, broadcast.is_some()) {
            let stream = session.stream;
            self.healable(stream).record.stream.followed_until = Some(now);
        }
        match broadcast {
            Some(broadcast) => self.follow(&broadcast, now),
            None => self.end(now),
        }
    }

    fn follow(&mut self, broadcast: &Broadcast, now: Instant) {
        let last = self.records.last().map(|last| last.record.stream.clone());
        match evidence::succession(last.as_ref(), broadcast, GRACE) {
            Succession::Begin => {
                self.end(now);
                self.begin(broadcast, now);
            }
            Succession::Reopen => {
                let last = self.records.last_mut().expect("the stream that is reopened");
                let stream = &mut last.record.stream;
                (stream.ended_at, stream.seen_at, stream.followed_until) = (None, now, Some(now));
                last.heal_at = Some(now);
            }
            Succession::Continue => {}
        }
        let stream = &mut self.records.last_mut().expect("a stream").record.stream;
        (stream.twitch_id, stream.seen_at) = (Some(broadcast.twitch_id.clone()), now);
        let stream = stream.clone();
        if self.linked && self.session.is_none() {
            self.start(stream, now);
        }
    }

    fn begin(&mut self, broadcast: &Broadcast, now: Instant) {
        let stream = Stream {
            id: StreamId::derived(broadcast.started_at, &[&broadcast.twitch_id]),
            user_id: self.user,
            twitch_id: None,
            started_at: broadcast.started_at.min(now),
            ended_at: None,
            seen_at: now,
            followed_until: None,
        };
        let record =
            Record { stream, plays: Vec::new(), by_hand: Vec::new(), jumps: Vec::new(), gaps: Vec::new() };
        self.records.push(Healable { record, heal_at: Some(now) });
    }

    fn end(&mut self, now: Instant) {
        self.session = None;
        let Some(last) = self.records.last_mut().filter(|last| last.record.stream.ended_at.is_none()) else {
            return;
        };
        let told = self.evidence.as_ref().filter(|evidence| evidence.source == From::Hint);
        let stream = &mut last.record.stream;
        let ended_at = told.map_or(stream.seen_at, |evidence| evidence.seen_at).max(stream.started_at);
        stream.ended_at = Some(ended_at);
        last.heal_at = Some(now);
        for gap in &mut last.record.gaps {
            gap.to.get_or_insert(ended_at.max(gap.from));
        }
    }

    fn start(&mut self, stream: Stream, now: Instant) {
        let record = &self.healable(stream.id).record;
        let last = record.plays.iter().map(|known| known.play.clone()).max_by_key(|play| play.started_at);
        let open = record.gaps.iter().find(|gap| gap.to.is_none()).cloned();
        let (id, followed_until) = (stream.id, stream.followed_until);
        let mut state = State::new(TIMING, stream, last, followed_until).with_gap(open);
        let effects = state.begin(now);
        self.session = Some(Session { stream: id, state, wake: (0, now), look: None });
        self.perform(effects, None, now);
    }

    pub(super) fn take_hint(&mut self, sky: &mut Sky, now: Instant) {
        let Some(hint) = sky.hint(now) else { return };
        let news = hint.stream.map(|number| broadcast(number, sky.start_of(number)));
        self.weigh(From::Hint, news, hint.sent_at);
    }

    pub(super) fn weigh(&mut self, source: From, news: Option<Broadcast>, at: Instant) {
        if let Some(evidence) = evidence::weigh(self.evidence.as_ref(), source, news, at) {
            self.evidence = Some(evidence);
        }
    }
}

/// A stream as Twitch names it.
pub(super) fn broadcast(number: usize, started_at: Instant) -> Broadcast {
    Broadcast { twitch_id: number.to_string(), kind: "live".to_owned(), started_at }
}
