//! Whom to tell when tracking stands still, and what was told.

use super::{Shelf, at, key};
use crate::house::database::on_both;
use airlog::alerts::model::{Event, Failure, News, Reason, Trouble};
use airlog::alerts::{Kind, Target, store as alerts};
use airlog::base::id::{AlertId, UserId};
use airlog::i18n::Locale;
use secrecy::ExposeSecret as _;

fn target(kind: Kind, second: i64) -> Target {
    Target {
        id: AlertId::random(at(second)),
        kind,
        url: format!("https://hook.example/s3cret/{second}").into(),
        locale: Locale::Fr,
        last_sent_at: None,
        last_error: None,
        pending: None,
    }
}

async fn whom_to_tell_is_kept_sealed_with_what_became_of_each_message() {
    let shelf = Shelf::filled().await;
    let (db, ann, key) = (&shelf.db, shelf.ann.id, key());
    assert!(alerts::people(db).await.expect("people").is_empty());
    let all = [target(Kind::Ntfy, 0), target(Kind::Discord, 1), target(Kind::Webhook, 2)];
    for one in &all {
        alerts::add(db, &key, ann, one, at(3)).await.expect("kept");
    }
    assert_eq!(alerts::people(db).await.expect("people"), [ann]);
    let read = alerts::targets(db, &key, ann).await.expect("targets");
    for (read, one) in read.iter().zip(&all) {
        assert_eq!((read.id, read.kind, read.locale), (one.id, one.kind, one.locale));
        assert_eq!(read.url.expose_secret(), one.url.expose_secret());
    }

    let [id, ..] = all.map(|one| one.id);
    let still = News { event: Event::StandsStill(Reason::Database), since: at(4), at: at(5) };
    let over = News { event: Event::GoesOn(Reason::Database), since: at(4), at: at(6) };
    let first = async || alerts::targets(db, &key, ann).await.expect("targets").remove(0);
    alerts::wait(db, id, Some(&still)).await.expect("noted");
    alerts::failed(db, id, Failure::Status(503)).await.expect("noted");
    let waiting = first().await;
    assert_eq!((waiting.pending, waiting.last_error), (Some(still), Some(Failure::Status(503))));
    alerts::wait(db, id, Some(&over)).await.expect("noted");
    alerts::sent(db, id, &still, at(7)).await.expect("noted");
    let sent = first().await;
    assert_eq!((sent.pending, sent.last_error), (Some(over), None), "what is newer still waits");
    assert_eq!(sent.last_sent_at, Some(at(7)));
    alerts::sent(db, id, &over, at(8)).await.expect("noted");
    assert_eq!(first().await.pending, None);
    alerts::wait(db, id, Some(&over)).await.expect("noted");
    alerts::wait(db, id, None).await.expect("noted");
    assert_eq!(first().await.pending, None);

    assert!(!alerts::drop_target(db, UserId::random(at(0)), id).await.expect("an answer"), "not theirs");
    assert!(alerts::drop_target(db, ann, id).await.expect("an answer"));
    assert_eq!(alerts::targets(db, &key, ann).await.expect("targets").len(), 2);
    db.close().await;
}

async fn what_was_told_is_kept_by_reason() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let trouble = |reason, since, told_at| Trouble { reason, since: at(since), told_at, ended_at: None };
    let (down, lost) =
        (trouble(Reason::SpotifyDown, 0, None), trouble(Reason::ReconnectNeeded, 1, Some(at(2))));
    alerts::keep(db, ann, &down).await.expect("kept");
    alerts::keep(db, ann, &lost).await.expect("kept");
    let told = Trouble { told_at: Some(at(3)), ..down };
    alerts::keep(db, ann, &told).await.expect("kept");
    assert_eq!(alerts::troubles(db, ann).await.expect("troubles"), [told, lost]);
    let ended = Trouble { ended_at: Some(at(4)), ..told };
    alerts::keep(db, ann, &ended).await.expect("kept");
    alerts::end_all(db, ann, at(9)).await.expect("ended");
    let over = Trouble { ended_at: Some(at(9)), ..lost };
    assert_eq!(alerts::troubles(db, ann).await.expect("troubles"), [ended, over], "what is over stays so");
    db.close().await;
}

on_both! {
    whom_to_tell_is_kept_sealed_with_what_became_of_each_message,
    what_was_told_is_kept_by_reason,
}
