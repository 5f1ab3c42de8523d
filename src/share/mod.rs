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

use anyhow::Context as _;
use bytes::Bytes;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How many pictures are drawn at once: others wait.
const AT_ONCE: usize = 2;
/// How many are remembered; each has some 100 KB.
const REMEMBERED: usize = 64;

/// Draws pictures; clones share what was drawn.
#[derive(Clone)]
pub struct Studio {
    easels: Arc<Semaphore>,
    pictures: Arc<Cache<String, Bytes>>,
}

impl Default for Studio {
    fn default() -> Self {
        Self { easels: Arc::new(Semaphore::new(AT_ONCE)), pictures: Arc::new(Cache::new(REMEMBERED)) }
    }
}

impl fmt::Debug for Studio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Studio").field("pictures", &self.pictures.len()).finish_non_exhaustive()
    }
}

impl Studio {
    /// The picture of a sheet: a PNG of 1200 by 630 pixels, the same bytes for the same sheet. However many ask, it is
    /// drawn once.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub async fn picture(&self, sheet: Sheet) -> anyhow::Result<Bytes> {
        self.pictures.get_or_insert_async(&sheet.key(), self.draw(sheet)).await
    }

    async fn draw(&self, sheet: Sheet) -> anyhow::Result<Bytes> {
        let easel = Arc::clone(&self.easels).acquire_owned().await.context("waiting to draw")?;
        // The place is given up when the picture is done, even if nobody waits for it any more.
        let drawing = spawn_blocking(move || {
            let _easel = easel;
            draw::draw(&sheet)
        });
        Ok(drawing.await.context("drawing")??.into())
    }
}
