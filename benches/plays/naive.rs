//! What one would write first: a statement for each play.

use crate::evenings::dusk;
use crate::stopwatch::{Run, Stopwatch};
use airlog::db::Db;
use airlog::live::model::Play;

const INSERT: &str = "
    INSERT INTO stream_tracks (id, user_id, stream_id, provider, provider_id, uri, name, artist, artists, album,
        duration_ms, url, image_url, started_at, source, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16) ON CONFLICT DO NOTHING";

/// Inserts one play, whatever the database.
macro_rules! insert {
    ($executor:expr, $play:expr) => {{
        let (play, track): (&Play, _) = ($play, &$play.track);
        sqlx::query(INSERT)
            .bind(play.id.to_string())
            .bind(play.user_id.to_string())
            .bind(play.stream_id.to_string())
            .bind("spotify")
            .bind(&track.provider_id)
            .bind(&track.uri)
            .bind(&track.name)
            .bind(track.artists.join(", "))
            .bind(serde_json::Value::from(track.artists.as_slice()).to_string())
            .bind(&track.album)
            .bind(track.duration_ms)
            .bind(&track.url)
            .bind(&track.image_url)
            .bind(play.started_at)
            .bind(play.source.word())
            .bind(dusk())
            .execute($executor)
            .await
            .map(drop)?
    }};
}

/// Each play in a statement and a commit of its own.
pub async fn one_by_one(db: &Db, plays: &[Play]) -> anyhow::Result<Run> {
    let watch = Stopwatch::start();
    for play in plays {
        match db {
            Db::Sqlite(pool) => insert!(pool, play),
            Db::Postgres(pool) => insert!(pool, play),
        }
    }
    Ok(watch.stop(plays.len()))
}

/// Each play in a statement of its own, one commit for all.
pub async fn in_one_transaction(db: &Db, plays: &[Play]) -> anyhow::Result<Run> {
    let watch = Stopwatch::start();
    match db {
        Db::Sqlite(pool) => {
            let mut tx = pool.begin().await?;
            for play in plays {
                insert!(&mut *tx, play);
            }
            tx.commit().await?;
        }
        Db::Postgres(pool) => {
            let mut tx = pool.begin().await?;
            for play in plays {
                insert!(&mut *tx, play);
            }
            tx.commit().await?;
        }
    }
    Ok(watch.stop(plays.len()))
}
