//! `airlog keys rotate`: every secret under another key, whatever interrupts it, and the old key is good for nothing.

use crate::house::bare::Bare;
use crate::house::database::on_both;
use crate::house::{House, eventually};
use airlog::base::seal::SealingKey;
use airlog::config::{Allow, key_in};
use airlog::db::sealed::{self, SEALED};
use airlog::twins::Deed;
use data_encoding::BASE64;
use std::collections::BTreeSet;

/// As many secrets as it takes to interrupt their sealing.
const MANY: usize = 4_000;

/// A house with ann, whose key lies in a file, and many consents under way.
async fn filled(consents: usize) -> (Bare, SealingKey) {
    let bare = Bare::fresh().await;
    let add = ["streamer", "add", "ann", "--twitch-id", "1001", "--spotify-client-id", "app"];
    let (code, said) = bare.runs_with(&add, &[], "refresh\naccess\n").await;
    assert_eq!(code, Some(0), "{said}");
    let key = key_in(&bare.file("airlog.key")).expect("a key");
    for number in 0..consents {
        let row = format!("auth_flows/state{number}/verifier");
        bare.does(&format!(
            "INSERT INTO auth_flows (state_hash, browser_hash, provider, client_id, redirect_uri, verifier, is_owner, expires_at)
             VALUES ('state{number}', 'browser', 'spotify', 'app', 'there', '{}', FALSE, '2026-01-01T00:00:00+00:00')",
            key.seal(&row, &"verifier".into())
        ))
        .await;
    }
    (bare, key)
}

async fn sealed_under(bare: &Bare) -> Vec<String> {
    sealed::keys(&bare.db).await.expect("keys").into_iter().collect()
}

/// Everything opens with this key.
async fn opens(bare: &Bare, key: &SealingKey) -> usize {
    let mut count = 0;
    for place in SEALED {
        for secret in sealed::under(&bare.db, place, key.id(), 10_000).await.expect("secrets") {
            key.open(&place.row(&secret.key), &secret.sealed).expect("it opens");
            count += 1;
        }
    }
    count
}

async fn everything_is_sealed_anew_and_the_old_key_is_refused() {
    let (bare, old) = filled(3).await;
    let old_file = std::fs::read(bare.file("airlog.key")).expect("a key");
    let (code, said) = bare.runs(&["keys", "rotate"]).await;
    assert!(code == Some(0) && said.contains("5 secrets are sealed under the new key"), "{said}");
    let new = key_in(&bare.file("airlog.key")).expect("a key");
    assert_ne!(old.id(), new.id());
    assert_eq!((sealed_under(&bare).await, opens(&bare, &new).await), (vec![new.id().to_owned()], 5));
    assert!(!bare.file("airlog.key.new").exists());
    assert_eq!(bare.runs(&["streamer", "list"]).await.0, Some(0));
    std::fs::write(bare.file("airlog.key"), old_file).expect("put back");
    let (code, said) = bare.runs(&["streamer", "list"]).await;
    assert!(
        code == Some(1)
            && said.contains(&format!("sealed under key {}, but the key in use is {}", new.id(), old.id())),
        "{said}"
    );
    bare.closes().await;
}

async fn one_that_was_killed_is_finished_by_the_next() {
    let (bare, old) = filled(MANY).await;
    let rotating = bare.begins(&["keys", "rotate"]);
    eventually("it is half-way", async || (sealed_under(&bare).await.len() == 2).then_some(())).await;
    rotating.gets_killed().await;
    let half = opens(&bare, &old).await;
    assert!(half > 0 && half < MANY + 2, "{half} are left");
    assert_eq!(
        key_in(&bare.file("airlog.key")).expect("a key").id(),
        old.id(),
        "the old one stays to the end"
    );
    let (code, said) = bare.runs(&["streamer", "list"]).await;
    assert!(code == Some(1) && said.contains("run `airlog keys rotate` once more"), "{said}");
    assert_eq!(bare.runs(&["keys", "rotate"]).await.0, Some(0));
    let new = key_in(&bare.file("airlog.key")).expect("a key");
    assert_eq!((sealed_under(&bare).await, opens(&bare, &new).await), (vec![new.id().to_owned()], MANY + 2));
    bare.closes().await;
}

async fn a_secret_that_does_not_open_is_named_and_nothing_is_lost() {
    let (bare, old) = filled(3).await;
    bare.does("UPDATE auth_flows SET verifier = (SELECT access_token FROM spotify_links) WHERE state_hash = 'state1'").await;
    let (code, said) = bare.runs(&["keys", "rotate"]).await;
    assert!(code == Some(1) && said.contains("opening auth_flows/state1/verifier"), "{said}");
    bare.does("DELETE FROM auth_flows WHERE state_hash = 'state1'").await;
    assert_eq!(bare.runs(&["keys", "rotate"]).await.0, Some(0));
    let new = key_in(&bare.file("airlog.key")).expect("a key");
    assert_eq!((opens(&bare, &old).await, opens(&bare, &new).await), (0, 4));
    bare.closes().await;
}

async fn a_key_of_the_config_is_replaced_by_one_that_is_given() {
    let (bare, old) = filled(2).await;
    let text = |byte: u8| BASE64.encode(&[byte; 32]);
    let (first, second) = (text(1), text(2));
    let kept = std::fs::read_to_string(bare.file("airlog.key")).expect("a key");
    let rotate = ["keys", "rotate"];
    let with = |key: &str| [("AIRLOG_SECRETS__KEY", key.trim().to_owned())];
    let (code, said) = bare.runs_with(&rotate, &with(&kept), "").await;
    assert!(code == Some(1) && said.contains("standard input holds no key"), "{said}");
    let (code, said) = bare.runs_with(&rotate, &with(&kept), &first).await;
    assert!(code == Some(0) && said.contains("Now set secrets.key"), "{said}");
    let (_, said) = bare.runs_with(&["streamer", "list"], &with(&kept), "").await;
    assert!(said.contains(&format!("but the key in use is {}", old.id())), "{said}");
    assert_eq!(bare.runs_with(&["streamer", "list"], &with(&first), "").await.0, Some(0));
    std::fs::write(bare.file("next"), &second).expect("a file");
    let named = ["keys", "rotate", "--new-key-file", "next"];
    assert_eq!(bare.runs_with(&named, &with(&first), "").await.0, Some(0));
    assert_eq!(opens(&bare, &SealingKey::new([2; 32])).await, 4);
    bare.closes().await;
}

async fn nobody_has_to_link_or_log_in_again() {
    let mut house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    house.stops().await;
    house.rotates_keys().await;
    house.opens().await;
    house.act("ann", Deed::ExpireToken);
    house.is_live("ann", true).await;
    house.plays_noticed("ann", 1).await;
    assert_eq!(ann.opens("/dashboard").await.status, 200);
    house.closes().await;
}

on_both! {
    everything_is_sealed_anew_and_the_old_key_is_refused,
    one_that_was_killed_is_finished_by_the_next,
    a_secret_that_does_not_open_is_named_and_nothing_is_lost,
    a_key_of_the_config_is_replaced_by_one_that_is_given,
    nobody_has_to_link_or_log_in_again,
}

#[tokio::test]
async fn a_server_that_runs_is_not_robbed_of_its_key() {
    let house = House::start().await;
    let address = house.addr().to_string();
    let (bare, _) = filled(0).await;
    let (code, said) = bare.runs_with(&["keys", "rotate"], &[("AIRLOG_SERVER__LISTEN", address)], "").await;
    assert!(code == Some(1) && said.contains("stop Airlog before its key is changed"), "{said}");
    bare.closes().await;
    house.closes().await;
}

/// By its name a column says that it holds a secret; others of that kind stand in `SEALED` too, or hold a hash.
#[tokio::test]
async fn every_column_with_a_secret_is_in_the_list() {
    let bare = Bare::fresh().await;
    let columns = bare
        .sql(
            "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND columns.name NOT LIKE '%hash%' AND (columns.name LIKE '%token%'
                OR columns.name LIKE '%secret%' OR columns.name LIKE '%verifier%' OR columns.name LIKE 'device_code'
                OR columns.name LIKE '%sealed%'
                OR tables.name = 'alert_targets' AND columns.name = 'url')",
        )
        .await;
    let listed: BTreeSet<String> =
        SEALED.iter().map(|place| format!("{}.{}", place.table, place.column)).collect();
    assert_eq!(columns.into_iter().collect::<BTreeSet<_>>(), listed);
    bare.closes().await;
}
