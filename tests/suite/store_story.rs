//! The stores: one story for each of them, told on both databases, in which every function has a part.

mod accounts;
mod alerts;
mod audit;
mod curation;
mod daylist;
mod doctor;
mod live;
mod logins;
mod overlay;
mod plays;
mod privacy;
mod retention;
mod setup;
mod team;
mod tracking;

use crate::house::database::empty;
use airlog::accounts::{NewStreamer, User, store as people};
use airlog::base::clock::Instant;
use airlog::base::id::StreamId;
use airlog::base::seal::SealingKey;
use airlog::db::{self, Db};
use airlog::live::model::{Play, Source, Stream, Track};
use airlog::live::store as heart;
use chrono::{DateTime, TimeDelta};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A migrated database with one streamer, and ways to put something in.
struct Shelf {
    db: Db,
    ann: User,
    _folder: TempDir,
    _wire: Option<std::sync::Arc<crate::house::wire::Wire>>,
}

impl Shelf {
    async fn filled() -> Self {
        let folder = TempDir::with_prefix("airlog-shelf-").expect("a folder");
        let (url, wire) = empty(folder.path()).await;
        let db = db::open(&url).await.expect("a database");
        db::migrate(&db).await.expect("a schema");
        let ann = people::add(&db, &key(), &streamer("ann", "1001"), at(0)).await.expect("ann");
        Self { db, ann, _folder: folder, _wire: wire }
    }

    /// A stream of ann's that began then.
    async fn stream(&self, name: &str, began: i64) -> Stream {
        let stream = Stream {
            id: StreamId::derived(at(began), &[name]),
            user_id: self.ann.id,
            twitch_id: Some(name.to_owned()),
            started_at: at(began),
            ended_at: None,
            seen_at: at(began),
            followed_until: None,
        };
        heart::put_stream(&self.db, &stream, at(began)).await.expect("a stream");
        stream
    }
}

fn key() -> SealingKey {
    SealingKey::new([7; 32])
}

fn streamer(login: &str, twitch_id: &str) -> NewStreamer {
    NewStreamer {
        twitch_id: twitch_id.into(),
        login: login.into(),
        name: None,
        timezone: None,
        retention_days: Some(7),
        client_id: "app".into(),
        access_token: "access".into(),
        refresh_token: "refresh".into(),
    }
}

/// So many seconds into the story, and a millisecond that must not be lost.
fn at(second: i64) -> Instant {
    DateTime::from_timestamp(1_795_204_800, 1_000_000).expect("an instant") + TimeDelta::seconds(second)
}

/// A play of a track with a name that is hard to store.
fn play(stream: &Stream, name: &str, began: i64) -> Play {
    let track = Track {
        uri: format!("spotify:track:{name}"),
        provider_id: Some(name.to_owned()),
        name: format!("{name} · 夜のラジオ '\"\\ 🎧"),
        artists: vec!["Odd, Numbers".into(), "Ünder".into()],
        album: Some("Low Tide Letters".into()),
        duration_ms: 201_000,
        url: Some(format!("https://open.spotify.com/track/{name}")),
        image_url: None,
    };
    Play::new(stream, track, at(began), Source::Poll)
}

/// Each store's file, and the functions that it offers.
fn offered() -> Vec<(PathBuf, String)> {
    let rooms = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("the house");
    let files = rooms.flatten().flat_map(|room| {
        let parts = std::fs::read_dir(room.path().join("store")).into_iter().flatten().flatten();
        let parts: Vec<PathBuf> = parts.map(|part| part.path()).collect();
        parts
            .into_iter()
            .chain([room.path().join("store.rs")])
            .filter(|file| file.exists())
            .collect::<Vec<_>>()
    });
    let functions = files.flat_map(|file| {
        let text = std::fs::read_to_string(&file).expect("a store");
        let names =
            text.split("pub async fn ").skip(1).filter_map(|rest| Some(rest.split_once('(')?.0.to_owned()));
        names.map(|name| (file.clone(), name)).collect::<Vec<_>>()
    });
    functions.collect()
}

#[test]
fn every_function_of_every_store_has_a_part_in_the_story() {
    let story = [
        include_str!("store_story.rs"),
        include_str!("store_story/accounts.rs"),
        include_str!("store_story/alerts.rs"),
        include_str!("store_story/audit.rs"),
        include_str!("store_story/curation.rs"),
        include_str!("store_story/daylist.rs"),
        include_str!("store_story/doctor.rs"),
        include_str!("store_story/live.rs"),
        include_str!("store_story/logins.rs"),
        include_str!("store_story/overlay.rs"),
        include_str!("store_story/plays.rs"),
        include_str!("store_story/privacy.rs"),
        include_str!("store_story/retention.rs"),
        include_str!("store_story/setup.rs"),
        include_str!("store_story/team.rs"),
        include_str!("store_story/tracking.rs"),
    ]
    .concat();
    let offered = offered();
    assert!(offered.len() > 40, "{offered:?}");
    let missing: Vec<_> = offered.iter().filter(|(_, name)| !story.contains(&format!("::{name}("))).collect();
    assert!(missing.is_empty(), "not told of: {missing:?}");
}
