//! SQL of plays on their way in: one statement for all of a batch, which is one commit.
//!
//! What becomes of the rows is one text. How they are handed over differs: SQLite takes value by value, PostgreSQL an
//! array for each column, which makes a batch of any size the same statement to it.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::db::{Db, DbError, Resident};
use crate::live::hide::Hide;
use crate::live::model::Play;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{Database, Encode, Postgres, QueryBuilder, Sqlite, Type};
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// How many plays one statement takes: as many as make it no faster to take more. SQLite could bind twice as many values.
pub const PLAYS_AT_ONCE: usize = 1_000;

const PLAYS: &str = "
    WITH plays (id, user_id, stream_id, provider_id, uri, name, artist, artists, album, duration_ms, url, image_url,
        started_at, source, hidden_at, hidden_act) AS (";
const INSERT: &str = ")
    INSERT INTO stream_tracks (id, user_id, stream_id, provider, provider_id, uri, name, artist, artists, album,
        duration_ms, url, image_url, started_at, source, hidden_at, hidden_act, inserted_at, updated_at)
    SELECT id, user_id, stream_id, 'spotify', provider_id, uri, name, artist, artists, album,
        duration_ms, url, image_url, started_at, source, hidden_at, hidden_act, ";
/// What a streamer has had deleted is not stored anew, however late it comes.
const UNLESS_ERASED: &str = " FROM plays WHERE NOT EXISTS (
    SELECT 1 FROM erasures WHERE erasures.user_id = plays.user_id AND plays.started_at < erasures.before_at)
    ON CONFLICT DO NOTHING";

/// Which plays are hidden already, and how.
type Hides = BTreeMap<PlayId, Hide>;

/// Inserts plays. A play that is there already is left as it is; one that was deleted on request, or that would have
/// been, is left out.
pub async fn insert_plays(db: &Db, plays: &[Play], now: Instant) -> Result<(), DbError> {
    let resident = Resident::default();
    for some in plays.chunks(PLAYS_AT_ONCE) {
        insert_with(db, &resident, some, &Hides::new(), now).await?;
    }
    Ok(())
}

/// The same, with those that are hidden already, in one statement: [`PLAYS_AT_ONCE`] at most. It is put together at once,
/// and stored when the future runs, on the connection that is kept: meanwhile another may be stored.
pub fn insert_with<'db, P: Borrow<Play>>(
    db: &'db Db,
    resident: &'db Resident,
    plays: &[P],
    hides: &Hides,
    now: Instant,
) -> impl Future<Output = Result<(), DbError>> + Send + use<'db, P> {
    let batch = match db {
        _ if plays.is_empty() => None,
        Db::Sqlite(pool) => Some(Batch::ByValue(pool, by_value(plays, hides, now))),
        Db::Postgres(pool) => Some(Batch::ByColumn(pool, by_column(plays, hides, now))),
    };
    // Only a batch of the usual size is worth being remembered by SQLite: each is as large as what it holds.
    let is_usual = matches!(plays.len(), 1 | PLAYS_AT_ONCE);
    async move {
        match batch {
            None => Ok(()),
            Some(Batch::ByValue(pool, mut query)) => {
                let mut connection = resident.take(pool).await?;
                query.build().persistent(is_usual).execute(&mut *connection).await?;
                resident.keep(connection);
                Ok(())
            }
            Some(Batch::ByColumn(pool, mut query)) => query.build().execute(pool).await.map(drop),
        }
    }
}

/// A statement, and whom it is for.
enum Batch<'db> {
    ByValue(&'db SqlitePool, QueryBuilder<Sqlite>),
    ByColumn(&'db PgPool, QueryBuilder<Postgres>),
}

fn by_value<P: Borrow<Play>>(plays: &[P], hides: &Hides, now: Instant) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(PLAYS);
    query.push_values(plays, |mut row, play| {
        let (play, hide) = (play.borrow(), hides.get(&play.borrow().id));
        let track = &play.track;
        row.push_bind(play.id.to_string())
            .push_bind(play.user_id.to_string())
            .push_bind(play.stream_id.to_string())
            .push_bind(track.provider_id.as_deref())
            .push_bind(track.uri.as_str())
            .push_bind(track.name.as_str())
            .push_bind(track.artists.join(", "))
            .push_bind(json(&track.artists))
            .push_bind(track.album.as_deref())
            .push_bind(track.duration_ms)
            .push_bind(track.url.as_deref())
            .push_bind(track.image_url.as_deref())
            .push_bind(play.started_at)
            .push_bind(play.source.word())
            .push_bind(hide.map(|hide| hide.at))
            .push_bind(hide.and_then(act));
    });
    insert(&mut query, now);
    query
}

fn by_column<P: Borrow<Play>>(plays: &[P], hides: &Hides, now: Instant) -> QueryBuilder<Postgres> {
    let column = Column { plays, hides };
    let mut query = QueryBuilder::new(PLAYS);
    query.push("SELECT * FROM UNNEST(");
    let mut columns = query.separated(", ");
    columns
        .push_bind(column.of(|play| play.id.to_string()))
        .push_bind(column.of(|play| play.user_id.to_string()))
        .push_bind(column.of(|play| play.stream_id.to_string()))
        .push_bind(column.of(|play| play.track.provider_id.as_deref()))
        .push_bind(column.of(|play| play.track.uri.as_str()))
        .push_bind(column.of(|play| play.track.name.as_str()))
        .push_bind(column.of(|play| play.track.artists.join(", ")))
        .push_bind(column.of(|play| json(&play.track.artists)))
        .push_bind(column.of(|play| play.track.album.as_deref()))
        .push_bind(column.of(|play| play.track.duration_ms))
        .push_bind(column.of(|play| play.track.url.as_deref()))
        .push_bind(column.of(|play| play.track.image_url.as_deref()))
        .push_bind(column.of(|play| play.started_at))
        .push_bind(column.of(|play| play.source.word()))
        .push_bind(column.hidden(|hide| Some(hide.at)))
        .push_bind(column.hidden(act));
    query.push(")");
    insert(&mut query, now);
    query
}

/// One column of all plays.
struct Column<'a, P> {
    plays: &'a [P],
    hides: &'a Hides,
}

impl<'a, P: Borrow<Play>> Column<'a, P> {
    fn of<T>(&self, value: impl Fn(&'a Play) -> T) -> Vec<T> {
        self.plays.iter().map(|play| value(play.borrow())).collect()
    }

    fn hidden<T>(&self, value: impl Fn(&Hide) -> Option<T>) -> Vec<Option<T>> {
        self.of(|play| self.hides.get(&play.id).and_then(&value))
    }
}

fn insert<D: Database>(query: &mut QueryBuilder<D>, now: Instant)
where
    Instant: for<'q> Encode<'q, D> + Type<D>,
{
    query.push(INSERT).push_bind(now).push(", ").push_bind(now).push(UNLESS_ERASED);
}

fn act(hide: &Hide) -> Option<String> {
    Some(hide.act?.id.to_string())
}

fn json(artists: &[String]) -> String {
    serde_json::Value::from(artists).to_string()
}
