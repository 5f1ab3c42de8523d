//! How the room is seen and woken from outside: where each streamer's subscriptions stand, and word that somebody's
//! settings have changed.

use crate::base::id::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Where a streamer's subscriptions stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Twitch tells us of everything we asked for.
    Subscribed,
    /// It is being seen to.
    Connecting,
    /// Something is in the way. It is tried again, unless it is [`Trouble::GrantLost`].
    Trouble(Trouble),
}

/// What is in the way of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Twitch does not answer, or hangs up again and again.
    TwitchDown,
    /// Twitch says that there are too many: of calls, of sockets, or of subscriptions.
    TooMany,
    /// Twitch refuses the subscription.
    Refused,
    /// Twitch has asked us back and did not get the answer: `server.public_url` does not lead here.
    NotVerified,
    /// Twitch has ended the subscription because its messages did not get here.
    NotDelivered,
    /// Twitch has ended the subscription.
    Revoked,
    /// The streamer has to log in with Twitch again.
    GrantLost,
}

impl Trouble {
    /// A word for it that never changes, for programs and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TwitchDown => "twitch_down",
            Self::TooMany => "too_many",
            Self::Refused => "refused",
            Self::NotVerified => "not_verified",
            Self::NotDelivered => "not_delivered",
            Self::Revoked => "revoked",
            Self::GrantLost => "grant_lost",
        }
    }
}

/// A window into the room; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    standings: Mutex<HashMap<UserId, Standing>>,
    changed: Notify,
    revoked: Notify,
}

impl Watch {
    /// Where the subscriptions of a streamer stand; none while nobody subscribes for them, for example because they
    /// are not enabled. Cheap.
    #[must_use]
    pub fn of(&self, user: UserId) -> Option<Standing> {
        self.standings().get(&user).copied()
    }

    /// Says that people, their settings or their grants have changed: who is to be subscribed now is, within a second.
    pub fn wake(&self) {
        self.inner.changed.notify_one();
    }

    /// Waits until people have changed; a change since the last wait counts.
    pub(super) async fn changed(&self) {
        self.inner.changed.notified().await;
    }

    /// Says that Twitch has ended a subscription.
    pub(super) fn note_revoked(&self) {
        self.inner.revoked.notify_one();
    }

    /// Waits until Twitch has ended a subscription; one that it has ended since the last wait counts.
    pub(super) async fn revoked(&self) {
        self.inner.revoked.notified().await;
    }

    /// Shows where a streamer's subscriptions stand.
    pub(super) fn show(&self, user: UserId, standing: Standing) {
        self.standings().insert(user, standing);
    }

    /// Shows that something is in the way of a streamer's subscriptions, if anything is shown of them.
    pub(super) fn worsen(&self, user: UserId, trouble: Trouble) {
        self.standings().entry(user).and_modify(|standing| *standing = Standing::Trouble(trouble));
    }

    /// Shows all standings at once, in place of what was shown.
    pub(super) fn show_all(&self, standings: HashMap<UserId, Standing>) {
        *self.standings() = standings;
    }

    /// Shows nothing of a streamer any more.
    pub(super) fn forget(&self, user: UserId) {
        self.standings().remove(&user);
    }

    fn standings(&self) -> MutexGuard<'_, HashMap<UserId, Standing>> {
        self.inner.standings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
