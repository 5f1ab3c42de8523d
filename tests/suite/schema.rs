//! Both databases have one schema, at every step and both ways; and going back knows what each step has added.
//!
//! PostgreSQL is made to read the schema that SQLite keeps, so that both are told in its words: types, defaults, checks,
//! keys and indexes. What differs by design is only that SQLite keeps instants as text.

use crate::house::bare::Bare;
use crate::house::database::{Database, told_on};
use airlog::db::{self, Db, STEPS};
use std::collections::BTreeSet;

/// What a schema holds, a line each, in PostgreSQL's words.
type Schema = BTreeSet<String>;

const COLUMNS: &str = "
    SELECT format('column %s.%s %s%s%s', class.relname, attribute.attname,
        format_type(attribute.atttypid, attribute.atttypmod),
        CASE WHEN attribute.attnotnull THEN ' not null' END,
        ' default ' || pg_get_expr(expression.adbin, expression.adrelid))
    FROM pg_attribute AS attribute
    JOIN pg_class AS class ON class.oid = attribute.attrelid
    LEFT JOIN pg_attrdef AS expression
        ON expression.adrelid = attribute.attrelid AND expression.adnum = attribute.attnum
    WHERE class.relkind = 'r' AND class.relnamespace = 'public'::regnamespace
        AND attribute.attnum > 0 AND NOT attribute.attisdropped";
const TABLES: &str = "
    SELECT 'table ' || relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
const CONSTRAINTS: &str = "
    SELECT format('constraint on %s: %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c')";
const INDEXES: &str = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'";
/// In the order in which they were made, because a table may refer to an earlier one.
const SQLITE: &str =
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%sqlx%' ORDER BY rowid";

#[tokio::test]
async fn both_databases_have_one_schema_at_every_step() {
    told_on(Database::Postgres, async {
        let postgres = Bare::fresh().await;
        for version in (0..=db::latest_version()).rev() {
            db::revert_to(&postgres.db, version).await.expect("a step back");
            let there = schema_of(&postgres).await;
            let here = read_by_postgres(&sqlite_at(version).await).await;
            let there_as_text: Schema = there.iter().map(|line| as_text(line)).collect();
            let differences: Vec<_> = there_as_text.symmetric_difference(&here).collect();
            assert!(differences.is_empty(), "at migration {version}: {:#?}", told(&here, &differences));
            assert_instants_are_instants(&there);
        }
        postgres.closes().await;
    })
    .await;
}

/// SQLite's schema after having gone down to a version and, from there, nowhere else.
async fn sqlite_at(version: i64) -> Vec<String> {
    let mut texts = Vec::new();
    // Within a story on PostgreSQL this one is on SQLite.
    Box::pin(told_on(Database::Sqlite, async {
        let sqlite = Bare::fresh().await;
        db::revert_to(&sqlite.db, version).await.expect("a step back");
        texts = sqlite.sql(SQLITE).await;
        sqlite.closes().await;
    }))
    .await;
    texts
}

async fn read_by_postgres(texts: &[String]) -> Schema {
    let other = Bare::fresh().await;
    db::revert_to(&other.db, 0).await.expect("an empty database");
    for text in texts {
        other.does(text).await;
    }
    let schema = schema_of(&other).await;
    other.closes().await;
    schema
}

async fn schema_of(bare: &Bare) -> Schema {
    let mut schema = Schema::new();
    for query in [TABLES, COLUMNS, CONSTRAINTS, INDEXES] {
        schema.extend(bare.sql(query).await);
    }
    schema.retain(|line| !line.contains("_sqlx_migrations"));
    schema
}

fn as_text(line: &str) -> String {
    line.replace("timestamp with time zone", "text")
}

fn told(here: &Schema, differences: &[&String]) -> Vec<String> {
    let whose = |line: &String| if here.contains(line) { "SQLite" } else { "PostgreSQL" };
    differences.iter().map(|line| format!("only {} has {line}", whose(line))).collect()
}

/// The name of a column says whether it holds an instant.
fn assert_instants_are_instants(schema: &Schema) {
    for line in schema.iter().filter_map(|line| line.strip_prefix("column ")) {
        let name = line.split([' ', '.']).nth(1).expect("a name");
        let named_so = name == "at" || ["_at", "_before", "_until"].iter().any(|end| name.ends_with(end));
        assert_eq!(named_so, line.contains("timestamp with time zone"), "{line}");
    }
}

#[tokio::test]
async fn the_steps_name_all_that_they_add() {
    told_on(Database::Postgres, async {
        let bare = Bare::fresh().await;
        for step in STEPS.iter().rev() {
            let with = schema_of(&bare).await;
            db::revert_to(&bare.db, step.number - 1).await.expect("a step back");
            let without = schema_of(&bare).await;
            let added: Vec<_> = with.difference(&without).filter_map(|line| place(line, &without)).collect();
            let added: BTreeSet<_> = added.iter().map(String::as_str).collect();
            assert_eq!(added, step.adds.iter().copied().collect(), "step {} in src/db/migrate.rs", step.name);
        }
        bare.closes().await;
    })
    .await;
}

/// The table, or the column of a table that was there before, which a line tells of.
fn place(line: &str, without: &Schema) -> Option<String> {
    if let Some(table) = line.strip_prefix("table ") {
        return Some(table.to_owned());
    }
    let column = line.strip_prefix("column ")?.split(' ').next()?;
    let table = column.split('.').next()?;
    without.contains(&format!("table {table}")).then(|| column.to_owned())
}

#[tokio::test]
async fn going_down_and_up_again_ends_where_it_began() {
    for database in [Database::Sqlite, Database::Postgres] {
        told_on(database, async {
            let bare = Bare::fresh().await;
            let whole = texts_of(&bare).await;
            for version in (0..db::latest_version()).rev() {
                db::revert_to(&bare.db, version).await.expect("a step back");
                let lower = texts_of(&bare).await;
                assert!(version > 0 || lower.is_empty(), "{lower:?} is left");
                db::migrate(&bare.db).await.expect("the way up");
                assert_eq!(texts_of(&bare).await, whole, "from {version} on {database:?}");
                db::revert_to(&bare.db, version).await.expect("a step back");
                assert_eq!(texts_of(&bare).await, lower, "to {version} on {database:?}");
            }
            bare.closes().await;
        })
        .await;
    }
}

/// A schema in the database's own words.
async fn texts_of(bare: &Bare) -> Schema {
    match &bare.db {
        Db::Sqlite(_) => bare.sql(SQLITE).await.into_iter().collect(),
        Db::Postgres(_) => schema_of(bare).await,
    }
}
