//! Faults to install, calls to count, points to spend.

use super::World;
use super::calls::Call;
use super::faults::{Endpoint, Fault, FaultKind};
use super::tokens::Bearer;
use crate::base::clock::Instant;

impl World {
    /// From now on something goes wrong for this person.
    pub fn fault(&mut self, login: &str, fault: Fault, now: Instant) {
        let login = self.person_mut(login).login.clone();
        self.faults.install(Some(login), fault, now);
    }

    /// From now on something goes wrong for everybody, and for calls that are nobody's.
    pub fn fault_for_all(&mut self, fault: Fault, now: Instant) {
        self.faults.install(None, fault, now);
    }

    /// Nothing goes wrong any more for this person.
    pub fn clear_faults(&mut self, login: &str) {
        self.faults.clear(Some(login));
    }

    /// Nothing goes wrong any more.
    pub fn clear_all_faults(&mut self) {
        self.faults.clear(None);
    }

    /// What goes wrong for this person.
    #[must_use]
    pub fn faults_of(&self, login: &str, now: Instant) -> Vec<Fault> {
        self.faults.of(login, now).copied().collect()
    }

    /// What goes wrong with this call, if anything. A fault that happens so often only counts this as one.
    pub fn trip(&mut self, endpoint: Endpoint, login: Option<&str>, now: Instant) -> Option<FaultKind> {
        self.faults.trip(endpoint, login, now)
    }

    /// Notes a call that was answered.
    pub fn note_call(&mut self, call: Call) {
        self.calls.note(call);
    }

    /// How often this was called, by anybody.
    #[must_use]
    pub fn calls(&self, endpoint: Endpoint) -> u64 {
        self.calls.count(endpoint)
    }

    /// How often this was called with a token of this person.
    #[must_use]
    pub fn calls_of(&self, login: &str, endpoint: Endpoint) -> u64 {
        self.calls.count_of(login, endpoint)
    }

    /// The newest calls, oldest first; two thousand are remembered.
    #[must_use]
    pub fn recent_calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.newest()
    }

    /// Spends one of the points a Twitch bearer has in this minute; answers with how many are left, or none
    /// when they were all spent.
    pub fn spend_point(&mut self, bearer: &Bearer, now: Instant) -> Option<u32> {
        let minute = now.timestamp().div_euclid(60);
        let purse = self.points.entry((bearer.client_id.clone(), bearer.login.clone())).or_default();
        if purse.0 != minute {
            *purse = (minute, 0);
        }
        purse.1 = purse.1.saturating_add(1);
        self.pace.twitch_points.checked_sub(purse.1)
    }
}
