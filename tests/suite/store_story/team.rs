//! People who help, and keys of programs.

use super::{Shelf, at, key, people, streamer};
use crate::house::database::on_both;
use airlog::accounts::store::SealedTokens;
use airlog::accounts::{ApiKey, NewUser};
use airlog::base::id::KeyId;

fn person(twitch_id: &str, login: &str) -> NewUser {
    let (twitch_id, login, name) = (twitch_id.to_owned(), login.to_owned(), login.to_uppercase());
    NewUser { twitch_id, login, name, timezone: None, retention_days: None }
}

async fn whoever_is_named_is_known_by_id_as_soon_as_that_is_known() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let known = async || {
        let known = people::moderators(db, ann).await.expect("moderators");
        known.into_iter().map(|one| (one.named, one.twitch_id)).collect::<Vec<_>>()
    };
    let row = |named: &str, id: Option<&str>| (named.to_owned(), id.map(str::to_owned));
    let helped = async |id| people::helped_by(db, id).await.expect("an answer").len();
    let name = async |login, id| people::name_moderator(db, ann, login, id, at(1)).await.expect("named");

    name("bob", None).await;
    name("bob", None).await;
    assert_eq!((known().await, helped("1002").await), (vec![row("bob", None)], 0));
    people::bind_moderator(db, "1002", "bob").await.expect("bound");
    assert_eq!((known().await, helped("1002").await), (vec![row("bob", Some("1002"))], 1));

    // Somebody else has the login by now, and is named too; later bob is named by the login he has since.
    people::bind_moderator(db, "1003", "bob").await.expect("an answer");
    assert_eq!((known().await, helped("1003").await), (vec![row("~1002", Some("1002"))], 0));
    name("bob", Some("1003")).await;
    name("bobby", None).await;
    name("bobby", Some("1002")).await;
    assert_eq!(known().await, [row("bob", Some("1003")), row("bobby", Some("1002"))]);
    name("robert", None).await;
    people::bind_moderator(db, "1002", "robert").await.expect("bound");
    assert_eq!(known().await, [row("bob", Some("1003")), row("robert", Some("1002"))]);

    let gone = people::drop_moderator(db, ann, "robert").await.expect("gone").expect("robert");
    assert_eq!((gone.twitch_id.as_deref(), gone.since), (Some("1002"), at(1)));
    assert!(people::drop_moderator(db, ann, "robert").await.expect("an answer").is_none());
    assert_eq!(helped("1002").await, 0);
    db.close().await;
}

async fn whoever_only_helped_is_forgotten_and_a_streamer_is_not() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let moderator = people::greet(db, &person("1002", "mod"), at(1)).await.expect("mod");
    people::name_moderator(db, ann, "mod", Some("1002"), at(2)).await.expect("named");
    let bob = people::add(db, &key(), &streamer("bob", "1003"), at(1)).await.expect("bob");
    people::name_moderator(db, ann, "bob", Some("1003"), at(2)).await.expect("named");
    people::rename(db, "1002", "mod_two", "Mod", at(3)).await.expect("renamed");
    let shown = people::moderators(db, ann).await.expect("moderators");
    let logins = shown.iter().map(|one| (one.named.as_str(), one.login.as_str()));
    assert_eq!(logins.collect::<Vec<_>>(), [("bob", "bob"), ("mod", "mod_two")]);
    let streamers = people::streamers(db).await.expect("streamers");
    assert_eq!(streamers.iter().map(|one| one.login.as_str()).collect::<Vec<_>>(), ["ann", "bob"]);

    let for_themselves = async || {
        let people = people::logged_in_for_themselves(db).await.expect("people");
        people.into_iter().map(|user| user.login).collect::<Vec<_>>()
    };
    assert!(for_themselves().await.is_empty(), "nobody is logged in");
    for (hash, user) in [("one", ann), ("two", ann), ("three", bob.id), ("four", moderator.id)] {
        people::put_login(db, hash, user, at(4), at(100)).await.expect("in");
    }
    assert_eq!(for_themselves().await, ["ann"], "once, and none who help");

    assert!(!people::forget_helper(db, moderator.id).await.expect("an answer"), "still helps");
    for named in ["mod", "bob"] {
        people::drop_moderator(db, ann, named).await.expect("gone");
    }
    assert!(people::forget_helper(db, moderator.id).await.expect("an answer"));
    assert!(!people::forget_helper(db, bob.id).await.expect("an answer"), "streams here");
    assert_eq!(people::all(db).await.expect("all").len(), 2);
    db.close().await;
}

async fn a_key_is_found_by_its_hash_until_it_is_taken_away() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    people::claim_house(db, ann, at(0)).await.expect("hers");
    let make = |name: &str, second| ApiKey {
        id: KeyId::random(at(second)),
        name: name.to_owned(),
        scopes: "read track".parse().expect("scopes"),
        made_at: at(second),
        last_used_at: None,
    };
    let (deck, bot) = (make("Stream Deck “夜”", 1), make("bot", 2));
    people::put_key(db, ann, &bot, "hash of bot").await.expect("kept");
    people::put_key(db, ann, &deck, "hash of deck").await.expect("kept");
    assert!(people::put_key(db, ann, &make("again", 3), "hash of deck").await.is_err(), "no two are alike");
    people::touch_key(db, bot.id, at(9)).await.expect("noted");
    let bot = ApiKey { last_used_at: Some(at(9)), ..bot };
    assert_eq!(people::keys(db, ann).await.expect("keys"), [deck.clone(), bot.clone()]);
    let holder = people::holder(db, "hash of bot").await.expect("an answer").expect("ann");
    assert_eq!((holder.user.id, holder.is_owner, &holder.key), (ann, true, &bot));
    assert!(people::holder(db, "bot").await.expect("an answer").is_none());
    let bob = people::add(db, &key(), &streamer("bob", "1003"), at(1)).await.expect("bob");
    assert_eq!(people::drop_key(db, bob.id, deck.id).await.expect("an answer"), None);
    assert_eq!(people::drop_key(db, ann, deck.id).await.expect("gone"), Some(deck.name));
    assert!(people::holder(db, "hash of deck").await.expect("an answer").is_none());

    people::put_grant(db, ann, &tokens(), &[], at(10)).await.expect("kept");
    assert!(people::let_go(db, ann, at(20), at(21)).await.expect("gone"));
    assert!(people::keys(db, ann).await.expect("keys").is_empty(), "who leaves leaves no keys");
    db.close().await;
}

fn tokens() -> SealedTokens {
    let (client_id, access, refresh) = (String::new(), "access".to_owned(), "refresh".to_owned());
    SealedTokens { client_id, access, refresh, expires_at: Some(at(900)) }
}

on_both! {
    whoever_is_named_is_known_by_id_as_soon_as_that_is_known,
    whoever_only_helped_is_forgotten_and_a_streamer_is_not,
    a_key_is_found_by_its_hash_until_it_is_taken_away,
}
