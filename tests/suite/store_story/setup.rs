//! The apps that were entered at the setup.

use super::{Shelf, at, key};
use crate::house::database::on_both;
use airlog::setup::Company;
use airlog::setup::store::{self as setup, SealedApp};

async fn an_app_is_entered_replaced_and_kept_apart_from_the_others() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    assert_eq!(setup::app(db, Company::Twitch).await.expect("an answer"), None);
    let seal = |company| key().seal(&setup::seal_row(company), &"secret".into());
    let app = |id: &str, client_secret| SealedApp { client_id: id.into(), client_secret };
    let public = app("public", None);
    setup::put_app(db, Company::Spotify, &public, at(1)).await.expect("kept");
    for (second, id) in [(2, "first"), (3, "second")] {
        let entered = app(id, Some(seal(Company::Twitch)));
        setup::put_app(db, Company::Twitch, &entered, at(second)).await.expect("kept");
        assert_eq!(setup::app(db, Company::Twitch).await.expect("an answer"), Some(entered.clone()));
    }
    assert_eq!(setup::app(db, Company::Spotify).await.expect("an answer"), Some(public));
    let stored = setup::app(db, Company::Twitch).await.expect("an answer").expect("an app");
    let sealed = stored.client_secret.expect("a secret");
    assert!(
        key().open(&setup::seal_row(Company::Spotify), &sealed).is_err(),
        "it opens in its own place only"
    );
    db.close().await;
}

on_both! {
    an_app_is_entered_replaced_and_kept_apart_from_the_others,
}
