//! Everything about me, as one file: whole, without secrets, and read in pages however long it is.

use crate::house::House;
use crate::house::bare::Bare;
use crate::house::database::on_both;
use crate::house::secrets::{betrayed, with_secrets};
use crate::house::sweep::named_plays;
use airlog::base::clock::Clock as _;
use airlog::config::Allow;
use airlog::privacy::model::{ABOUT_NOBODY, SECTIONS};
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PAGES: &str = "airlog_export_pages_total";
/// So many plays, with names so long, are far more than all that waits on the way from a server to a browser.
const MANY: usize = 12_000;
const LONG: usize = 1_200;

async fn the_download_tells_everything_and_no_secret() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        with_secrets(config);
    })
    .await;
    let (ann, _bob) = (house.set_up("ann").await, house.set_up("bob").await);
    house.goes_live("ann").await;
    let titles = [house.plays_noticed("ann", 0).await, house.plays_noticed("ann", 1).await];
    house.does("UPDATE stream_tracks SET hidden_at = inserted_at, original = '{\"name\":\"before\"}'").await;
    house
        .does(
            "INSERT INTO alert_targets (id, user_id, kind, url, locale, inserted_at)
            SELECT 'target ' || login, id, 'ntfy', 'the sealed address', 'en', inserted_at FROM users;
         INSERT INTO moderators (user_id, login, inserted_at) SELECT id, 'mod', inserted_at FROM users",
        )
        .await;
    let answer = ann.answer("/api/v1/me/export").await;
    assert_eq!(answer.status().as_u16(), 200);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-disposition"), "attachment; filename=\"airlog-ann-2026-11-20.json\"");
    assert_eq!(
        (header("content-type"), header("cache-control")),
        ("application/json".into(), "no-store".into())
    );
    let text = answer.text().await.expect("a body");
    let told: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let names: BTreeSet<&str> = told.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, SECTIONS.iter().map(|section| section.name).chain(["about"]).collect());
    assert_eq!((&told["profile"]["login"], &told["about"]["made_for"]), (&"ann".into(), &"ann".into()));
    let plays = told["plays"].as_array().expect("plays");
    assert_eq!(plays.iter().map(|play| play["name"].as_str().expect("a title")).collect::<Vec<_>>(), titles);
    assert!(plays.iter().all(|play| play["hidden_at"].is_string() && play["original"]["name"] == "before"));
    assert_eq!(told["moderators"][0]["login"], "mod");
    assert_eq!(
        (told["logins"].as_array().map(Vec::len), &told["alert_targets"][0]["kind"]),
        (Some(1), &"ntfy".into())
    );
    assert!(told["streams"][0]["started_at"].is_string() && told["on_air"]["on_air"] == true, "{told}");
    assert_eq!(betrayed(&house.secrets(), &text), Vec::<&str>::new());
    assert!(!text.contains("sealed address") && !text.contains("\"bob\""), "{text}");
    house.closes().await;
}

async fn a_long_list_is_read_page_by_page_as_it_is_sent() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.set_up("ann").await;
    house.does("UPDATE users SET retention_days = NULL").await;
    let now = house.clock.now();
    let hours = (0..50)
        .map(|hours| named_plays("ann", &"long ".repeat(LONG / 5), MANY / 50, now - TimeDelta::hours(hours)));
    house.does(&hours.collect::<Vec<_>>().join(";")).await;
    let mut answer = ann.answer("/api/v1/me/export").await;
    let mut body = answer.chunk().await.expect("a body").expect("a beginning").to_vec();
    let first = house.counted(PAGES);
    assert!(first < 40, "{first} pages are read, and nobody has taken more than the first piece");
    while let Some(piece) = answer.chunk().await.expect("a body") {
        body.extend_from_slice(&piece);
    }
    assert!(house.counted(PAGES) >= 24 + SECTIONS.len() as u64);
    let told: Value = serde_json::from_slice(&body).expect("JSON");
    let plays = told["plays"].as_array().expect("plays");
    let ids: BTreeSet<&str> = plays.iter().map(|play| play["id"].as_str().expect("an id")).collect();
    assert_eq!((plays.len(), ids.len()), (MANY, MANY), "each once");
    house.closes().await;
}

on_both! {
    the_download_tells_everything_and_no_secret,
    a_long_list_is_read_page_by_page_as_it_is_sent,
}

#[tokio::test]
async fn every_column_of_every_table_that_knows_a_person_is_told_or_left_out_for_a_reason() {
    let bare = Bare::fresh().await;
    let columns = bare
        .sql(
            "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND tables.name NOT LIKE '%sqlx%' AND tables.name NOT LIKE 'sqlite_%'",
        )
        .await;
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, column) in columns.iter().filter_map(|column| column.split_once('.')) {
        tables.entry(table).or_default().insert(column);
    }
    let nobodys: BTreeSet<&str> = ABOUT_NOBODY.iter().map(|(table, _)| *table).collect();
    for (table, columns) in tables {
        let sections = || SECTIONS.iter().filter(|section| section.table == table);
        assert_ne!(sections().next().is_some(), nobodys.contains(table), "{table}: told, or about nobody?");
        if sections().next().is_none() {
            assert!(!columns.contains("user_id"), "{table} knows a person");
            continue;
        }
        let told = sections().flat_map(|section| {
            section
                .columns()
                .map(|(column, _)| column)
                .chain(section.left_out.iter().map(|(column, _)| *column))
        });
        assert_eq!(told.chain(columns.get("user_id").copied()).collect::<BTreeSet<_>>(), columns, "{table}");
    }
    bare.closes().await;
}
