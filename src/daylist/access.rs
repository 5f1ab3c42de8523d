//! Who may read whose list, and by which names: decided here, looked up elsewhere. Pure.

use crate::accounts::{User, Visibility};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::base::local_day::local_date;
use crate::hub::{Choices, Streamer, Terms};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

/// The most letters that a login of Twitch has.
const LONGEST_LOGIN: usize = 25;

/// Nobody waits longer, whatever stands in the database: times that far back must exist.
const LONGEST_DELAY: TimeDelta = TimeDelta::days(365);

/// A streamer whose list the visitor may read.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) id: UserId,
    pub(super) streamer: Streamer,
    pub(super) timezone: Tz,
    pub(super) terms: Terms,
    /// Whether this is from memory, because the database is away.
    pub(super) is_remembered: bool,
    /// Whether this is what was found a moment ago: good enough for a page that lies ready.
    pub(super) is_recent: bool,
    /// Whether the public may not read it, and the visitor is the streamer or somebody who helps them.
    pub(super) is_own: bool,
}

impl From<User> for Owner {
    fn from(user: User) -> Self {
        let Choices { streamer, timezone, terms } = choices(&user, true);
        let id = user.id;
        Self { id, streamer, timezone, terms, is_remembered: false, is_recent: false, is_own: false }
    }
}

impl Owner {
    /// The visitor themselves, or whom they help: nobody waits for what they hear.
    pub(super) fn own(user: User) -> Self {
        let owner = Self::from(user);
        Self { terms: Terms { delay: TimeDelta::zero(), ..owner.terms }, is_own: true, ..owner }
    }

    pub(super) fn choices(&self) -> Choices {
        Choices { streamer: self.streamer.clone(), timezone: self.timezone, terms: self.terms }
    }

    /// What time it is in what the public knows.
    pub(super) fn public_time(&self, now: Instant) -> Instant {
        now - self.terms.delay
    }

    /// The streamer's local day in what the public knows.
    pub(super) fn today(&self, now: Instant) -> NaiveDate {
        local_date(self.public_time(now), self.timezone)
    }

    /// As long as this stays, what was made of what is stored may be remembered: a minute, and only a second where a delay
    /// holds something back, which becomes public by the time alone.
    pub(super) fn freshness(&self, now: Instant) -> i64 {
        if self.terms.delay > TimeDelta::zero() { now.timestamp() } else { minute(now) }
    }

    /// Until when the public knows what is stored; none while that is all of it.
    pub(super) fn known_until(&self, now: Instant) -> Option<Instant> {
        known_until(self.terms, now)
    }
}

/// The minute it is: another process may write to the database too, so nothing is remembered for longer.
pub(super) fn minute(now: Instant) -> i64 {
    now.timestamp().div_euclid(60)
}

/// Until when the public knows what is stored; none while that is all of it.
pub(super) fn known_until(terms: Terms, now: Instant) -> Option<Instant> {
    (terms.delay > TimeDelta::zero()).then(|| now - terms.delay)
}

/// What a streamer has chosen, as the hub has it.
pub(super) fn choices(user: &User, is_public: bool) -> Choices {
    let delay =
        TimeDelta::try_seconds(user.delay_seconds).map_or(LONGEST_DELAY, |delay| delay.min(LONGEST_DELAY));
    let terms = Terms { is_public, retention_days: user.retention_days, delay };
    Choices { streamer: streamer(user), timezone: user.timezone, terms }
}

/// Whether everybody may read the list: it is public, and was enabled at some time.
pub(super) fn is_open(user: &User, has_music: bool) -> bool {
    user.visibility == Visibility::Public && (user.enabled || has_music)
}

/// Whether Twitch could have given out this name: nobody else need be looked for.
pub(super) fn is_login(name: &str) -> bool {
    (1..=LONGEST_LOGIN).contains(&name.len())
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
}

/// A streamer as viewers see them.
pub(super) fn streamer(user: &User) -> Streamer {
    Streamer { login: user.login.clone(), name: user.name.clone() }
}
