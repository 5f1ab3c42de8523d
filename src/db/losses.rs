//! What going back to an older schema would lose: the data in what newer steps have added.

use super::migrate::{MigrateError, STEPS, version};
use super::{Db, DbError, on};
use std::fmt;

/// Data that would be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// A table, or a column as `table.column`.
    pub what: &'static str,
    /// How many rows the table has, or in how many rows the column holds something; at least one.
    pub count: i64,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.what.contains('.') { "value" } else { "row" };
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{}: {} {unit}{plural}", self.what, self.count)
    }
}

/// What taking the schema back to version `down_to` would lose now, in the order in which it was added.
///
/// # Errors
/// When the database does not answer.
pub async fn losses(db: &Db, down_to: i64) -> Result<Vec<Loss>, MigrateError> {
    let now = version(db).await?;
    let undone = STEPS.iter().filter(|step| step.number > down_to && step.number <= now);
    let mut losses = Vec::new();
    let added: Vec<_> = undone.flat_map(|step| step.adds).copied().collect();
    for what in whole(&added) {
        let count = count(db, what).await?;
        losses.extend((count > 0).then_some(Loss { what, count }));
    }
    Ok(losses)
}

/// Leaves out the columns of tables that go as a whole.
fn whole(added: &[&'static str]) -> Vec<&'static str> {
    let goes = |what: &&str| match what.split_once('.') {
        Some((table, _)) => !added.contains(&table),
        None => true,
    };
    added.iter().copied().filter(goes).collect()
}

async fn count(db: &Db, what: &'static str) -> Result<i64, DbError> {
    let (table, column) = what.split_once('.').unwrap_or((what, "*"));
    let query = sqlx::AssertSqlSafe(format!("SELECT COUNT({column}) FROM {table}"));
    on!(db, pool => sqlx::query_scalar(query).fetch_one(pool).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_goes_takes_its_columns_along_unsaid() {
        let added = ["streams", "streams.heal_at", "spotify_clients.full_at", "jumps"];
        assert_eq!(whole(&added), ["streams", "spotify_clients.full_at", "jumps"]);
    }

    #[test]
    fn a_loss_is_said_in_rows_or_values() {
        assert_eq!(Loss { what: "gaps", count: 12 }.to_string(), "gaps: 12 rows");
        assert_eq!(Loss { what: "streams.heal_at", count: 1 }.to_string(), "streams.heal_at: 1 value");
    }
}
