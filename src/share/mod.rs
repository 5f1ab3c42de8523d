//! Share images: the picture that stands for an evening wherever somebody links to it.
//!
//! Each is the tape of the evening, drawn from what the page reads: no cover is fetched. The room knows nothing of streamers
//! or lists, it draws the [`Sheet`] it is given. A picture that was drawn is remembered for a while; few are drawn at
//! once, off the threads that answer requests.

mod canvas;
mod draw;
mod font;
mod model;
mod rules;

pub use model::{Play, Sheet};

use bytes::Bytes;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How many pictures are drawn at once: others wait.
const AT_ONCE: usize = 2;
/// How many are drawn or wait for that, some ten seconds of work: who comes then is asked to come again.
const AT_MOST: usize = 64;
/// How many are remembered; each has some 100 KB.
const REMEMBERED: usize = 64;

/// Draws pictures; clones share what was drawn.
#[derive(Clone)]
pub struct Studio {
    easels: Arc<Semaphore>,
    benches: Arc<Semaphore>,
    pictures: Arc<Cache<String, Bytes>>,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// Too many are waited for already.
    #[error("too many pictures are waited for")]
    Crowded,
    /// It cannot be drawn.
    #[error("drawing a picture")]
    Failed(#[source] anyhow::Error),
}

impl Default for Studio {
    fn default() -> Self {
        Self::with_room_for(AT_MOST)
    }
}

impl fmt::Debug for Studio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Studio").field("pictures", &self.pictures.len()).finish_non_exhaustive()
    }
}

impl Studio {
    fn with_room_for(at_most: usize) -> Self {
        let [easels, benches] = [AT_ONCE, at_most].map(|places| Arc::new(Semaphore::new(places)));
        Self { easels, benches, pictures: Arc::new(Cache::new(REMEMBERED)) }
    }

    /// The picture of a sheet: a PNG of 1200 by 630 pixels, the same bytes for the same sheet. However many ask, it is
    /// drawn once.
    ///
    /// # Errors
    /// [`NotDrawn`]
    pub async fn picture(&self, sheet: Sheet) -> Result<Bytes, NotDrawn> {
        self.pictures.get_or_insert_async(&sheet.key(), self.draw(sheet)).await
    }

    async fn draw(&self, sheet: Sheet) -> Result<Bytes, NotDrawn> {
        let _place = self.benches.try_acquire().map_err(|_| NotDrawn::Crowded)?;
        let easel =
            Arc::clone(&self.easels).acquire_owned().await.map_err(|error| NotDrawn::Failed(error.into()))?;
        // The easel is given up when the picture is done, even if nobody waits for it any more.
        let drawing = spawn_blocking(move || {
            let _easel = easel;
            draw::draw(&sheet)
        });
        let drawn = drawing.await.map_err(|error| NotDrawn::Failed(error.into()))?;
        Ok(drawn.map_err(NotDrawn::Failed)?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_is_told_and_nothing_of_it_is_remembered() {
        let (full, sheet) = (Studio::with_room_for(0), draw::tests::evening(3));
        assert!(matches!(full.picture(sheet.clone()).await, Err(NotDrawn::Crowded)));
        assert!(full.pictures.is_empty());
        let roomy = Studio::default();
        assert_eq!(
            roomy.picture(sheet.clone()).await.expect("drawn"),
            roomy.picture(sheet).await.expect("remembered")
        );
    }
}
