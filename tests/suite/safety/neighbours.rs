//! What neighbours in one house, and readers of its log, cannot do.

use super::{house_for_anyone, passed_on};
use crate::house::database::on_both;
use crate::house::secrets::{Eavesdropper, betrayed};
use airlog::twins::{Endpoint, Fault, FaultKind};
use reqwest::Method;

const RULES: &str = "SELECT id FROM ignore_rules";

async fn nobody_takes_back_another_persons_rule() {
    let house = house_for_anyone().await;
    let (ann, bob) = (house.set_up("ann").await, house.set_up("bob").await);
    ann.fills_in("/dashboard/ignore", &[("kind", "artist"), ("value", "Nobody")]).await;
    let hers = house.sql(RULES).await;
    let [rule] = &*hers else { panic!("one rule: {hers:?}") };
    let tried = bob.fills_in("/dashboard/heed", &[("rule", rule)]).await;
    assert_eq!(tried.status, 200, "{}", tried.body);
    assert_eq!(house.sql(RULES).await, hers, "his form is good, but not for what is hers");
    let with_his = format!("rule={rule}&token={}", bob.form_token().await);
    let in_her_name = ann.answer_to(Method::POST, "/dashboard/heed", &with_his).await;
    assert_eq!(in_her_name.status(), 403, "his form is not good in her browser");
    assert_eq!(house.sql(RULES).await, hers);
    assert!(ann.opens("/dashboard").await.body.contains(&**rule));
    assert!(!bob.opens("/dashboard").await.body.contains(&**rule));
    ann.fills_in("/dashboard/heed", &[("rule", rule)]).await;
    assert!(house.sql(RULES).await.is_empty());
    house.closes().await;
}

on_both! { nobody_takes_back_another_persons_rule }

#[tokio::test]
async fn the_log_holds_nothing_of_what_a_browser_comes_back_with() {
    let eavesdropper = Eavesdropper::listens();
    let house = house_for_anyone().await;
    let (ann, eve) = (house.person("ann"), house.person("eve"));
    let mut brought = Vec::new();
    let mut answered = Vec::new();
    for (path, endpoint) in [("/auth/twitch", Endpoint::TwitchToken), ("/auth/spotify", Endpoint::CodeGrant)]
    {
        for is_down in [true, false] {
            let down = Fault::new(FaultKind::Status(503)).at(endpoint);
            let back = ann.says_yes(&ann.sent_to(path).await).await;
            brought.extend(back.query_pairs().map(|(_, value)| value.into_owned()));
            if is_down {
                house.twins.with(|world, now| world.fault_for_all(down, now));
            }
            for person in [&eve, &ann, &ann] {
                answered.push(person.answer(&passed_on(&back)).await.status().as_u16());
            }
            house.twins.with(|world, _| world.clear_all_faults());
        }
    }
    house.closes().await;
    let logged = eavesdropper.heard();
    assert_eq!(answered, [400, 503, 400, 400, 303, 400, 401, 503, 400, 401, 303, 400], "all ways it ends");
    assert_eq!(brought.len(), 8, "four codes and four states: {brought:?}");
    assert!(logged.contains("TRACE") && logged.contains("logged in"), "this was searched");
    assert_eq!(betrayed(&brought, &logged), Vec::<&str>::new());
}
