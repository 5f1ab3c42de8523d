//! What Twitch does with subscriptions.

use super::*;
use crate::twins::world::{Delivery, TWITCH_CLIENT_ID};
use chrono::DateTime;
use serde_json::json;

fn at(seconds: i64) -> Instant {
    DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
}

fn app() -> Bearer {
    Bearer { login: None, client_id: TWITCH_CLIENT_ID.into(), scopes: vec![] }
}

fn user(login: &str) -> Bearer {
    Bearer { login: Some(login.into()), ..app() }
}

fn wish(kind: &str, place: &str) -> Wish {
    let transport = Transport::Webhook { callback: place.into(), secret: "0123456789".into() };
    let condition = json!({"broadcaster_user_id": "1001"});
    Wish { kind: kind.into(), version: "1".into(), condition, transport }
}

fn on_socket(kind: &str, session: &str) -> Wish {
    let transport = Transport::Socket { session_id: session.into(), connected_at: at(0) };
    Wish { transport, ..wish(kind, "") }
}

fn ann() -> World {
    let mut world = World::new(1);
    world.add_person("ann");
    world
}

fn confirmed(world: &mut World, kind: &str, place: &str) -> String {
    let id = world.subscribe(app(), wish(kind, place), at(0)).expect("a subscription").id;
    world.confirm(&id, true);
    world.take_deliveries();
    id
}

fn kinds(deliveries: &[Delivery]) -> Vec<(&str, &str)> {
    deliveries.iter().map(|d| (d.kind(), d.subscription.wish.kind.as_str())).collect()
}

fn refused(made: Result<Subscription, Refusal>) -> u16 {
    made.expect_err("refused").status
}

#[test]
fn a_webhook_is_challenged_and_hears_nothing_before_it_has_answered() {
    let mut world = ann();
    let id = world.subscribe(app(), wish("stream.online", "a"), at(0)).expect("a subscription").id;
    assert_eq!(kinds(&world.take_deliveries()), [("webhook_callback_verification", "stream.online")]);
    world.go_live("ann", at(1));
    assert!(world.take_deliveries().is_empty());
    world.go_offline("ann", at(2));
    world.confirm(&id, true);
    world.go_live("ann", at(3));
    assert_eq!(kinds(&world.take_deliveries()), [("notification", "stream.online")]);
}

#[test]
fn going_live_twice_is_told_once_and_going_offline_ends_that_stream() {
    let mut world = ann();
    confirmed(&mut world, "stream.online", "a");
    confirmed(&mut world, "stream.offline", "a");
    let first = world.go_live("ann", at(1));
    assert_eq!(world.go_live("ann", at(2)), first);
    world.go_offline("ann", at(3));
    world.go_offline("ann", at(4));
    let told = world.take_deliveries();
    assert_eq!(kinds(&told), [("notification", "stream.online"), ("notification", "stream.offline")]);
    assert_eq!(told[1].payload()["event"]["id"], first.id);
    assert_ne!(told[0].message_id, told[1].message_id);
}

#[test]
fn duplicates_unknown_types_and_wrong_tokens_are_refused() {
    let mut world = ann();
    confirmed(&mut world, "stream.online", "a");
    assert_eq!(refused(world.subscribe(app(), wish("stream.online", "a"), at(0))), 409);
    assert_eq!(refused(world.subscribe(user("ann"), wish("stream.online", "b"), at(0))), 400);
    assert_eq!(refused(world.subscribe(app(), on_socket("stream.online", "s"), at(0))), 400);
    assert_eq!(refused(world.subscribe(app(), wish("stream.paused", "a"), at(0))), 400);
    let nobody = Wish { condition: json!({}), ..wish("stream.offline", "a") };
    assert_eq!(refused(world.subscribe(app(), nobody, at(0))), 400);
    confirmed(&mut world, "stream.online", "b");
    confirmed(&mut world, "stream.online", "c");
    assert_eq!(refused(world.subscribe(app(), wish("stream.online", "d"), at(0))), 429);
}

#[test]
fn a_subscription_costs_one_unless_its_person_knows_the_app() {
    let mut world = ann();
    confirmed(&mut world, "stream.online", "a");
    assert_eq!(world.subscription_costs(&app()), (1, 10_000));
    world.person_mut("ann").knows_twitch_app = true;
    confirmed(&mut world, "stream.offline", "a");
    assert_eq!(world.subscription_costs(&app()), (1, 10_000));
    assert_eq!(world.subscription_costs(&user("ann")), (0, 10));
}

#[test]
fn a_revocation_is_told_once_and_ends_the_subscription() {
    let mut world = ann();
    let id = confirmed(&mut world, "stream.online", "a");
    world.revoke_subscriptions("ann", Standing::AuthorizationRevoked, at(1));
    let told = world.take_deliveries();
    assert_eq!(kinds(&told), [("revocation", "stream.online")]);
    assert_eq!(told[0].payload()["subscription"]["status"], "authorization_revoked");
    world.go_live("ann", at(2));
    assert!(world.take_deliveries().is_empty());
    assert!(world.unsubscribe(&app(), &id));
    assert!(!world.unsubscribe(&app(), &id));
}

#[test]
fn a_receiver_that_never_listens_is_given_up() {
    let mut world = ann();
    world.pace.delivery_failures = 2;
    let id = confirmed(&mut world, "stream.online", "a");
    for reached in [false, true, false] {
        world.delivered(&id, reached);
    }
    assert_eq!(world.subscriptions()[0].standing, Standing::Enabled);
    world.delivered(&id, false);
    assert_eq!(world.subscriptions()[0].standing, Standing::FailuresExceeded);
}

#[test]
fn socket_subscriptions_work_at_once_die_with_the_socket_and_are_one_persons() {
    let mut world = ann();
    let session = world.open_socket(at(0));
    assert!(!world.socket_is_used(&session));
    world.subscribe(user("ann"), on_socket("stream.online", &session), at(0)).expect("a subscription");
    assert_eq!(refused(world.subscribe(user("ben"), on_socket("stream.offline", &session), at(0))), 400);
    assert!(world.socket_is_used(&session));
    world.go_live("ann", at(1));
    assert_eq!(kinds(&world.take_deliveries()), [("notification", "stream.online")]);
    world.close_socket(&session, Standing::SocketClosed);
    assert_eq!(world.subscriptions()[0].standing.word(), "websocket_disconnected");
}

#[test]
fn messages_are_doubled_and_lost_as_told_and_challenges_are_not() {
    let mut world = ann();
    world.post_rules.copies = 2;
    world.post_rules.lost = 1;
    world.subscribe(app(), wish("stream.online", "b"), at(0)).expect("a subscription");
    assert_eq!(world.take_deliveries().len(), 1, "a challenge");
    confirmed(&mut world, "stream.online", "a");
    world.go_live("ann", at(1));
    assert!(world.take_deliveries().is_empty());
    world.go_offline("ann", at(2));
    world.go_live("ann", at(3));
    let told = world.take_deliveries();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].message_id, told[1].message_id);
}

#[test]
fn who_throws_the_app_out_ends_what_was_made_with_their_token_alone() {
    let mut world = ann();
    let apps = confirmed(&mut world, "stream.online", "a");
    let session = world.open_socket(at(0));
    let theirs = world.subscribe(user("ann"), on_socket("stream.offline", &session), at(0));
    let theirs = theirs.expect("a subscription").id;
    world.revoke_twitch("ann", at(1));
    assert_eq!(kinds(&world.take_deliveries()), [("revocation", "stream.offline")]);
    let standing = |id: &str| world.subscriptions().iter().find(|s| s.id == id).map(|s| s.standing.word());
    assert_eq!((standing(&apps), standing(&theirs)), (Some("enabled"), Some("authorization_revoked")));
}

#[test]
fn three_sockets_a_person_and_no_more() {
    let mut world = ann();
    for n in 0..3 {
        let about = Wish {
            condition: json!({"broadcaster_user_id": n.to_string()}),
            ..on_socket("stream.online", &format!("s{n}"))
        };
        world.subscribe(user("ann"), about, at(0)).expect("a subscription");
    }
    assert_eq!(refused(world.subscribe(user("ann"), on_socket("stream.online", "s3"), at(0))), 429);
}
