//! What to go by while the database is away: what memory holds.

use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// How long the database may take before we look into our memory.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is stored; or, when the database fails or takes too long, what is remembered, if anything is.
///
/// # Errors
/// Whatever `stored` says, when nothing is remembered.
pub async fn or_remembered<T, E>(
    stored: impl Future<Output = Result<T, E>>,
    remembered: impl Fn() -> Option<T>,
) -> Result<T, E> {
    let mut stored = pin!(stored);
    match timeout(PATIENCE, &mut stored).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => remembered().ok_or(error),
        Err(_) => match remembered() {
            Some(found) => Ok(found),
            None => stored.await,
        },
    }
}
