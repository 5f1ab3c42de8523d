//! What to do with the connections of one user: one that lives, and one that is to take its place. Pure.
//!
//! A line that is asked to move lives on until the new one is welcomed, and is then listened to until its end, so that
//! nothing said on it is lost. Notifications are taken from whichever line they are heard on; that each counts once is
//! seen to by their ids. Whenever nobody was listening, Twitch is asked who is live: nothing is replayed.

use super::closing::End;
use crate::base::backoff::Backoff;
use crate::eventsub::frame::Frame;
use crate::eventsub::message::Notification;
use crate::eventsub::watch::{Standing, Trouble};
use std::time::Duration;

/// A connection, by its number.
pub(in crate::eventsub) type Line = u64;

/// What has happened.
#[derive(Debug)]
pub(in crate::eventsub) enum Input {
    /// The streamer is to be followed from now on.
    Start,
    /// Something was said on a line.
    Heard(Line, Frame),
    /// A line has ended, or never came about.
    Ended(Line, End),
    /// Subscribing on a line has ended.
    Subscribed(Line, Result<(), Refusal>),
}

/// Why not everything is subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) enum Refusal {
    /// To be tried again on the same line.
    Again(Trouble),
    /// Twitch does not know the session any more.
    Dead,
    /// The user's tokens are accepted no more.
    GrantLost,
}

/// What is to be done.
#[derive(Debug)]
pub(in crate::eventsub) enum Effect {
    /// Connect, after a wait.
    Open(Line, Address, Duration),
    /// Say goodbye on a line, and listen to it until its end.
    HangUp(Line),
    /// Subscribe to everything for the session of this line, after a wait.
    Subscribe(Line, String, Duration),
    /// Take what was said.
    Take(Notification),
    /// Ask Twitch who is live: something may have been missed.
    Reconcile,
    /// Show where it stands.
    Show(Standing),
    /// End: there is nothing to connect with.
    GiveUp,
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::eventsub) enum Address {
    /// Where everybody begins.
    Home,
    /// Where Twitch has sent us, as it is.
    Given(String),
}

/// The connections of one user.
#[derive(Debug)]
pub(in crate::eventsub) struct Lines {
    retry: Backoff,
    live: Option<Live>,
    coming: Option<Coming>,
    /// The number of the next line.
    next: Line,
    /// Failures since a line was last alive for a while.
    failures: u32,
    /// Nobody has listened for a time.
    missed: bool,
    trouble: Option<Trouble>,
}

/// A line on which everything was subscribed.
#[derive(Debug)]
struct Live {
    line: Line,
    session: String,
    /// Nothing of it was revoked since.
    whole: bool,
}

/// A line that is to live.
#[derive(Debug)]
struct Coming {
    line: Line,
    /// Its subscriptions come along from the line that lives.
    carries: bool,
    /// Known from its welcome on.
    session: Option<String>,
}

impl Lines {
    pub(in crate::eventsub) fn new(retry: Backoff) -> Self {
        let (live, coming, trouble) = (None, None, None);
        Self { retry, live, coming, next: 0, failures: 0, missed: true, trouble }
    }

    /// What is to be done about `input`; `dice` (0.0 to 1.0) spread the waits.
    pub(in crate::eventsub) fn step(&mut self, input: Input, dice: f64) -> Vec<Effect> {
        match input {
            Input::Start => self.begin(Duration::ZERO),
            Input::Heard(line, Frame::Welcome { session, .. }) => self.welcomed(line, session),
            Input::Heard(line, Frame::Reconnect(url)) => self.move_to(line, url, dice),
            Input::Heard(line, Frame::Notification(said)) => self.told(line, said, dice),
            Input::Heard(line, Frame::Keepalive) => self.lives_on(line),
            Input::Heard(_, Frame::Unknown) => Vec::new(),
            Input::Ended(line, end) => self.ended(line, end, dice),
            Input::Subscribed(line, Ok(())) => self.subscribed(line),
            Input::Subscribed(line, Err(refusal)) => self.refused(line, refusal, dice),
        }
    }

    /// Connects anew, with nothing to carry along.
    fn begin(&mut self, wait: Duration) -> Vec<Effect> {
        let line = self.number();
        self.coming = Some(Coming { line, carries: false, session: None });
        let mut effects = vec![Effect::Open(line, Address::Home, wait)];
        if self.live.is_none() {
            effects.push(Effect::Show(self.standing()));
        }
        effects
    }

    fn welcomed(&mut self, line: Line, session: String) -> Vec<Effect> {
        let Some(coming) = self.coming.as_mut().filter(|coming| coming.line == line) else {
            return Vec::new();
        };
        coming.session = Some(session.clone());
        if coming.carries { self.promote() } else { vec![Effect::Subscribe(line, session, Duration::ZERO)] }
    }

    /// The line that was coming lives from now on; the one before is listened to until its end.
    fn promote(&mut self) -> Vec<Effect> {
        let coming = self.coming.take_if(|coming| coming.session.is_some());
        let Some(Coming { line, carries, session: Some(session) }) = coming else { return Vec::new() };
        let before = self.live.take();
        let whole = !carries || before.as_ref().is_none_or(|before| before.whole);
        let mut effects: Vec<Effect> = before.iter().map(|before| Effect::HangUp(before.line)).collect();
        if !whole {
            effects.push(Effect::Subscribe(line, session.clone(), Duration::ZERO));
        }
        self.live = Some(Live { line, session, whole });
        if !carries || std::mem::take(&mut self.missed) {
            self.missed = false;
            effects.push(Effect::Reconcile);
        }
        if whole {
            self.trouble = None;
            effects.push(Effect::Show(Standing::Subscribed));
        }
        effects
    }

    fn subscribed(&mut self, line: Line) -> Vec<Effect> {
        if self.coming.as_ref().is_some_and(|coming| coming.line == line) {
            return self.promote();
        }
        let Some(lives) = self.live.as_mut().filter(|live| live.line == line) else { return Vec::new() };
        lives.whole = true;
        self.trouble = None;
        vec![Effect::Reconcile, Effect::Show(Standing::Subscribed)]
    }

    fn refused(&mut self, line: Line, refusal: Refusal, dice: f64) -> Vec<Effect> {
        match (refusal, self.session_of(line)) {
            (Refusal::GrantLost, _) => self.give_up(),
            (_, None) => Vec::new(),
            (Refusal::Again(trouble), Some(session)) => {
                self.trouble = Some(trouble);
                let wait = self.later(dice);
                vec![Effect::Subscribe(line, session, wait), Effect::Show(self.standing())]
            }
            (Refusal::Dead, Some(_)) => {
                let mut effects = vec![Effect::HangUp(line)];
                effects.extend(self.ended(line, End::Closed(None), dice));
                effects
            }
        }
    }

    fn give_up(&mut self) -> Vec<Effect> {
        let lines = [self.live.take().map(|live| live.line), self.coming.take().map(|coming| coming.line)];
        let goodbyes = lines.into_iter().flatten().map(Effect::HangUp);
        let shown = Effect::Show(Standing::Trouble(Trouble::GrantLost));
        goodbyes.chain([shown, Effect::GiveUp]).collect()
    }

    /// The line that lives moves, unless it does already. One that has not come to life yet has nothing to take along:
    /// it is begun anew.
    fn move_to(&mut self, line: Line, url: String, dice: f64) -> Vec<Effect> {
        if self.coming.as_ref().is_some_and(|coming| coming.line == line) {
            let mut effects = vec![Effect::HangUp(line)];
            effects.extend(self.ended(line, End::Closed(None), dice));
            return effects;
        }
        if self.coming.is_some() || self.live.as_ref().is_none_or(|live| live.line != line) {
            return Vec::new();
        }
        let line = self.number();
        self.coming = Some(Coming { line, carries: true, session: None });
        vec![Effect::Open(line, Address::Given(url), Duration::ZERO)]
    }

    fn told(&mut self, line: Line, said: Notification, dice: f64) -> Vec<Effect> {
        if !said.is_revocation {
            let mut effects = self.lives_on(line);
            effects.push(Effect::Take(said));
            return effects;
        }
        let mut effects = vec![Effect::Take(said)];
        let current = self.live.as_ref().map(|live| live.line);
        let current = current.or_else(|| self.coming.as_ref().map(|coming| coming.line));
        if let Some((line, session)) = current.and_then(|line| Some((line, self.session_of(line)?))) {
            self.live.iter_mut().for_each(|live| live.whole = false);
            self.trouble = Some(Trouble::Revoked);
            let wait = self.later(dice);
            effects.extend([Effect::Subscribe(line, session, wait), Effect::Show(self.standing())]);
        }
        effects
    }

    /// A line that has been alive for a while has earned a quick try the next time.
    fn lives_on(&mut self, line: Line) -> Vec<Effect> {
        if self.live.as_ref().is_some_and(|live| live.line == line && live.whole) {
            self.failures = 0;
        }
        Vec::new()
    }

    fn ended(&mut self, line: Line, end: End, dice: f64) -> Vec<Effect> {
        if self.live.as_ref().is_some_and(|live| live.line == line) {
            self.live = None;
            self.missed = true;
            if self.coming.is_some() {
                return vec![Effect::Show(self.standing())];
            }
        } else if self.coming.take_if(|coming| coming.line == line).is_none() {
            return Vec::new();
        }
        let wait = if end.is_passing() { self.soon(dice) } else { self.later(dice) };
        self.begin(wait)
    }

    /// The wait after something that passes by itself: short, unless it goes on.
    fn soon(&mut self, dice: f64) -> Duration {
        let first = self.failures == 0;
        let later = self.later(dice);
        if first { self.retry.first.mul_f64(dice.clamp(0.0, 1.0) / 2.0) } else { later }
    }

    fn later(&mut self, dice: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.retry.wait(self.failures, dice)
    }

    fn standing(&self) -> Standing {
        match self.trouble {
            Some(trouble) => Standing::Trouble(trouble),
            None if self.failures > 1 => Standing::Trouble(Trouble::TwitchDown),
            None => Standing::Connecting,
        }
    }

    fn session_of(&self, line: Line) -> Option<String> {
        let lives = self.live.as_ref().filter(|live| live.line == line).map(|live| &live.session);
        let coming = self.coming.as_ref().filter(|coming| coming.line == line);
        lives.or_else(|| coming?.session.as_ref()).cloned()
    }

    fn number(&mut self) -> Line {
        self.next += 1;
        self.next
    }
}

#[cfg(test)]
mod tests;
