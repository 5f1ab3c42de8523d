//! Faults to install, calls to count, points to spend.

use super::World;
use super::calls::Call;
use super::faults::{Endpoint, Fault, FaultKind};
use super::tokens::Bearer;
use crate::base::clock::Instant;

impl World {
    /// From now on something goes wrong for this person: for calls with a token of theirs. Calls with an app
    /// token are nobody's, see [`World::fault_for_all`].
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::{RetryAfter, Times};
    use chrono::DateTime;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    const BROKEN: FaultKind = FaultKind::Status(500);

    #[test]
    fn a_fault_strikes_so_often_there_and_for_them_only() {
        let mut world = World::new(1);
        world.fault("ann", Fault::new(BROKEN).at(Endpoint::Player).times(Times::Next(2)), at(0));
        assert_eq!(world.trip(Endpoint::Player, Some("ben"), at(0)), None);
        assert_eq!(world.trip(Endpoint::Me, Some("ann"), at(0)), None);
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(0)), Some(BROKEN));
        assert_eq!(world.faults_of("ann", at(0)).len(), 1);
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(0)), Some(BROKEN));
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(0)), None);
    }

    #[test]
    fn a_fault_without_a_place_is_the_whole_web_api_but_neither_accounts_nor_twitch() {
        let mut world = World::new(1);
        world.fault_for_all(Fault::new(BROKEN), at(0));
        assert_eq!(world.trip(Endpoint::RecentlyPlayed, Some("ann"), at(0)), Some(BROKEN));
        assert_eq!(world.trip(Endpoint::RefreshGrant, Some("ann"), at(0)), None);
        assert_eq!(world.trip(Endpoint::Streams, None, at(0)), None);
    }

    #[test]
    fn a_rate_limit_tells_what_is_left_of_it_and_ends() {
        let mut world = World::new(1);
        world.fault("ann", Fault::rate_limit(30), at(0));
        let left = |seconds| Some(FaultKind::RateLimited(RetryAfter::Seconds(seconds)));
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(0)), left(30));
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(29)), left(1));
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(30)), None);
    }

    #[test]
    fn faults_are_cleared_for_one_person_or_for_all() {
        let mut world = World::new(1);
        world.fault("ann", Fault::new(BROKEN), at(0));
        world.fault("ben", Fault::new(BROKEN), at(0));
        world.clear_faults("ann");
        assert_eq!(world.trip(Endpoint::Player, Some("ann"), at(0)), None);
        assert_eq!(world.trip(Endpoint::Player, Some("ben"), at(0)), Some(BROKEN));
        world.clear_all_faults();
        assert_eq!(world.trip(Endpoint::Player, Some("ben"), at(0)), None);
    }

    #[test]
    fn points_are_spent_by_the_minute_and_by_bearer() {
        let mut world = World::new(1);
        world.pace.twitch_points = 2;
        let app = Bearer { login: None, client_id: "one".into(), scopes: vec![] };
        let left: Vec<Option<u32>> = (0..3).map(|second| world.spend_point(&app, at(second))).collect();
        assert_eq!(left, [Some(1), Some(0), None]);
        assert_eq!(world.spend_point(&Bearer { client_id: "two".into(), ..app.clone() }, at(3)), Some(1));
        assert_eq!(world.spend_point(&app, at(60)), Some(1));
    }

    #[test]
    fn calls_are_counted_by_endpoint_and_by_person() {
        let mut world = World::new(1);
        for login in [Some("ann"), Some("ben"), None] {
            let login = login.map(str::to_owned);
            world.note_call(Call { at: at(0), endpoint: Endpoint::Player, login, status: 200 });
        }
        assert_eq!((world.calls(Endpoint::Player), world.calls_of("ann", Endpoint::Player)), (3, 1));
        assert_eq!(world.recent_calls().count(), 3);
    }
}
