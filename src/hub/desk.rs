//! One streamer's desk: what happens comes in once, and goes out to the staff at once and to the public after the delay.
//!
//! Without a delay there is one reel, which both read. With one the public has a reel of its own, the older of the two:
//! whoever reads it goes on undisturbed when a delay is chosen or taken back. Pure.

mod curated;

use super::choices::Choices;
use super::curtain::{Curtain, Kept};
use super::day::Day;
use super::delay::{Delay, Noticed, Row};
use super::load::Loaded;
use super::model::{Event, NowPlaying};
use super::reel::Reel;
use crate::base::clock::Instant;
use chrono::TimeDelta;
use std::sync::Arc;

/// For whom a topic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// Everybody: after the delay.
    Public,
    /// The streamer and their moderators: at once.
    Staff,
}

/// Both tellings of a streamer's day.
#[derive(Debug)]
pub(super) struct Desk {
    staff: Reel,
    /// None without a delay: the public then reads what the staff reads.
    public: Option<Box<Reel>>,
    delay: Delay,
    /// What happened since a day began to be loaded in place of this one.
    meanwhile: Option<Vec<Noticed>>,
    /// What nobody is told.
    curtain: Curtain,
    /// What plays, whether or not it is shown, as it was then.
    playing: Option<(NowPlaying, Instant)>,
}

impl Desk {
    pub(super) fn new(loaded: Loaded, now: Instant) -> Self {
        let Loaded { day, since, curtain } = loaded;
        let (by, day) = (day.terms.delay, Arc::new(day));
        let mut staff = Reel::new(Arc::clone(&day));
        let public = is_some_time(by).then(|| Box::new(Reel::new(day)));
        for noticed in &since {
            tell_of(&mut staff, noticed, noticed.at);
        }
        let mut desk =
            Self { staff, public, delay: Delay::of(by, since), meanwhile: None, curtain, playing: None };
        desk.advance(now);
        desk
    }

    /// What this audience is told.
    pub(super) fn reel(&self, audience: Audience) -> &Reel {
        self.public.as_deref().filter(|_| audience == Audience::Public).unwrap_or(&self.staff)
    }

    pub(super) fn reel_mut(&mut self, audience: Audience) -> &mut Reel {
        self.public.as_deref_mut().filter(|_| audience == Audience::Public).unwrap_or(&mut self.staff)
    }

    /// Whether the public is told later than the staff, by a reel of its own.
    pub(super) fn is_delayed(&self) -> bool {
        self.public.is_some()
    }

    /// When the public is to be told the next thing; none when nothing waits.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.delay.next_due()
    }

    /// Takes in what happens, and tells what is due. A new local day is told first. Gives the plays that ghost mode keeps
    /// back: they have to be hidden where they are stored.
    pub(super) fn publish(&mut self, events: &[Event], now: Instant) -> Vec<Kept> {
        self.advance(now);
        let mut kept = Vec::new();
        for event in events {
            if let Some(event) = self.screen(event, &mut kept, now) {
                self.tell(&event, now);
            }
        }
        kept
    }

    fn tell(&mut self, event: &Event, now: Instant) {
        // What is no news to the staff will be none to the public, which will know then what the staff knows now.
        if self.staff.push(event, now) && self.public.is_some() {
            self.delay.push(event.clone(), now);
        }
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.push(Noticed { at: now, event: event.clone() });
        }
    }

    /// Tells what the time alone makes due.
    pub(super) fn advance(&mut self, now: Instant) {
        self.staff.turn(now, now);
        self.let_out(now);
    }

    /// Goes by what the streamer chooses now. The time zone of a day that is cut already stays.
    pub(super) fn keep(&mut self, choices: &Choices, now: Instant) {
        let (old, new) = (self.delay.by(), choices.terms.delay);
        self.advance(now);
        self.delay.turn_to(new);
        if is_some_time(new) {
            self.part();
        }
        if let Some(public) = self.public.as_mut().filter(|_| new < old) {
            public.hasten(old - new, now);
            self.let_out(now);
        }
        if !is_some_time(new) {
            self.unite();
        }
        self.go_by(choices);
    }

    /// Nobody but the staff may read this any more.
    pub(super) fn shut(&mut self) {
        let mut choices = self.staff.day().choices();
        choices.terms.is_public = false;
        self.go_by(&choices);
    }

    /// What happens from now on is remembered until another day takes this one's place.
    pub(super) fn begin_anew(&mut self) {
        self.meanwhile = Some(Vec::new());
    }

    /// Nothing takes its place.
    pub(super) fn stay(&mut self) {
        self.meanwhile = None;
    }

    /// A day that was loaded since [`Desk::begin_anew`] takes the place of this one. What nobody stores goes on: who is on
    /// air, what plays, and what happened meanwhile. What the public has been told of it keeps, and nothing else comes
    /// before its time.
    pub(super) fn replace(&mut self, loaded: Loaded, now: Instant) {
        let meanwhile = self.meanwhile.take().unwrap_or_default();
        self.keep(&loaded.day.choices(), now);
        let Loaded { mut day, mut since, .. } = loaded;
        // What was hidden while it was loaded may be in it.
        day.keep_tracks(|track| self.curtain.shows(track.id));
        since.retain(|noticed| noticed.row().is_some_and(|row| self.may_show(row)));
        if let Some(public) = &mut self.public {
            let by = self.delay.by();
            let told = since.iter().filter(|noticed| noticed.row().is_some_and(|row| public.day().has(row)));
            let told = told.chain(meanwhile.iter().filter(|noticed| noticed.at + by <= now));
            let day = renewed(day.clone(), public.day(), told, now - by);
            self.delay.goes_on(&since, &meanwhile, |row| day.has(row));
            public.replace(Arc::new(day));
        }
        let happened = since.iter().chain(&meanwhile);
        self.staff.replace(Arc::new(renewed(day, self.staff.day(), happened, now)));
    }

    fn may_show(&self, row: Row) -> bool {
        match row {
            Row::Play(id) => self.curtain.shows(id),
            Row::Gap(_) => true,
        }
    }

    /// The public goes on with the reel that it has; the staff gets a snapshot and one of its own.
    fn part(&mut self) {
        if self.public.is_none() {
            let staff = Reel::new(Arc::clone(self.staff.day()));
            self.public = Some(Box::new(std::mem::replace(&mut self.staff, staff)));
        }
    }

    /// And now the staff joins the public, which has been told everything.
    fn unite(&mut self) {
        if let Some(public) = self.public.take() {
            let staff = std::mem::replace(&mut self.staff, *public);
            self.staff.join(Arc::clone(staff.day()));
        }
    }

    fn let_out(&mut self, now: Instant) {
        let Some(public) = &mut self.public else { return };
        let by = self.delay.by();
        while let Some(noticed) = self.delay.pop(now) {
            tell_of(public, &carried(noticed, now - by), now);
        }
        public.turn(now - by, now);
    }

    fn go_by(&mut self, choices: &Choices) {
        for reel in [Some(&mut self.staff), self.public.as_deref_mut()].into_iter().flatten() {
            reel.go_by(choices);
        }
    }
}

fn is_some_time(delay: TimeDelta) -> bool {
    delay > TimeDelta::zero()
}

/// The day turns when it was noticed that it did, whenever that is told.
fn tell_of(reel: &mut Reel, noticed: &Noticed, at: Instant) {
    reel.turn(noticed.at, at);
    reel.push(&noticed.event, at);
}

/// What plays has gone on since it was noticed and until `then`.
fn carried(noticed: Noticed, then: Instant) -> Noticed {
    let Noticed { at, event } = noticed;
    let event = match event {
        Event::NowPlaying { now_playing } => {
            Event::NowPlaying { now_playing: now_playing.map(|playing| playing.carried(then - at)) }
        }
        event => event,
    };
    Noticed { at, event }
}

/// A freshly loaded day with what the `old` one knows besides, and what has happened since.
fn renewed<'a>(mut day: Day, old: &Day, events: impl Iterator<Item = &'a Noticed>, now: Instant) -> Day {
    for noticed in events {
        day.advance(noticed.at);
        day.apply(&noticed.event, noticed.at);
    }
    day.advance(now);
    day.goes_on_from(old);
    day
}

#[cfg(test)]
mod tests;
