//! What a purse allows.

use super::*;
use chrono::DateTime;
use proptest::prelude::*;

const MINUTE: TimeDelta = TimeDelta::seconds(60);

fn at(seconds: i64) -> Instant {
    DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
}

fn purse(limit: Option<u32>) -> Budget {
    Budget::new(limit, MINUTE, at(0))
}

#[test]
fn without_a_budget_nothing_is_forbidden_and_the_interval_only_shrinks() {
    let mut budget = purse(None);
    assert_eq!(budget.allowance(1, at(0)).interval, TimeDelta::milliseconds(23_100));
    for _ in 0..100 {
        budget.spend(1, at(0));
    }
    let allowed = Allowance { rests_until: None, not_before: None, interval: MINUTE };
    assert_eq!(budget.allowance(1, at(0)), allowed);
}

#[test]
fn a_client_id_that_many_share_is_not_hurried_without_a_budget() {
    assert!(purse(None).allowance(5, at(0)).interval < MINUTE);
    assert_eq!(purse(None).allowance(6, at(0)).interval, MINUTE);
}

#[test]
fn a_small_budget_stretches_the_interval_and_many_sessions_stretch_it_further() {
    let budget = purse(Some(25));
    assert!(budget.allowance(1, at(0)).interval > MINUTE);
    assert_eq!(budget.allowance(3, at(0)).interval, budget.allowance(1, at(0)).interval * 3);
}

#[test]
fn healing_may_spend_what_looks_leave() {
    let mut budget = purse(Some(25));
    budget.spend(1, at(0));
    budget.spend(1, at(0));
    assert!(budget.not_before(Purpose::Look, 1, at(0)).is_some());
    assert_eq!(budget.not_before(Purpose::Heal, 1, at(0)), None);
    assert_eq!(budget.not_before(Purpose::Test, 1, at(0)), None);
}

#[test]
fn a_rest_of_hours_is_kept_whatever_the_purse_says_and_never_shortened() {
    let mut budget = purse(None);
    budget.rest(Rest { until: at(36_000), limit: Limit::Quota });
    budget.rest(Rest { until: at(60), limit: Limit::Rate });
    assert_eq!(budget.longest_rest(), Some(Rest { until: at(36_000), limit: Limit::Quota }));
    assert_eq!(budget.allowance(1, at(35_999)).rests_until, Some(at(36_000)));
    assert_eq!(budget.allowance(1, at(36_000)).rests_until, None);
    assert_eq!(budget.not_before(Purpose::Heal, 1, at(0)), Some(at(36_000)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// However greedily sessions and healing ask, no hour sees more requests than the budget.
    #[test]
    fn no_hour_sees_more_requests_than_the_budget(
        limit in 6_u32..300,
        steps in prop::collection::vec((1_i64..90, any::<bool>(), 1_u32..8), 50..600),
    ) {
        let (mut budget, mut now, mut spent) = (purse(Some(limit)), at(0), Vec::new());
        for (seconds, heals, sessions) in steps {
            now += TimeDelta::seconds(seconds);
            let purpose = if heals { Purpose::Heal } else { Purpose::Look };
            if budget.not_before(purpose, sessions, now).is_none() {
                budget.spend(sessions, now);
                spent.push(now);
            }
        }
        for (index, from) in spent.iter().enumerate() {
            let within = spent[index..].iter().take_while(|at| **at - *from < TimeDelta::hours(1)).count();
            prop_assert!(within <= limit as usize, "{within} of {limit}");
        }
    }
}
