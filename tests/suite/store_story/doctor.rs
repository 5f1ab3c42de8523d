//! What the doctor reads.

use super::{Shelf, at};
use crate::house::database::on_both;
use airlog::accounts::LinkStatus;
use airlog::doctor::store as doctor;

async fn the_doctor_reads_links_and_logins() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let links = doctor::links(db).await.expect("links");
    assert_eq!((links.len(), links[0].login.as_str()), (1, "ann"));
    assert_eq!((links[0].status, links[0].authorized_at), (LinkStatus::Connected, at(0)));
    let grants = doctor::grants(db).await.expect("grants");
    assert_eq!((grants[0].login.as_str(), grants[0].status), ("ann", None));
    assert!(grants[0].enabled);
    db.close().await;
}

on_both! { the_doctor_reads_links_and_logins }
