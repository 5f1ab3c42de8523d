//! Tidying the database up beside the writer while many plays come. When few do, it does that by itself.

use super::Inner;
use crate::db;

impl Inner {
    /// After each whole batch, or after several that came meanwhile, for ever.
    pub(super) async fn tidy(&self) {
        loop {
            self.grown.notified().await;
            if let Err(error) = db::checkpoint(&self.db).await {
                tracing::debug!(%error, "a checkpoint failed; the database makes its own");
            }
        }
    }
}
