//! Tidying the database up beside the writer while many plays come. When few do, it does that by itself.

use super::Inner;
use crate::db::{self, DbError};

impl Inner {
    /// After each whole batch, or after several that came meanwhile, for ever.
    pub(super) async fn tidy(&self) {
        loop {
            self.grown.notified().await;
            if let Err(error) = self.checkpoint().await {
                tracing::debug!(%error, "a checkpoint failed; the database makes its own");
            }
        }
    }

    /// While plays come without end there is always something left: now and then the next batch waits.
    async fn checkpoint(&self) -> Result<(), DbError> {
        if db::checkpoint(&self.db).await? {
            let _lane = self.lanes.acquire().await;
            db::checkpoint(&self.db).await?;
        }
        Ok(())
    }
}
