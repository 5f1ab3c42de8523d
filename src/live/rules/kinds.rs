//! What the rules are told and what they answer: inputs and effects.

use crate::base::clock::Instant;
use crate::clients::spotify::Limit;
use crate::live::budget::{Allowance, Rest};
use crate::live::gaps::Gap;
use crate::live::ignore::IgnoreRule;
use crate::live::model::{Ignored, Jump, Play, Sight};
use chrono::TimeDelta;

/// When to look.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The longest time between two looks.
    pub poll_interval: TimeDelta,
    /// How long after the expected end of a track the probe comes.
    pub probe_delay: TimeDelta,
    /// The shortest time between two looks.
    pub min_gap: TimeDelta,
    /// How long to wait after a 429 that names no time.
    pub default_cooldown: TimeDelta,
    /// How long to stand still when Spotify forbids to look, before looking once more.
    pub standstill: TimeDelta,
    /// When a look that has not reported is given up.
    pub lost_after: TimeDelta,
}

/// What happens to a session.
#[derive(Debug, Clone)]
pub enum Input {
    /// A wake-up went off.
    Wake {
        /// The epoch it was armed in.
        epoch: u64,
        /// Whether the writer has room for another play.
        may_store: bool,
        /// What the budget of the client id allows.
        allowance: Allowance,
    },
    /// A look came back.
    Looked {
        /// What it found.
        look: Look,
        /// What the budget of the client id allows from now on.
        allowance: Allowance,
    },
    /// The streamer has changed what is to be ignored, to this.
    Rules(Vec<IgnoreRule>),
    /// A look beside this session was admitted: what stood in the way may be gone.
    Admitted {
        /// Whether the writer has room for another play.
        may_store: bool,
        /// What the budget of the client id allows.
        allowance: Allowance,
    },
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// A track, playing or paused.
    Track(Box<Sight>),
    /// Nothing to log: no device, an advert, a podcast, a private session.
    Nothing,
    /// Spotify asks us to wait, until then if it said so.
    Wait {
        /// The named instant.
        not_before: Option<Instant>,
        /// Why.
        limit: Limit,
    },
    /// Spotify forbids to look, and only a person can change that.
    Forbidden,
    /// No observation: Spotify is down, or the look itself failed.
    Unknown,
    /// No observation: the answer made no sense.
    Unreadable,
    /// The link is lost: the streamer has to link again.
    LinkLost,
    /// The link is not there any more: it was replaced or removed.
    LinkGone,
}

/// What the session is to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Wake up at `at`, in place of any other wake-up.
    Arm {
        /// The wake-up's number.
        epoch: u64,
        /// When.
        at: Instant,
    },
    /// Look at the player.
    Look,
    /// Tell viewers of a new play.
    TellPlay(Play),
    /// Tell viewers what plays.
    TellNow(Option<Now>),
    /// Store a play.
    Persist(Play),
    /// Store that something was heard that is to be ignored.
    Ignore(Ignored),
    /// Tell viewers of a gap that opened or closed, and store it. What a closed one hides may be healed.
    Gap(Gap),
    /// Store that the track of the last play may have begun anew, after something that nobody saw.
    Jump(Jump),
    /// Let the client id rest.
    Cool(Rest),
    /// Stop following: the link is lost or gone.
    Stop,
}

/// What plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    /// The play.
    pub play: Play,
    /// False while paused.
    pub is_playing: bool,
    /// How far into it, in milliseconds.
    pub progress_ms: i64,
}
