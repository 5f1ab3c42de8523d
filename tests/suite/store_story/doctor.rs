//! What the doctor reads.

use super::{Shelf, at};
use crate::house::database::on_both;
use airlog::accounts::LinkStatus;
use airlog::db::Db;
use airlog::doctor::store as doctor;

async fn does(db: &Db, statement: &'static str) {
    match db {
        Db::Sqlite(pool) => drop(sqlx::query(statement).execute(pool).await.expect("done")),
        Db::Postgres(pool) => drop(sqlx::query(statement).execute(pool).await.expect("done")),
    }
}

async fn the_doctor_reads_links_logins_and_apps() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let links = doctor::links(db).await.expect("links");
    assert_eq!((links.len(), links[0].login.as_str()), (1, "ann"));
    assert_eq!((links[0].status, links[0].authorized_at), (LinkStatus::Connected, at(0)));
    let grants = doctor::grants(db).await.expect("grants");
    assert_eq!((grants[0].login.as_str(), grants[0].status), ("ann", None));
    assert!(grants[0].enabled);
    assert_eq!(doctor::entered(db, "twitch").await.expect("an answer"), None);
    does(
        db,
        "INSERT INTO instance_apps (provider, client_id, client_secret, inserted_at, updated_at)
         VALUES ('twitch', 'an-id', 'v1.sealed', '2026-11-20T20:00:00Z', '2026-11-20T20:00:00Z')",
    )
    .await;
    let entered = doctor::entered(db, "twitch").await.expect("an answer").expect("an app");
    assert_eq!((entered.client_id.as_str(), entered.client_secret.as_deref()), ("an-id", Some("v1.sealed")));
    assert_eq!(doctor::entered(db, "spotify").await.expect("an answer"), None);
    db.close().await;
}

on_both! { the_doctor_reads_links_logins_and_apps }
