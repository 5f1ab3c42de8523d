//! Share images: the picture that stands for an evening wherever somebody links to it.
//!
//! Each is the tape of the evening, drawn from what the page reads: no cover is fetched. The room knows nothing of streamers
//! or lists, it draws the [`Sheet`] it is given. A picture that was drawn is remembered for a while; few are drawn at
//! once, off the threads that answer requests.

mod canvas;
mod draw;
mod font;
mod memory;
mod model;
mod rules;

pub use model::{Play, Sheet};

use crate::base::together::Together;
use anyhow::Context as _;
use bytes::Bytes;
use memory::Memory;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How many pictures are drawn at once: others wait.
const AT_ONCE: usize = 2;

/// Draws pictures.
#[derive(Clone)]
pub struct Studio {
    easels: Arc<Semaphore>,
    memory: Arc<Memory>,
    asked: Together<String, Result<Bytes, Arc<anyhow::Error>>>,
}

impl Default for Studio {
    fn default() -> Self {
        let easels = Arc::new(Semaphore::new(AT_ONCE));
        Self { easels, memory: Arc::default(), asked: Together::default() }
    }
}

impl fmt::Debug for Studio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Studio").finish_non_exhaustive()
    }
}

impl Studio {
    /// The picture of a sheet: a PNG of 1200 by 630 pixels, the same bytes for the same sheet.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub async fn picture(&self, sheet: Sheet) -> anyhow::Result<Bytes> {
        let key = sheet.key();
        if let Some(known) = self.memory.get(&key) {
            return Ok(known);
        }
        let drawn = self.asked.ask(&key, async || self.draw(&key, sheet).await.map_err(Arc::new)).await;
        drawn.map_err(|error| anyhow::anyhow!("{error:#}"))
    }

    async fn draw(&self, key: &str, sheet: Sheet) -> anyhow::Result<Bytes> {
        let easel = Arc::clone(&self.easels).acquire_owned().await.context("waiting to draw")?;
        // Whoever came before may have drawn it.
        if let Some(known) = self.memory.get(key) {
            return Ok(known);
        }
        // The place is given up when the picture is done, even if nobody waits for it any more.
        let drawing = spawn_blocking(move || {
            let _easel = easel;
            draw::draw(&sheet)
        });
        let png = Bytes::from(drawing.await.context("drawing")??);
        self.memory.keep(key.to_owned(), png.clone());
        Ok(png)
    }
}
