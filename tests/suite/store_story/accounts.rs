//! People, their links, and the messages of `EventSub` that were taken.

use super::{Shelf, at, key, people, streamer};
use crate::house::database::on_both;
use airlog::accounts::store::SealedTokens;
use airlog::accounts::{LinkStatus, NewStreamer};
use airlog::base::id::UserId;
use airlog::db::is_refused;
use airlog::db::sealed::keys;
use airlog::eventsub::store as messages;
use chrono_tz::Tz;

async fn people_come_are_found_and_go_with_everything() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    assert!(shelf.ann.enabled);
    assert_eq!((shelf.ann.timezone, shelf.ann.retention_days), (Tz::UTC, Some(7)));
    let bob = NewStreamer {
        name: Some("Bøb".into()),
        timezone: Some(Tz::Europe__Paris),
        ..streamer("Bob", "1002")
    };
    let bob = people::add(db, &key(), &bob, at(1)).await.expect("bob");
    assert_eq!((bob.login.as_str(), bob.name.as_str(), bob.timezone), ("bob", "Bøb", Tz::Europe__Paris));

    let logins: Vec<String> =
        people::all(db).await.expect("all").into_iter().map(|user| user.login).collect();
    assert_eq!(logins, ["ann", "bob"]);
    for found in [
        people::by_login(db, "ann").await,
        people::by_id(db, shelf.ann.id).await,
        people::by_twitch_id(db, "1001").await,
    ] {
        assert_eq!(found.expect("an answer").map(|user| user.id), Some(shelf.ann.id));
    }
    assert!(people::by_login(db, "Ann").await.expect("an answer").is_none(), "logins are lower case");

    // Added again, a streamer keeps id, name and zone, and gets a new link.
    let before = people::linked(db, UserId::FIRST, 9).await.expect("linked")[1].1.id;
    let renamed = people::add(db, &key(), &streamer("bobby", "1002"), at(2)).await.expect("bob again");
    assert_eq!((renamed.id, renamed.login.as_str(), renamed.name.as_str()), (bob.id, "bobby", "Bøb"));
    assert_ne!(people::linked(db, UserId::FIRST, 9).await.expect("linked")[1].1.id, before);
    let linked = async |after, most| -> Vec<UserId> {
        let page = people::linked(db, after, most).await.expect("linked");
        page.into_iter().map(|(user, _)| user.id).collect()
    };
    let [first, second]: [UserId; 2] = linked(UserId::FIRST, 9).await.try_into().expect("both");
    assert!(first < second && [first, second].contains(&bob.id));
    assert_eq!((linked(UserId::FIRST, 1).await, linked(first, 9).await), (vec![first], vec![second]));
    assert!(linked(second, 9).await.is_empty(), "they are all");

    let asked = [bob.id, UserId::random(at(0))];
    let some = people::some(db, &asked).await.expect("some");
    assert_eq!(some.iter().map(|user| user.id).collect::<Vec<_>>(), [bob.id]);
    let links = people::linked_among(db, &asked).await.expect("links");
    assert_eq!(links.into_keys().collect::<Vec<_>>(), [bob.id]);
    assert!(people::some(db, &[]).await.expect("nobody").is_empty());

    assert!(people::remove(db, "bobby").await.expect("gone"));
    assert!(!people::remove(db, "bobby").await.expect("an answer"), "there is no such streamer any more");
    assert_eq!(people::link_states(db).await.expect("states").len(), 1, "the link went along");
    db.close().await;
}

async fn whoever_is_refused_leaves_no_trace() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    people::add(db, &key(), &streamer("bob", "1002"), at(1)).await.expect("bob");
    let before = people::linked(db, UserId::FIRST, 9).await.expect("linked");
    let hoarder = |days| NewStreamer { retention_days: Some(days), ..streamer("cid", "1003") };
    let taken = [streamer("ann", "1003"), streamer("ann", "1002"), hoarder(0), hoarder(366)];
    for refused in taken {
        let error = people::add(db, &key(), &refused, at(2)).await.expect_err("a refusal");
        assert!(is_refused(&error), "{error}");
    }
    assert_eq!(
        people::linked(db, UserId::FIRST, 9).await.expect("linked"),
        before,
        "people, their names and their links"
    );
    db.close().await;
}

async fn tokens_are_stored_sealed_and_replaced_at_once() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let link = people::linked(db, UserId::FIRST, 9).await.expect("linked")[0].1.clone();
    assert_eq!((link.client_id.as_str(), link.status), ("app", LinkStatus::Connected));
    let sealed = people::tokens(db, link.id).await.expect("an answer").expect("tokens").tokens;
    assert!(!sealed.access.contains("access") && !sealed.refresh.contains("refresh"), "{sealed:?}");
    assert_eq!(keys(db).await.expect("an answer").into_iter().collect::<Vec<_>>(), [key().id()]);
    let (access, refresh) = ("new access".to_owned(), "new refresh".to_owned());
    let new = SealedTokens { client_id: "app".into(), access, refresh, expires_at: Some(at(100)) };
    for _ in 0..2 {
        people::replace_tokens(db, link.id, &new, at(5)).await.expect("a new pair");
    }
    let replaced = people::tokens(db, link.id).await.expect("an answer").expect("tokens");
    assert_eq!((replaced.tokens, replaced.client_secret), (new, None));
    people::break_link(db, link.id, at(6)).await.expect("marked");
    let states = people::link_states(db).await.expect("states");
    assert_eq!(states[&shelf.ann.id], LinkStatus::ReconnectNeeded);
    people::remove(db, "ann").await.expect("gone");
    assert_eq!(people::tokens(db, link.id).await.expect("an answer"), None);
    assert!(keys(db).await.expect("an answer").is_empty());
    db.close().await;
}

async fn a_message_is_remembered_until_it_is_old() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    assert!(!messages::is_known(db, "m1").await.expect("an answer"));
    for _ in 0..2 {
        messages::remember(db, "m1", at(0)).await.expect("kept");
    }
    messages::remember(db, "m2", at(10)).await.expect("kept");
    assert!(messages::is_known(db, "m1").await.expect("an answer"));
    assert_eq!(messages::forget(db, at(10)).await.expect("an answer"), 1, "what came then is not older");
    assert!(!messages::is_known(db, "m1").await.expect("an answer"));
    assert!(messages::is_known(db, "m2").await.expect("an answer"));
    db.close().await;
}

on_both! {
    people_come_are_found_and_go_with_everything,
    whoever_is_refused_leaves_no_trace,
    tokens_are_stored_sealed_and_replaced_at_once,
    a_message_is_remembered_until_it_is_old,
}
