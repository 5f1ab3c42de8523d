//! Logins, grants, consents under way, links, settings and former names.

use super::{Shelf, at, key, people, streamer};
use crate::house::database::on_both;
use airlog::accounts::store::SealedTokens;
use airlog::accounts::{
    AfterLeaving, GrantStatus, LinkStatus, NewLink, NewUser, SealedApp, User, Visibility,
};
use airlog::base::id::LinkId;
use chrono::TimeDelta;
use chrono_tz::Tz;

fn person(twitch_id: &str, login: &str) -> NewUser {
    let (twitch_id, name) = (twitch_id.to_owned(), login.to_uppercase());
    NewUser {
        twitch_id,
        login: login.to_owned(),
        name,
        timezone: Some(Tz::Asia__Tokyo),
        retention_days: None,
    }
}

fn sealed(name: &str, ends: i64) -> SealedTokens {
    let (access, refresh) = (format!("{name} access"), format!("{name} refresh"));
    SealedTokens { client_id: String::new(), access, refresh, expires_at: Some(at(ends)) }
}

async fn whoever_logs_in_is_greeted_and_keeps_what_they_chose() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let bob = people::greet(db, &person("1002", "bob"), at(1)).await.expect("bob");
    assert_eq!((bob.enabled, bob.timezone, bob.retention_days), (false, Tz::Asia__Tokyo, None));
    assert_eq!((bob.login.as_str(), bob.name.as_str()), ("bob", "BOB"));
    let chosen = User {
        enabled: true,
        visibility: Visibility::Private,
        retention_days: Some(30),
        timezone: Tz::Europe__Paris,
        delay_seconds: 12,
        after_leaving: AfterLeaving::Delete,
        ..bob
    };
    people::put_settings(db, &chosen, at(2)).await.expect("kept");
    let again = people::greet(db, &person("1002", "bob"), at(3)).await.expect("bob again");
    assert_eq!(again, chosen);
    // Ann, who was put in by hand, logs in.
    let ann = people::greet(db, &person("1001", "ann"), at(4)).await.expect("ann");
    assert_eq!(ann, User { name: "ANN".into(), ..shelf.ann.clone() });
    db.close().await;
}

async fn an_old_login_leads_to_its_holder_until_somebody_else_has_it() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    assert!(people::rename(db, "1001", "annie", "Annie", at(1)).await.expect("renamed"));
    assert!(!people::rename(db, "1001", "annie", "Annie", at(2)).await.expect("an answer"), "nothing new");
    assert!(!people::rename(db, "9999", "nobody", "Nobody", at(2)).await.expect("an answer"));
    let former = people::by_former_login(db, "ann").await.expect("an answer").expect("annie");
    assert_eq!((former.id, former.login.as_str(), former.name.as_str()), (shelf.ann.id, "annie", "Annie"));
    assert!(people::by_login(db, "ann").await.expect("an answer").is_none());

    // Somebody new takes the old login, and then the new one, whose holder we have not heard of since.
    people::greet(db, &person("1002", "ann"), at(3)).await.expect("another ann");
    assert!(people::by_former_login(db, "ann").await.expect("an answer").is_none());
    people::rename(db, "1002", "annie", "Annie", at(4)).await.expect("renamed");
    let old = people::by_id(db, shelf.ann.id).await.expect("an answer").expect("the first ann");
    assert_eq!(old.login, "~1001");
    people::rename(db, "1001", "anna", "Anna", at(5)).await.expect("renamed");
    assert!(people::by_former_login(db, "~1001").await.expect("an answer").is_none());
    assert_eq!(
        people::by_former_login(db, "ann").await.expect("an answer").expect("annie").twitch_id,
        "1002"
    );
    db.close().await;
}

async fn a_browser_is_let_in_until_its_time_is_over_or_it_leaves() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    for (hash, until) in [("one", 100), ("two", 200), ("three", 200)] {
        people::put_login(db, hash, ann, at(0), at(until)).await.expect("in");
    }
    let login = people::login(db, "one", at(99)).await.expect("an answer").expect("a login");
    assert_eq!((login.user.id, login.seen_at, login.is_owner), (ann, at(0), false));
    assert!(people::login(db, "one", at(100)).await.expect("an answer").is_none(), "over");
    assert!(people::login(db, "four", at(1)).await.expect("an answer").is_none());
    people::touch_login(db, "one", at(50), at(150)).await.expect("noted");
    let login = people::login(db, "one", at(149)).await.expect("an answer").expect("a login");
    assert_eq!(login.seen_at, at(50));
    people::drop_login(db, "two").await.expect("out");
    assert!(people::login(db, "two", at(1)).await.expect("an answer").is_none());
    people::drop_logins_of(db, ann).await.expect("out");
    assert!(people::login(db, "three", at(1)).await.expect("an answer").is_none());
    db.close().await;
}

async fn a_grant_is_put_renewed_validated_and_ended() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert_eq!(people::grant_status(db, ann).await.expect("an answer"), None);
    let scopes = ["user:read:chat".to_owned()];
    people::put_grant(db, ann, &sealed("old", 100), &scopes, at(0)).await.expect("kept");
    assert_eq!(people::grant_tokens(db, ann).await.expect("an answer"), Some(sealed("old", 100)));
    people::replace_grant(db, ann, &sealed("new", 200), at(1)).await.expect("kept");
    assert_eq!(people::grant_tokens(db, ann).await.expect("an answer"), Some(sealed("new", 200)));
    assert_eq!(people::with_grant(db).await.expect("all")[0].id, ann);

    assert!(people::grants_ending_before(db, at(200)).await.expect("some").is_empty());
    assert_eq!(people::grants_ending_before(db, at(201)).await.expect("some"), [ann]);
    people::note_validated(db, ann, at(50)).await.expect("noted");
    assert!(people::grants_validated_before(db, at(50)).await.expect("some").is_empty());
    assert_eq!(people::grants_validated_before(db, at(51)).await.expect("some"), [ann]);

    people::end_grant(db, ann, at(60)).await.expect("ended");
    assert_eq!(people::grant_status(db, ann).await.expect("an answer"), Some(GrantStatus::Refused));
    people::replace_grant(db, ann, &sealed("late", 300), at(61)).await.expect("an answer");
    assert_eq!(people::grant_tokens(db, ann).await.expect("an answer"), None, "what has ended stays so");
    assert!(people::with_grant(db).await.expect("all").is_empty());
    let leaving = User { after_leaving: AfterLeaving::Delete, ..shelf.ann.clone() };
    people::put_settings(db, &leaving, at(62)).await.expect("kept");
    assert!(people::gone_with_their_lists(db).await.expect("nobody").is_empty());

    people::put_login(db, "browser", ann, at(62), at(900)).await.expect("in");
    assert!(!people::let_go(db, ann, at(-1), at(63)).await.expect("an answer"), "she has come back since");
    assert!(
        people::let_go(db, ann, at(63), at(64)).await.expect("gone"),
        "also when Twitch has refused before"
    );
    assert_eq!(people::grant_status(db, ann).await.expect("an answer"), Some(GrantStatus::Revoked));
    assert_eq!(people::gone_with_their_lists(db).await.expect("one"), [ann]);
    assert!(!people::by_id(db, ann).await.expect("an answer").expect("ann").enabled);
    assert!(people::link_of(db, ann).await.expect("an answer").is_none());
    assert!(people::login(db, "browser", at(65)).await.expect("an answer").is_none());
    let wanted = User { enabled: true, ..leaving };
    people::put_settings(db, &wanted, at(66)).await.expect("kept");
    assert!(!people::let_go(db, ann, at(67), at(68)).await.expect("an answer"), "somebody leaves once");
    assert!(
        people::by_id(db, ann).await.expect("an answer").expect("ann").enabled,
        "what was wanted since stays"
    );
    people::put_grant(db, ann, &sealed("again", 400), &[], at(70)).await.expect("logged in again");
    assert!(people::gone_with_their_lists(db).await.expect("nobody").is_empty());
    assert_eq!(people::grant_status(db, ann).await.expect("an answer"), Some(GrantStatus::Valid));
    db.close().await;
}

async fn a_link_is_put_in_place_of_another_and_removed() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let id = LinkId::derived(at(1), &["new"]);
    let new = NewLink {
        client_id: "other app".into(),
        expires_at: Some(at(100)),
        scopes: vec!["a".into(), "b".into()],
    };
    let tokens = ["sealed access".to_owned(), "sealed refresh".to_owned()];
    people::put_link(db, ann, id, &new, &tokens, Some("sealed secret"), at(1)).await.expect("linked");
    let link = people::link_of(db, ann).await.expect("an answer").expect("a link");
    assert_eq!((link.id, link.client_id.as_str(), link.status), (id, "other app", LinkStatus::Connected));
    assert_eq!(link.authorized_at, at(1));
    let stored = people::tokens(db, id).await.expect("an answer").expect("tokens");
    assert_eq!((stored.tokens.access.as_str(), stored.tokens.expires_at), ("sealed access", Some(at(100))));
    assert_eq!(stored.client_secret.as_deref(), Some("sealed secret"));
    people::replace_secret(db, id, "new secret", at(2)).await.expect("kept");
    let stored = people::tokens(db, id).await.expect("an answer").expect("tokens");
    assert_eq!(stored.client_secret.as_deref(), Some("new secret"));
    assert!(people::drop_link(db, ann).await.expect("gone"));
    assert!(!people::drop_link(db, ann).await.expect("an answer"));
    assert!(people::link_of(db, ann).await.expect("an answer").is_none());
    db.close().await;
}

async fn a_house_has_one_owner_the_first_to_claim_it() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(1)).await.expect("bob");
    assert_eq!(people::owner(db).await.expect("an answer"), None);
    for user in [bob.id, shelf.ann.id, bob.id] {
        people::claim_house(db, user, at(2)).await.expect("an answer");
        assert_eq!(people::owner(db).await.expect("an answer"), Some(bob.id));
    }
    people::remove(db, "bob").await.expect("gone");
    assert_eq!(people::owner(db).await.expect("an answer"), None);
    db.close().await;
}

async fn a_consent_is_taken_once() {
    use airlog::accounts::{Flow, Provider};
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let link = Flow {
        browser_hash: "browser".into(),
        provider: Provider::Spotify,
        user: Some(shelf.ann.id),
        client_id: "app".into(),
        redirect_uri: "http://127.0.0.1/back".into(),
        verifier: Some("sealed".into()),
        timezone: None,
        is_owner: false,
        origin: None,
        expires_at: at(100),
    };
    let login = Flow {
        provider: Provider::Twitch,
        user: None,
        verifier: None,
        timezone: Some(Tz::Asia__Tokyo),
        is_owner: true,
        origin: Some("http://localhost:8080".into()),
        expires_at: at(10),
        ..link.clone()
    };
    people::put_flow(db, "login", &login, at(0)).await.expect("kept");
    people::put_flow(db, "late", &login, at(0)).await.expect("kept");
    assert_eq!(
        people::flow(db, "login").await.expect("an answer"),
        Some(login.clone()),
        "looked at, it stays"
    );
    assert_eq!(people::take_flow(db, "login").await.expect("an answer"), Some(login));
    assert_eq!(people::take_flow(db, "login").await.expect("an answer"), None);
    people::put_flow(db, "link", &link, at(11)).await.expect("kept");
    assert_eq!(people::take_flow(db, "late").await.expect("an answer"), None, "nobody came back in time");
    assert_eq!(people::take_flow(db, "link").await.expect("an answer"), Some(link));
    db.close().await;
}

async fn a_login_by_device_code_is_begun_asked_about_ended_and_taken_once() {
    use airlog::accounts::{DeviceLogin, DeviceOutcome};
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let begun = DeviceLogin {
        client_id: "app".into(),
        device_code: "sealed".into(),
        user_code: "ABCDEFGH".into(),
        verification_uri: "https://www.twitch.tv/activate?device-code=ABCDEFGH".into(),
        interval: TimeDelta::seconds(5),
        login: Some("ann".into()),
        timezone: Some(Tz::Asia__Tokyo),
        is_owner: false,
        asked_at: at(0),
        outcome: None,
        expires_at: at(1_800),
    };
    people::put_device_login(db, "browser", &begun, at(0)).await.expect("kept");
    assert_eq!(people::device_login(db, "browser").await.expect("an answer"), Some(begun.clone()));
    assert_eq!(people::device_login(db, "another").await.expect("an answer"), None);
    for (second, may) in [(4, false), (5, true), (5, false), (9, false), (10, true)] {
        let turn = people::device_turn(db, "browser", at(second - 5), at(second)).await;
        assert_eq!(turn.expect("an answer"), may, "at {second}");
    }
    assert_eq!(people::take_device_login(db, "browser").await.expect("an answer"), None, "it waits");

    let anew =
        DeviceLogin { device_code: "sealed anew".into(), login: None, is_owner: true, ..begun.clone() };
    people::put_device_login(db, "browser", &anew, at(20)).await.expect("kept");
    let ann = Some(shelf.ann.id);
    let (old, new) = ("sealed", "sealed anew");
    people::end_device_login(db, "browser", old, DeviceOutcome::Refused, None).await.expect("an answer");
    assert_eq!(people::device_login(db, "browser").await.expect("an answer"), Some(anew), "another's end");
    people::end_device_login(db, "browser", new, DeviceOutcome::Confirmed, ann).await.expect("noted");
    let ended = people::device_login(db, "browser").await.expect("an answer").expect("a login");
    assert_eq!(ended.outcome, Some(DeviceOutcome::Confirmed));
    assert!(!people::device_turn(db, "browser", at(100), at(100)).await.expect("an answer"), "it is over");
    assert_eq!(people::take_device_login(db, "browser").await.expect("an answer"), ann);
    assert_eq!(people::take_device_login(db, "browser").await.expect("an answer"), None, "once");

    people::put_device_login(db, "old", &begun, at(0)).await.expect("kept");
    people::end_device_login(db, "old", old, DeviceOutcome::NotAllowed, None).await.expect("noted");
    assert_eq!(people::take_device_login(db, "old").await.expect("an answer"), None);
    people::put_device_login(db, "late", &begun, at(1_800 + 3_601)).await.expect("kept");
    assert_eq!(people::device_login(db, "old").await.expect("an answer"), None, "long over");
    db.close().await;
}

async fn a_streamers_own_app_is_put_in_place_of_another_and_removed() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert_eq!(people::app_of(db, ann).await.expect("an answer"), None);
    for (id, secret, second) in [("one", Some("sealed"), 1), ("two", None, 2)] {
        people::put_app(db, ann, id, secret, at(second)).await.expect("kept");
        let app = SealedApp {
            client_id: id.into(),
            client_secret: secret.map(str::to_owned),
            updated_at: at(second),
        };
        assert_eq!(people::app_of(db, ann).await.expect("an answer"), Some(app));
    }
    assert!(people::drop_app(db, ann).await.expect("gone"));
    assert!(!people::drop_app(db, ann).await.expect("an answer"));
    people::put_app(db, ann, "one", Some("sealed"), at(3)).await.expect("kept");
    people::remove(db, "ann").await.expect("gone");
    assert_eq!(people::app_of(db, ann).await.expect("an answer"), None, "it went along");
    db.close().await;
}

on_both! {
    a_streamers_own_app_is_put_in_place_of_another_and_removed,
    whoever_logs_in_is_greeted_and_keeps_what_they_chose,
    an_old_login_leads_to_its_holder_until_somebody_else_has_it,
    a_browser_is_let_in_until_its_time_is_over_or_it_leaves,
    a_grant_is_put_renewed_validated_and_ended,
    a_link_is_put_in_place_of_another_and_removed,
    a_house_has_one_owner_the_first_to_claim_it,
    a_consent_is_taken_once,
    a_login_by_device_code_is_begun_asked_about_ended_and_taken_once,
}
