//! Deleting the last of somebody who has left, at once and to the end, for whoever runs no server.

use super::model::{Erased, Erasure, FOR_GOOD};
use super::store;
use crate::base::id::UserId;
use crate::db::{Db, DbError, scrub};
use std::time::Duration;

/// The most rows that one statement deletes.
const BATCH: u16 = 500;
/// After each, for a server that has something to write.
const REST: Duration = Duration::from_millis(10);
/// How often it is tried to leave no trace in the database's file.
const TRIES: usize = 20;
/// Between two of these.
const PAUSE: Duration = Duration::from_millis(250);

/// Deletes in small steps all that is left of somebody who has left, and then that they were here. Nothing of anybody
/// else.
///
/// # Errors
/// Fails when the database does, and says what it says; what is left then goes with the next server's start.
pub async fn see_out_now(db: &Db, user: UserId) -> Result<(), DbError> {
    let wish = Erasure { user, before: FOR_GOOD };
    for what in Erased::ALL {
        while store::erase(db, what, wish, BATCH).await? > 0 {
            tokio::time::sleep(REST).await;
        }
    }
    store::see_out(db, user).await?;
    for _ in 0..TRIES {
        // Whoever reads or writes just then comes first.
        if matches!(scrub(db).await, Ok(true)) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
