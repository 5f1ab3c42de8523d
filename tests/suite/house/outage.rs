//! The database goes away.

use super::House;

impl House {
    /// From now on the database answers nobody. What waits to be stored is lost with it, so stories wait for that first.
    pub async fn loses_database(&self) {
        self.home().db.close().await;
    }
}
