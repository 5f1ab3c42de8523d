//! Whose list everybody may read, and by which names: decided here, looked up elsewhere. Pure.

use crate::accounts::{User, Visibility};
use crate::base::id::UserId;
use crate::hub::{Streamer, Terms};
use chrono_tz::Tz;

/// The most letters that a login of Twitch has.
const LONGEST_LOGIN: usize = 25;

/// A streamer whose list everybody may read.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) id: UserId,
    pub(super) streamer: Streamer,
    pub(super) timezone: Tz,
    pub(super) terms: Terms,
    /// Whether this is from memory, because the database is away.
    pub(super) is_remembered: bool,
}

impl From<User> for Owner {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            streamer: streamer(&user),
            timezone: user.timezone,
            terms: Terms { is_public: true, retention_days: user.retention_days },
            is_remembered: false,
        }
    }
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
