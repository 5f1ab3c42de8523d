//! How things are for one streamer: on air or not, followed or not, and if not, why. Pure.

use super::board::{Seen, Trouble};
use super::control::{Action, Override};
use super::crash::Crash;
use super::model::Stream;
use crate::accounts::LinkStatus;
use crate::base::clock::Instant;
use crate::clients::spotify::Forbidden;

/// How things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The stream that is on air; one without Twitch's id was started by hand.
    pub stream: Option<Stream>,
    /// Whether the player is being followed, as far as the newest look says.
    pub is_tracking: bool,
    /// What is being done, or stands in the way.
    pub doing: Doing,
    /// When a look last learned something, since the program was started.
    pub last_look_at: Option<Instant>,
    /// What the streamer has decided by hand and is in effect.
    pub by_hand: Option<Override>,
}

/// What is being done, or stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// The player is followed.
    Following,
    /// Nobody is on air: the next stream is waited for.
    Idle,
    /// Tracking is switched off.
    Disabled,
    /// No Spotify account is linked.
    Unlinked,
    /// The Spotify account has to be linked again.
    ReconnectNeeded,
    /// The streamer has paused.
    Paused {
        /// It goes on by itself then.
        until: Option<Instant>,
    },
    /// The streamer has stopped.
    Stopped {
        /// It goes on by itself then; none when it does with the next stream.
        until: Option<Instant>,
    },
    /// The session fails again and again.
    CrashLoop {
        /// So often in a row.
        times: u32,
        /// The next try comes then.
        rests_until: Instant,
        /// What it said.
        reason: String,
    },
    /// Plays cannot be stored, so none are looked for.
    DatabaseFull,
    /// Spotify asked us to wait.
    Resting {
        /// The first instant at which it may be asked again, if it is known.
        until: Option<Instant>,
    },
    /// Spotify does not let us look, and only a person can change that.
    Standing(Forbidden),
    /// Spotify does not accept the app itself.
    AppRefused,
    /// Spotify does not answer.
    SpotifyDown,
    /// Spotify answers nonsense.
    SpotifyUnreadable,
}

/// All that decides.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) enabled: bool,
    /// None without a link.
    pub(super) link: Option<LinkStatus>,
    pub(super) stream: Option<Stream>,
    pub(super) by_hand: Option<Override>,
    pub(super) seen: Seen,
    pub(super) crash: Option<Crash>,
    /// Until when the client id rests.
    pub(super) rests_until: Option<Instant>,
    pub(super) has_room: bool,
}

impl Facts {
    /// The whole of it.
    pub(super) fn status(self, now: Instant) -> Status {
        let doing = self.doing(now);
        Status {
            is_tracking: doing == Doing::Following,
            doing,
            last_look_at: self.seen.last_look_at,
            stream: self.stream,
            by_hand: self.by_hand,
        }
    }

    /// What a person can do something about comes first.
    fn doing(&self, now: Instant) -> Doing {
        match self.link {
            _ if !self.enabled => return Doing::Disabled,
            None => return Doing::Unlinked,
            Some(LinkStatus::ReconnectNeeded) => return Doing::ReconnectNeeded,
            Some(LinkStatus::Connected) => {}
        }
        self.halted()
            .or_else(|| self.stream.is_none().then_some(Doing::Idle))
            .unwrap_or_else(|| self.at_work(now))
    }

    fn halted(&self) -> Option<Doing> {
        let one = self.by_hand.as_ref()?;
        match one.action {
            Action::Start => None,
            Action::Stop => Some(Doing::Stopped { until: one.ends_at }),
            Action::Pause => Some(Doing::Paused { until: one.ends_at }),
        }
    }

    fn at_work(&self, now: Instant) -> Doing {
        if let Some(crash) = self.crash.as_ref().filter(|crash| self.is_down(crash, now)) {
            let Crash { times, rests_until, ref reason, .. } = *crash;
            return Doing::CrashLoop { times, rests_until, reason: reason.clone() };
        }
        match (self.seen.trouble, self.rests_until) {
            _ if !self.has_room => Doing::DatabaseFull,
            (_, Some(until)) => Doing::Resting { until: Some(until) },
            (Some(Trouble::RateLimited), None) => Doing::Resting { until: None },
            (Some(Trouble::Forbidden(reason)), None) => Doing::Standing(reason),
            (Some(Trouble::AppRefused), None) => Doing::AppRefused,
            (Some(Trouble::LinkLost), None) => Doing::ReconnectNeeded,
            (Some(Trouble::SpotifyDown), None) => Doing::SpotifyDown,
            (Some(Trouble::Unreadable), None) => Doing::SpotifyUnreadable,
            (None, None) => Doing::Following,
        }
    }

    /// Whether the session is down: it rests, or has not looked since it failed for the second time.
    fn is_down(&self, crash: &Crash, now: Instant) -> bool {
        let has_looked = self.seen.last_look_at.is_some_and(|at| at > crash.failed_at);
        crash.rests(now) || crash.times > 1 && !has_looked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{StreamId, UserId};
    use chrono::TimeDelta;

    fn at(second: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn facts() -> Facts {
        let stream = Stream {
            id: StreamId::derived(at(0), &["first"]),
            user_id: UserId::derived(at(0), &["ann"]),
            twitch_id: None,
            started_at: at(0),
            ended_at: None,
            seen_at: at(0),
            followed_until: None,
        };
        Facts {
            enabled: true,
            link: Some(LinkStatus::Connected),
            stream: Some(stream),
            by_hand: None,
            seen: Seen { last_look_at: Some(at(10)), trouble: None },
            crash: None,
            rests_until: None,
            has_room: true,
        }
    }

    fn troubled(trouble: Trouble) -> Facts {
        Facts { seen: Seen { last_look_at: Some(at(10)), trouble: Some(trouble) }, ..facts() }
    }

    fn by_hand(action: Action) -> Facts {
        let one = Override { action, stream: None, ends_at: Some(at(99)), made_at: at(0) };
        Facts { by_hand: Some(one), ..facts() }
    }

    fn doing(facts: Facts) -> Doing {
        facts.status(at(20)).doing
    }

    #[test]
    fn each_trouble_has_its_word() {
        assert_eq!(doing(facts()), Doing::Following);
        assert!(facts().status(at(20)).is_tracking);
        assert_eq!(doing(troubled(Trouble::SpotifyDown)), Doing::SpotifyDown);
        assert_eq!(doing(troubled(Trouble::Unreadable)), Doing::SpotifyUnreadable);
        assert_eq!(doing(troubled(Trouble::AppRefused)), Doing::AppRefused);
        assert_eq!(doing(troubled(Trouble::LinkLost)), Doing::ReconnectNeeded);
        assert_eq!(doing(troubled(Trouble::RateLimited)), Doing::Resting { until: None });
        let lapsed = Trouble::Forbidden(Forbidden::OwnerLapsed);
        assert_eq!(doing(troubled(lapsed)), Doing::Standing(Forbidden::OwnerLapsed));
        let resting = Facts { rests_until: Some(at(60)), ..facts() };
        assert_eq!(doing(resting), Doing::Resting { until: Some(at(60)) });
        assert_eq!(doing(Facts { has_room: false, ..facts() }), Doing::DatabaseFull);
        assert!(!troubled(Trouble::SpotifyDown).status(at(20)).is_tracking);
    }

    #[test]
    fn what_a_person_can_change_comes_before_what_passes() {
        let worst = Facts { rests_until: Some(at(60)), ..by_hand(Action::Stop) };
        assert_eq!(doing(Facts { enabled: false, link: None, ..worst.clone() }), Doing::Disabled);
        assert_eq!(doing(Facts { link: None, ..worst.clone() }), Doing::Unlinked);
        let lost = Facts { link: Some(LinkStatus::ReconnectNeeded), ..worst.clone() };
        assert_eq!(doing(lost), Doing::ReconnectNeeded);
        assert_eq!(doing(worst), Doing::Stopped { until: Some(at(99)) });
        let paused = Facts { stream: None, ..by_hand(Action::Pause) };
        assert_eq!(doing(paused), Doing::Paused { until: Some(at(99)) });
        assert_eq!(doing(by_hand(Action::Start)), Doing::Following);
        assert_eq!(doing(Facts { stream: None, ..troubled(Trouble::SpotifyDown) }), Doing::Idle);
    }

    #[test]
    fn a_crash_loop_shows_until_a_look_has_come_back() {
        let once = Crash::after(None, at(0), at(15), "no", 1.0);
        let twice = Crash::after(Some(&once), at(16), at(17), "no", 1.0);
        let down = |crash: &Crash, second| {
            let facts = Facts { crash: Some(crash.clone()), ..facts() };
            matches!(facts.status(at(second)).doing, Doing::CrashLoop { .. })
        };
        assert!(down(&once, 15) && !down(&once, 16), "a rest of a second");
        assert!(down(&twice, 18) && down(&twice, 30), "it has not looked since");
        let seen = Seen { last_look_at: Some(at(18)), trouble: None };
        let back = Facts { crash: Some(twice), seen, ..facts() };
        assert_eq!(back.status(at(30)).doing, Doing::Following);
    }
}
