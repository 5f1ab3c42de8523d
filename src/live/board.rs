//! The board: what sessions have last seen and what stood in their way, for whoever asks how things are. In memory.

use super::ask::Failure;
use crate::accounts::TokenError;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::clients::oauth::OAuthError;
use crate::clients::spotify::{Forbidden, SpotifyError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What stands in the way of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Spotify asked us to wait.
    RateLimited,
    /// Spotify does not let us look, for this reason.
    Forbidden(Forbidden),
    /// Spotify did not answer.
    SpotifyDown,
    /// Spotify's answer made no sense.
    Unreadable,
    /// The link is lost.
    LinkLost,
    /// Spotify does not accept the app itself: its client id or its secret.
    AppRefused,
}

impl Trouble {
    /// What a failure means for the streamer; none when it is none for them.
    pub(super) fn of(failure: &Failure) -> Option<Self> {
        match failure {
            Failure::LinkLost => Some(Self::LinkLost),
            Failure::NoToken(TokenError::Service(OAuthError::BadClient(_))) => Some(Self::AppRefused),
            Failure::NoToken(_) => Some(Self::SpotifyDown),
            Failure::LinkGone | Failure::Spotify(SpotifyError::NoActiveDevice) => None,
            Failure::Spotify(SpotifyError::Forbidden(reason)) => Some(Self::Forbidden(*reason)),
            Failure::Spotify(SpotifyError::Unauthorized(_)) => Some(Self::Forbidden(Forbidden::Scope)),
            Failure::Spotify(SpotifyError::RateLimited { .. }) => Some(Self::RateLimited),
            Failure::Spotify(SpotifyError::Unreadable { .. }) => Some(Self::Unreadable),
            Failure::Spotify(SpotifyError::Status { .. } | SpotifyError::NoAnswer(_)) => {
                Some(Self::SpotifyDown)
            }
        }
    }
}

/// What is known of one streamer's looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// When a look last learned something.
    pub last_look_at: Option<Instant>,
    /// What stood in the way of the newest look.
    pub trouble: Option<Trouble>,
}

/// The board; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    seen: Arc<Mutex<HashMap<UserId, Seen>>>,
}

impl Board {
    /// A session begins: what stood in the way of the one before it may be gone.
    pub(super) fn began(&self, user: UserId) {
        self.seen().entry(user).or_default().trouble = None;
    }

    /// A look came back.
    pub(super) fn looked(&self, user: UserId, trouble: Option<Trouble>, now: Instant) {
        let mut all = self.seen();
        let seen = all.entry(user).or_default();
        seen.trouble = trouble;
        if trouble.is_none() {
            seen.last_look_at = Some(now);
        }
    }

    /// What is known of this streamer.
    pub(super) fn of(&self, user: UserId) -> Seen {
        self.seen().get(&user).copied().unwrap_or_default()
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<UserId, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
