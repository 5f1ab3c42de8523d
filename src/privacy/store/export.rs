//! SQL of the download: any section of it, page by page.

use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, on};
use crate::privacy::model::{Kind, Section, Size};
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Row as _};

/// A row of a section: what is told, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Column by column.
    pub told: Map<String, Value>,
    /// Where the next page begins.
    pub cursor: Cursor,
}

/// Behind which row a page begins.
pub type Cursor = Option<(Instant, String)>;

/// At most `most` rows of a section about a person, those behind `after`. Of a section that is not read in pages all.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn page(
    db: &Db,
    section: &Section,
    user: UserId,
    after: &Cursor,
    most: usize,
) -> Result<Vec<Line>, DbError> {
    let sql = sql(section);
    let (at, key) = after.clone().unwrap_or_default();
    on!(db, pool => {
        let query = sqlx::query(AssertSqlSafe(sql)).bind(user.to_string());
        let query = match section.size {
            Size::Many(..) => query.bind(at).bind(key).bind(i64::try_from(most).unwrap_or(i64::MAX)),
            Size::One | Size::Few => query,
        };
        let rows = query.fetch_all(pool).await?;
        rows.iter().map(|row| {
            let mut told = Map::new();
            for (column, kind) in section.columns() {
                let value = match kind {
                    Kind::Text => json!(row.try_get::<Option<String>, _>(column)?),
                    Kind::Number => json!(row.try_get::<Option<i64>, _>(column)?),
                    Kind::Truth => json!(row.try_get::<Option<bool>, _>(column)?),
                    Kind::Instant => json!(row.try_get::<Option<Instant>, _>(column)?.map(instant)),
                    Kind::Json => read(row.try_get::<Option<String>, _>(column)?),
                };
                told.insert(column.to_owned(), value);
            }
            let cursor = match section.size {
                Size::Many(..) => Some((row.try_get("cursor_at")?, row.try_get("cursor_key")?)),
                Size::One | Size::Few => None,
            };
            Ok(Line { told, cursor })
        }).collect()
    })
}

fn sql(section: &Section) -> String {
    let Section { table, joined, whose, .. } = section;
    let columns: Vec<String> = section.columns().map(|(column, _)| format!("{table}.{column}")).collect();
    let columns = columns.join(", ");
    match section.size {
        Size::One | Size::Few => {
            format!("SELECT {columns} FROM {table} {joined} WHERE {whose} ORDER BY 1")
        }
        Size::Many(at, key) => format!(
            "SELECT {columns}, {table}.{at} AS cursor_at, {table}.{key} AS cursor_key FROM {table} {joined}
            WHERE ({whose}) AND {table}.{at} >= $2 AND ({table}.{at}, {table}.{key}) > ($2, $3)
            ORDER BY {table}.{at}, {table}.{key} LIMIT $4"
        ),
    }
}

fn instant(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// JSON that does not read is told as it stands.
fn read(text: Option<String>) -> Value {
    text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
