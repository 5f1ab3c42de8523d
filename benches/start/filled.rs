//! A database that has been used for long.

use crate::evenings::{dusk, play, run, settle, stored, streams};
use airlog::base::id::LinkId;
use airlog::base::seal::SealingKey;
use airlog::db::{self, Db, DbError};
use airlog::live::model::{Play, Stream};
use airlog::live::store::insert_plays;
use std::path::PathBuf;
use tempfile::TempDir;

/// The key under which its tokens are sealed.
pub const KEY: [u8; 32] = [7; 32];
/// Songs of one streamer on one evening.
const AN_EVENING: usize = 60;

/// An SQLite file in a folder of its own.
pub struct Filled {
    folder: TempDir,
    pub plays: usize,
}

impl Filled {
    /// A file with so many plays of so many streamers.
    pub async fn with(plays: usize, streamers: usize) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("airlog-start-")?;
        let db = db::open(&format!("sqlite://{}", folder.path().join("airlog.db").display())).await?;
        db::migrate(&db).await?;
        let mut left = plays;
        for evening in (0..plays.div_ceil(streamers * AN_EVENING)).rev() {
            left -= live(&db, &streams(streamers, evening), left).await?;
        }
        link(&db, &streams(streamers, 0)).await?;
        let plays = stored(&db).await?;
        db.close().await;
        Ok(Self { folder, plays })
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

/// The newest day on which there was music.
pub fn day() -> String {
    dusk().date_naive().to_string()
}

/// Has everybody play for an evening, or until there are enough plays, and gives how many those are.
async fn live(db: &Db, streams: &[Stream], most: usize) -> Result<usize, DbError> {
    settle(db, streams).await?;
    let plays = streams
        .iter()
        .enumerate()
        .flat_map(|(place, stream)| (0..AN_EVENING).map(move |number| play(stream, place, number)));
    let plays: Vec<Play> = plays.take(most).collect();
    insert_plays(db, &plays, dusk()).await?;
    Ok(plays.len())
}

/// Everybody has linked Spotify, so that there are tokens to be looked at.
async fn link(db: &Db, streams: &[Stream]) -> Result<(), DbError> {
    let key = SealingKey::new(KEY);
    let links = streams.iter().enumerate().map(|(place, stream)| {
        let id = LinkId::derived(dusk(), &[&place.to_string()]);
        let sealed = |word| key.seal(&format!("spotify_links/{id}/{word}"), &"token".into());
        let (access, refresh, at) = (sealed("access"), sealed("refresh"), dusk().to_rfc3339());
        let user = stream.user_id;
        format!("('{id}', '{user}', 'app', '{access}', '{refresh}', '{at}', '{at}', '{at}')")
    });
    let links: Vec<String> = links.collect();
    for some in links.chunks(500) {
        let rows = some.join(", ");
        let sql = format!(
            "INSERT INTO spotify_links (id, user_id, client_id, access_token, refresh_token, authorized_at,
                inserted_at, updated_at) VALUES {rows}"
        );
        run(db, sql).await?;
    }
    Ok(())
}
