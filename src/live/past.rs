//! Streams that nobody followed, told afterwards: what the demo looks back on.

use super::model::{Play, Stream};
use super::store;
use crate::base::clock::Instant;
use crate::db::Db;
use anyhow::Context as _;

/// Stores a stream that was over at `end`, with its plays, as if it had been followed. Spotify is not asked about it.
///
/// # Errors
/// When it cannot be stored.
pub async fn store_past(db: &Db, stream: &Stream, plays: &[Play], end: Instant) -> anyhow::Result<()> {
    store::put_stream(db, stream, end).await.context("storing a past stream")?;
    store::insert_plays(db, plays, end).await.context("storing past plays")?;
    store::heal_at(db, stream.id, None, end).await.context("letting a past stream rest")
}
