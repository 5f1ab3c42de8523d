//! "Test my link": one look that somebody asked for. It passes by the same budget as a session's looks, changes nothing
//! in the list, and is remembered until the next one, in memory.

use super::ask::Asker;
use super::budget::Purpose;
use super::diagnosis::{Diagnosis, diagnose};
use super::registry;
use super::root::Current;
use crate::accounts::{Accounts, LinkStatus, LinkView, SpotifyLink};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{LinkId, UserId};
use crate::clients::spotify::SpotifyPlayer;
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A test of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Which link was tested.
    pub link: Option<LinkId>,
    /// What it has found.
    pub diagnosis: Diagnosis,
    /// Whether Spotify was asked. It is not while the client id rests.
    pub asked: bool,
    /// When it ended.
    pub at: Instant,
}

/// The last test of one streamer; whoever tests holds it.
type Slot = Arc<tokio::sync::Mutex<Option<Trial>>>;

/// What it takes to test.
#[derive(Debug, Clone)]
pub(super) struct Trials {
    pub(super) accounts: Accounts,
    pub(super) asker: Asker,
    pub(super) player: SpotifyPlayer,
    pub(super) registry: Current,
    pub(super) clock: SharedClock,
    /// How long to wait after a 429 that names no time.
    pub(super) cooldown: TimeDelta,
    /// Whoever asks again sooner is told the same.
    pub(super) min_gap: TimeDelta,
    pub(super) slots: Arc<Mutex<HashMap<UserId, Slot>>>,
}

impl Trials {
    /// Tests a streamer's link. One test at a time: whoever asks meanwhile is told what it has found.
    pub(super) async fn test(&self, user: UserId) -> anyhow::Result<Trial> {
        let slot = self.slot(user);
        let mut last = slot.lock().await;
        let link = self.accounts.link(user).await.context("reading a link")?;
        let id = link.as_ref().map(|link| link.id);
        let since = self.clock.now() - self.min_gap;
        if let Some(last) = last.as_ref().filter(|last| last.link == id && last.at > since) {
            return Ok(last.clone());
        }
        let (diagnosis, asked) = self.diagnosis(link.as_ref()).await;
        if asked {
            self.act(user, link.as_ref(), &diagnosis);
        }
        let trial = Trial { link: id, diagnosis, asked, at: self.clock.now() };
        *last = Some(trial.clone());
        Ok(trial)
    }

    /// The last test, if none is under way.
    pub(super) fn last(&self, user: UserId) -> Option<Trial> {
        self.slot(user).try_lock().ok()?.clone()
    }

    /// What is wrong already is not asked again.
    async fn diagnosis(&self, link: Option<&LinkView>) -> (Diagnosis, bool) {
        let Some(link) = link else { return (Diagnosis::Unlinked, false) };
        if link.status == LinkStatus::ReconnectNeeded {
            return (Diagnosis::Lost, false);
        }
        if let Some(waits) = self.waits(&link.client_id) {
            return (waits, false);
        }
        let link = SpotifyLink { id: link.id, client_id: link.client_id.clone(), status: link.status };
        let question = |token| async move { self.player.look(&token).await };
        let answer = self.asker.ask(&link, Purpose::Test, question).await;
        (diagnose(answer, self.cooldown, self.clock.now()), true)
    }

    fn waits(&self, client_id: &str) -> Option<Diagnosis> {
        let spent = self.asker.budgets.not_before(client_id, Purpose::Test).map(Diagnosis::Spent);
        self.asker.budgets.purse(client_id).rest.map(Diagnosis::Rests).or(spent)
    }

    /// What a session would do about it, and a word to the session that may stand still.
    fn act(&self, user: UserId, link: Option<&LinkView>, diagnosis: &Diagnosis) {
        match (diagnosis, link) {
            (Diagnosis::Rests(rest), Some(link)) => self.asker.budgets.rest(&link.client_id, *rest),
            (Diagnosis::Lost, _) => self.accounts.changed(),
            (diagnosis, _) if diagnosis.is_admitted() => {
                self.registry.tell(registry::Message::Admitted(user));
            }
            _ => {}
        }
    }

    fn slot(&self, user: UserId) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(user).or_default())
    }
}
