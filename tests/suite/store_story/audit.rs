//! The audit log.

use super::{Shelf, at};
use crate::house::database::on_both;
use airlog::audit::{By, Deed, Entry, store as audit};
use airlog::base::id::{AuditId, KeyId, UserId};

async fn what_was_done_is_read_with_who_did_it_the_newest_first() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let people = [
        By::Streamer,
        By::Moderator { id: UserId::random(at(0)), login: "mod".into() },
        By::Key { id: KeyId::random(at(0)), name: "stream deck".into() },
    ];
    let mut told = Vec::new();
    for (second, deed) in Deed::ALL.iter().enumerate() {
        let then = at(i64::try_from(second).expect("a few"));
        let by = people[second % 3].clone();
        let entry = Entry { id: AuditId::random(then), at: then, by, deed: *deed, about: "“Ça”".into() };
        audit::put(db, ann, &entry).await.expect("noted");
        told.insert(0, entry);
    }
    assert_eq!(audit::newest(db, ann, None, 100).await.expect("a log"), told);
    assert_eq!(audit::newest(db, ann, None, 2).await.expect("a log"), told[..2]);
    assert_eq!(audit::newest(db, ann, Some(told[1].id), 3).await.expect("a log"), told[2..5]);
    assert!(audit::newest(db, UserId::random(at(0)), None, 9).await.expect("a log").is_empty());
    db.close().await;
}

async fn titles_are_forgotten_and_that_something_was_done_is_not() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    for deed in Deed::ALL {
        let about = "a title".into();
        let entry = Entry { id: AuditId::random(at(1)), at: at(1), by: By::Streamer, deed: *deed, about };
        audit::put(db, ann, &entry).await.expect("noted");
    }
    let forget = async |before, most| audit::forget_titles(db, ann, at(before), most).await.expect("done");
    assert_eq!(
        (forget(1, 9).await, forget(2, 3).await, forget(2, 9).await, forget(2, 9).await),
        (0, 3, 2, 0)
    );
    for line in audit::newest(db, ann, None, 100).await.expect("a log") {
        assert_eq!(line.about.is_empty(), Deed::OF_TRACKS.contains(&line.deed), "{:?}", line.deed);
    }
    db.close().await;
}

on_both! {
    what_was_done_is_read_with_who_did_it_the_newest_first,
    titles_are_forgotten_and_that_something_was_done_is_not,
}
