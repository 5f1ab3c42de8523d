//! What is kept of a person: read page by page, and deleted when they leave.

use super::{Shelf, at, heart, key, people, play, streamer};
use crate::house::database::on_both;
use airlog::audit::{By, Deed, Entry, store as audit};
use airlog::base::id::{AuditId, UserId};
use airlog::db::Db;
use airlog::privacy::model::SECTIONS;
use airlog::privacy::store as record;
use airlog::retention::{Erased, Erasure, FOR_GOOD, store as broom};

async fn a_person_is_read_page_by_page_in_order_and_nobody_else() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(0)).await.expect("bob");
    let stream = shelf.stream("anns", 0).await;
    let all = [play(&stream, "c", 20), play(&stream, "a", 10), play(&stream, "b", 10)];
    heart::insert_plays(db, &all, at(50)).await.expect("stored");
    let plays = SECTIONS.iter().find(|section| section.name == "plays").expect("plays");
    let (mut told, mut after) = (Vec::new(), None);
    loop {
        let page = record::page(db, plays, ann, &after, 2).await.expect("a page");
        let Some(last) = page.last() else { break };
        after.clone_from(&last.cursor);
        assert!(page.len() <= 2);
        told.extend(page.iter().map(|line| line.told["provider_id"].as_str().expect("a name").to_owned()));
    }
    told[..2].sort();
    assert_eq!(told, ["a", "b", "c"]);
    for section in SECTIONS {
        let of_bob = record::page(db, section, bob.id, &None, 10).await.expect(section.name);
        let is_there = ["profile", "spotify_link"].contains(&section.name);
        assert_eq!(!of_bob.is_empty(), is_there, "{}", section.name);
        if let Some(line) = of_bob.first() {
            assert_eq!(line.told.len(), section.columns().count(), "{}", section.name);
        }
    }
    db.close().await;
}

/// A line of ann's log that bob wrote, and one that names him.
async fn bob_helps(db: &Db, ann: UserId, bob: UserId) {
    for (deed, about) in [(Deed::TrackHidden, "a track"), (Deed::ModeratorNamed, "bob")] {
        let by = By::Moderator { id: bob, login: "bob".into() };
        let entry = Entry { id: AuditId::random(at(1)), at: at(1), by, deed, about: about.into() };
        audit::put(db, ann, &entry).await.expect("noted");
    }
}

async fn who_leaves_is_nobody_at_once_and_nothing_more_of_them_is_stored() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(0)).await.expect("bob");
    bob_helps(db, ann, bob.id).await;
    people::claim_house(db, bob.id, at(0)).await.expect("his");
    let stream = shelf.stream("anns", 0).await;
    let bobs = airlog::live::model::Stream { user_id: bob.id, ..stream.clone() };
    let id = airlog::base::id::StreamId::derived(at(0), &["bobs"]);
    let bobs = airlog::live::model::Stream { id, ..bobs };
    heart::put_stream(db, &bobs, at(0)).await.expect("a stream");
    heart::insert_plays(db, &[play(&bobs, "a", 10)], at(50)).await.expect("stored");

    let departure = record::depart(db, &bob, "house", at(60)).await.expect("gone").expect("he was there");
    assert!(departure.was_owner && departure.deleted.contains(&("plays", 1)), "{departure:?}");
    assert!(record::depart(db, &bob, "house", at(61)).await.expect("an answer").is_none(), "once");
    assert_eq!(people::former_owners(db).await.expect("a number"), 1);
    assert_eq!(people::owner(db).await.expect("an answer"), None);
    assert!(people::by_id(db, bob.id).await.expect("an answer").is_none());
    assert!(people::by_login(db, "bob").await.expect("an answer").is_none());
    assert_eq!(people::all(db).await.expect("all").len(), 1, "ann is here");
    // What comes late is not stored.
    heart::insert_plays(db, &[play(&bobs, "late", 100)], at(70)).await.expect("left out");
    assert_eq!(heart::plays(db, bobs.id).await.expect("plays").len(), 1);
    let told = format!("{:?}", audit::newest(db, ann, None, 9).await.expect("a log"));
    assert!(!told.contains("bob") && told.matches("someone who left").count() == 3, "{told}");

    let wish = broom::open_wishes(db).await.expect("wishes").remove(0);
    assert_eq!(wish, Erasure { user: bob.id, before: FOR_GOOD });
    assert!(wish.is_for_good());
    assert_eq!(broom::erase(db, Erased::Plays, wish, 10).await.expect("deleted"), 1);
    broom::see_out(db, ann).await.expect("an answer");
    broom::see_out(db, bob.id).await.expect("gone");
    assert!(heart::insert_plays(db, &[play(&bobs, "later", 110)], at(80)).await.is_err(), "whose is it?");
    assert!(people::by_id(db, ann).await.expect("an answer").is_some(), "ann is not leaving");
    db.close().await;
}

async fn a_name_that_is_somebody_elses_by_now_stays_theirs() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(0)).await.expect("bob");
    people::rename(db, "1002", "robert", "Robert", at(1)).await.expect("renamed");
    bob_helps(db, ann, bob.id).await;
    people::name_moderator(db, ann, "bob", Some("1003"), at(2)).await.expect("another bob");
    people::name_moderator(db, ann, "robert", None, at(2)).await.expect("named");
    let robert = people::by_id(db, bob.id).await.expect("an answer").expect("robert");
    record::depart(db, &robert, "house", at(60)).await.expect("gone").expect("he was there");
    let left = people::moderators(db, ann).await.expect("moderators");
    assert_eq!(left.iter().map(|one| one.named.as_str()).collect::<Vec<_>>(), ["bob"]);
    let told = audit::newest(db, ann, None, 9).await.expect("a log");
    assert!(told.iter().any(|line| line.about == "bob"), "{told:?}");
    db.close().await;
}

on_both! {
    a_name_that_is_somebody_elses_by_now_stays_theirs,
    a_person_is_read_page_by_page_in_order_and_nobody_else,
    who_leaves_is_nobody_at_once_and_nothing_more_of_them_is_stored,
}
