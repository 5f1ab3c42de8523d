//! Mishaps: places where a test may have work end in a panic, to see who picks it up. Outside tests nothing strikes.

use std::fmt;
use std::sync::Arc;

/// Where work can be struck down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The registry, as it is told something.
    Registry,
    /// Reconciling one streamer, named by login.
    Reconciling,
    /// A session, named by login, as it is told something.
    Session,
    /// A session, named by login, that has told viewers of a play and not handed it to the writer yet.
    Told,
    /// A look at the player of a streamer, named by login.
    Look,
    /// Healing a stream, named by its id.
    Healing,
    /// The sweep, which has just deleted some rows of the table that is named.
    Sweep,
}

type Strike = dyn Fn(Place, &str) + Send + Sync;

/// What strikes: nothing by default.
#[derive(Clone, Default)]
pub struct Mishaps(Option<Arc<Strike>>);

impl Mishaps {
    /// Calls `strike` wherever work passes by, with whom it is for; it panics where it likes.
    #[must_use]
    pub fn by(strike: impl Fn(Place, &str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(strike)))
    }

    /// Work passes by.
    pub fn pass(&self, place: Place, whom: &str) {
        if let Some(strike) = &self.0 {
            strike(place, whom);
        }
    }
}

impl fmt::Debug for Mishaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mishaps").field(&self.0.is_some()).finish()
    }
}
