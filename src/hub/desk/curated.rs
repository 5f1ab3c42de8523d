//! What people do to the list: it holds at once, also for a public that is told later, and for what still waits.

use super::Desk;
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::hub::curtain::{Ghost, Kept};
use crate::hub::delay::{Noticed, Row};
use crate::hub::model::{Event, NowPlaying, Track};
use crate::hub::reel::Reel;
use std::borrow::Cow;

impl Desk {
    /// What may be told of an event; none of a play that is hidden. What plays is shown as the list has it, and not at all
    /// where it is hidden. A play that ghost mode keeps back is added to `kept`.
    pub(super) fn screen<'a>(
        &mut self,
        event: &'a Event,
        kept: &mut Vec<Kept>,
        now: Instant,
    ) -> Option<Cow<'a, Event>> {
        match event {
            Event::TrackAdded { track } => {
                // What was told before ghost mode went on may be told again.
                if !self.staff.day().lists(track) {
                    kept.extend(self.curtain.keep(track));
                }
                self.curtain.shows(track.id).then_some(Cow::Borrowed(event))
            }
            Event::NowPlaying { now_playing } => {
                self.playing = now_playing.as_ref().map(|playing| (self.as_listed(playing), now));
                Some(Cow::Owned(self.shown(now)))
            }
            Event::StreamEnded { .. } => {
                self.playing = None;
                Some(Cow::Borrowed(event))
            }
            _ => Some(Cow::Borrowed(event)),
        }
    }

    /// Takes plays out of the list, for everybody at once. What waits to be told of them never is.
    pub(in crate::hub) fn withdraw(&mut self, plays: &[PlayId], now: Instant) {
        self.advance(now);
        if plays.is_empty() {
            return;
        }
        self.curtain.hidden.extend(plays);
        self.delay.withdraw(plays);
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.retain_mut(|noticed| noticed.outlives(plays));
        }
        for reel in self.reels() {
            // The frames that told of them lie ready for whoever comes back.
            reel.cut();
            for id in plays {
                reel.push(&Event::TrackRemoved { id: *id }, now);
            }
            silence(reel, |playing| plays.contains(&playing.track.id), now);
        }
    }

    /// Puts plays back, each as of when it was noticed: the public is told at once of what it knew already.
    pub(in crate::hub) fn restore(&mut self, plays: &[(Track, Instant)], now: Instant) {
        self.advance(now);
        for (track, noticed_at) in plays {
            self.curtain.hidden.remove(&track.id);
            let noticed =
                Noticed { at: (*noticed_at).min(now), event: Event::TrackAdded { track: track.clone() } };
            self.staff.push(&noticed.event, now);
            if let Some(meanwhile) = &mut self.meanwhile {
                meanwhile.push(noticed.clone());
            }
            if self.public.is_some() {
                self.delay.insert(noticed);
            }
        }
        self.let_out(now);
        let is_back = |(playing, _): &(NowPlaying, Instant)| {
            plays.iter().any(|(track, _)| track.id == playing.track.id)
        };
        if self.playing.as_ref().is_some_and(is_back) {
            self.show_again(now);
        }
    }

    /// A play has its right title from now on, wherever it is shown.
    pub(in crate::hub) fn correct(&mut self, track: &Track, now: Instant) {
        self.advance(now);
        if !self.curtain.shows(track.id) {
            return;
        }
        let event = Event::TrackUpdated { track: track.clone() };
        self.delay.correct(track);
        for reel in self.reels() {
            if reel.day().has(Row::Play(track.id)) {
                reel.push(&event, now);
            }
        }
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.push(Noticed { at: now, event });
        }
    }

    /// Ghost mode goes on or off, or never was. Gives the plays that the public has not been told of: it never is.
    pub(in crate::hub) fn veil(&mut self, ghost: Option<Ghost>, now: Instant) -> Vec<PlayId> {
        self.advance(now);
        if std::mem::replace(&mut self.curtain.ghost, ghost) == ghost {
            return Vec::new();
        }
        if !self.curtain.is_ghost() {
            self.show_again(now);
            return Vec::new();
        }
        self.delay.silence();
        let untold = self.delay.untold();
        self.withdraw(&untold, now);
        for reel in self.reels() {
            silence(reel, |_| true, now);
        }
        untold
    }

    /// The same, sharing the play with the list if that says the same of it.
    fn as_listed(&self, playing: &NowPlaying) -> NowPlaying {
        let listed = self.staff.day().track(playing.track.id).filter(|listed| **listed == playing.track);
        NowPlaying { track: listed.unwrap_or(&playing.track).clone(), ..*playing }
    }

    /// What plays, as it may be shown now.
    fn shown(&self, now: Instant) -> Event {
        let playing = self
            .playing
            .as_ref()
            .filter(|(playing, _)| !self.curtain.is_ghost() && self.curtain.shows(playing.track.id));
        let shown = playing.map(|(playing, at)| {
            let playing = playing.clone().carried(now - *at);
            let listed = self.staff.day().track(playing.track.id).cloned();
            NowPlaying { track: listed.unwrap_or(playing.track), ..playing }
        });
        Event::NowPlaying { now_playing: shown }
    }

    /// What plays was hidden and is not any more.
    fn show_again(&mut self, now: Instant) {
        if self.playing.is_some() {
            let shown = self.shown(now);
            self.tell(&shown, now);
        }
    }

    fn reels(&mut self) -> impl Iterator<Item = &mut Reel> {
        [Some(&mut self.staff), self.public.as_deref_mut()].into_iter().flatten()
    }
}

/// Nothing plays any more for whoever sees this play.
fn silence(reel: &mut Reel, is_meant: impl Fn(&NowPlaying) -> bool, now: Instant) {
    if reel.day().now_playing.as_ref().is_some_and(is_meant) {
        reel.push(&Event::NowPlaying { now_playing: None }, now);
    }
}
