//! The list by hand: what its streamer and their moderators hide, restore, correct and add, and the panic buttons.
//!
//! Whatever is hidden vanishes for everybody at once, before it is stored: the writer knows it first, then viewers, then
//! the database. What brings something back is stored first. Deeds about one list follow one another, are done to the end
//! also when whoever asked is gone, and stand in the audit log.

mod api;
pub mod model;
mod pages;
mod panic;
mod plays;
pub mod rules;
pub mod store;
mod view;

pub use model::{Panic, Refused};
pub use view::Buttons;

use crate::accounts::User;
use crate::audit::{Audit, By, Deed};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{PlayId, UserId};
use crate::db::Db;
use crate::http::Site;
use crate::hub::Hub;
use crate::live::{Act, Hide, Writer, waiting};
use anyhow::Context as _;
use axum::Router;
use model::Listed;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

/// How long whoever hides something waits to see it stored. It is done whether or not it is.
const A_MOMENT: Duration = Duration::from_secs(2);
/// How long whoever brings something back waits for what is to be stored before.
const PATIENCE: Duration = Duration::from_secs(5);

/// What people do to lists. It can be cloned into handlers.
#[derive(Debug, Clone)]
pub struct Curation {
    inner: Arc<Inner>,
}

/// What the room is built from.
#[derive(Debug)]
pub struct Parts {
    /// Where plays are stored.
    pub db: Db,
    /// Where they wait to be.
    pub writer: Writer,
    /// Who follows them.
    pub hub: Hub,
    /// Who did what.
    pub audit: Audit,
    /// The time.
    pub clock: SharedClock,
    /// What its pages know of the server.
    pub site: Site,
}

#[derive(Debug)]
struct Inner {
    parts: Parts,
    /// One deed at a time about one list.
    turns: Mutex<HashMap<UserId, Arc<tokio::sync::Mutex<()>>>>,
}

/// The room's routes.
pub fn router(curation: Curation) -> Router {
    Router::new().merge(pages::router()).merge(api::router()).with_state(curation)
}

impl Curation {
    /// The room, built of these.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { inner: Arc::new(Inner { parts, turns: Mutex::default() }) }
    }

    /// The plays of a streamer that began in `from..to`, hidden ones too, in order: what waits to be stored as well.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn plays(&self, user: UserId, from: Instant, to: Instant) -> anyhow::Result<Vec<Listed>> {
        let known = self.inner.waiting(user);
        let stored = store::between(&self.inner.parts.db, user, from, to).await.context("reading plays")?;
        let mut plays = known.over(stored);
        plays.retain(|play| (from..to).contains(&play.track.started_at));
        Ok(plays)
    }

    /// Does a deed to the end, after those before it about the same list.
    async fn does<T: Send + 'static, F: Future<Output = anyhow::Result<T>> + Send>(
        &self,
        user: UserId,
        deed: impl FnOnce(Arc<Inner>) -> F + Send + 'static,
    ) -> anyhow::Result<T> {
        let inner = Arc::clone(&self.inner);
        let done = tokio::spawn(async move {
            let turn = inner.turn(user);
            let _turn = turn.lock().await;
            let (writer, outcome) = (inner.parts.writer.clone(), deed(inner).await);
            writer.revisions().bump(user);
            outcome
        });
        done.await.context("a deed about a list failed")?
    }
}

/// What is known of a list and not stored yet.
struct Waiting {
    plays: Vec<Listed>,
    hidden: HashSet<PlayId>,
    now: Instant,
}

impl Waiting {
    /// What is stored, with this on top of it, by the beginning of plays.
    fn over(self, stored: Vec<Listed>) -> Vec<Listed> {
        let known: HashSet<PlayId> = stored.iter().map(|play| play.track.id).collect();
        let mut plays = stored;
        plays.extend(self.plays.into_iter().filter(|play| !known.contains(&play.track.id)));
        for play in plays.iter_mut().filter(|play| self.hidden.contains(&play.track.id)) {
            play.hidden_at.get_or_insert(self.now);
        }
        plays.sort_by_key(|play| (play.track.started_at, play.track.id));
        plays
    }
}

impl Inner {
    fn now(&self) -> Instant {
        self.parts.clock.now()
    }

    fn turn(&self, user: UserId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(user).or_default())
    }

    /// Ask it before the database: what is stored meanwhile is seen twice rather than never.
    fn waiting(&self, user: UserId) -> Waiting {
        let (hidden, now) = (self.parts.writer.hidden_of(user), self.now());
        let plays = waiting(&self.parts.writer, user).into_iter();
        let plays = plays.map(|track| Listed::waiting(track, now)).collect();
        Waiting { plays, hidden, now }
    }

    /// A play, if it is this streamer's.
    async fn play(&self, user: UserId, id: PlayId) -> anyhow::Result<Listed> {
        let known = self.waiting(user);
        let stored = store::play(&self.parts.db, user, id).await.context("reading a play")?;
        let plays = known.over(stored.into_iter().collect());
        Ok(plays.into_iter().find(|play| play.track.id == id).ok_or(Refused::Unknown)?)
    }

    /// Hides plays, for everybody at once.
    async fn take_out(&self, user: UserId, plays: &[PlayId], act: Option<Act>) {
        if plays.is_empty() {
            return;
        }
        let Parts { writer, hub, .. } = &self.parts;
        writer.hide(plays, Hide { user_id: user, at: self.now(), act });
        hub.withdraw(user, plays).await;
        writer.revisions().bump(user);
        if timeout(A_MOMENT, writer.settled(user)).await.is_err() {
            tracing::warn!(%user, "what was hidden is not stored yet; that is tried on");
        }
    }

    /// Waits until what has happened to a list is stored, so that it is not stored over what comes.
    async fn settled(&self, user: UserId) -> anyhow::Result<()> {
        Ok(timeout(PATIENCE, self.parts.writer.settled(user)).await.map_err(|_| Refused::Busy)?)
    }

    async fn bring_back(&self, user: UserId, plays: &[Listed]) {
        let plays: Vec<_> = plays.iter().map(|play| (play.track.clone(), play.noticed_at)).collect();
        self.parts.hub.restore(user, &plays).await;
        self.parts.writer.revisions().bump(user);
    }

    async fn note(&self, user: &User, by: &By, deed: Deed, about: &str) {
        self.parts.audit.note(user.id, by, deed, about).await;
    }
}

/// A play as the log tells of it.
fn told(play: &Listed) -> String {
    format!("{} – {}", play.track.artist, play.track.name)
}
