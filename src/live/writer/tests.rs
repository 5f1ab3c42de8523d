//! The writer against a real database: batches, retries, rows that are refused, and the bound.

use super::*;
use crate::base::clock::{Clock as _, SystemClock};
use crate::live::fixtures::{database, on_air};
use crate::live::gaps::Reason;
use crate::live::model::{Source, Track};
use chrono::TimeDelta;
use sqlx::SqlitePool;
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

struct Desk {
    db: Db,
    writer: Writer,
    stream: Stream,
    metrics: Metrics,
    folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let (db, folder) = database().await;
        let metrics = Metrics::default();
        let writer = Writer::new(db.clone(), SystemClock::shared(), metrics.clone(), CAPACITY);
        let stream = on_air(&db).await;
        Self { db, writer, stream, metrics, folder }
    }

    fn play(&self, number: i64) -> Play {
        let started_at = self.stream.started_at + TimeDelta::minutes(number);
        let uri = format!("spotify:track:{number}");
        Play {
            id: PlayId::derived(started_at, &[&uri]),
            user_id: self.stream.user_id,
            stream_id: self.stream.id,
            track: track(uri),
            started_at,
            source: Source::Poll,
        }
    }

    fn push(&self, plays: std::ops::Range<i64>) {
        plays.for_each(|number| self.writer.push(self.play(number)));
    }

    fn runs(&self) -> AbortOnDropHandle<()> {
        AbortOnDropHandle::new(tokio::spawn(self.writer.clone().run()))
    }

    async fn flushed(&self) {
        timeout(Duration::from_secs(20), self.writer.flushed()).await.expect("everything is stored in time");
    }

    fn pool(&self) -> &SqlitePool {
        let Db::Sqlite(pool) = &self.db else { panic!("not SQLite") };
        pool
    }

    /// Of the file itself, in bytes, without what was only appended.
    fn file_size(&self) -> u64 {
        self.folder.path().join("airlog.db").metadata().expect("a file").len()
    }

    async fn rows(&self) -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM stream_tracks")
            .fetch_one(self.pool())
            .await
            .expect("a count")
    }
}

fn track(uri: String) -> Track {
    Track {
        name: uri.clone(),
        uri,
        provider_id: None,
        artists: vec!["Maren Vale".into(), "Odd Numbers".into()],
        album: None,
        duration_ms: 200_000,
        url: None,
        image_url: None,
    }
}

#[tokio::test]
async fn what_is_pushed_is_stored_once_however_often_it_is_pushed() {
    let desk = Desk::new().await;
    desk.push(0..500);
    let _running = desk.runs();
    desk.push(400..600);
    desk.flushed().await;
    desk.push(0..600);
    desk.flushed().await;
    assert_eq!(desk.rows().await, 600);
}

#[tokio::test]
async fn a_database_that_is_locked_is_waited_for() {
    let desk = Desk::new().await;
    let mut lock = desk.pool().acquire().await.expect("a connection");
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut *lock).await.expect("a lock");
    desk.push(0..3);
    let _running = desk.runs();
    let early = timeout(Duration::from_millis(400), desk.writer.flushed()).await;
    assert!(early.is_err() && desk.writer.pending() == 3, "nothing is stored, nothing is lost");
    sqlx::query("ROLLBACK").execute(&mut *lock).await.expect("no lock");
    desk.flushed().await;
    assert_eq!(desk.rows().await, 3);
}

/// SQLite by itself would put nothing in its place yet: it lets its log grow for longer.
#[tokio::test]
async fn what_many_plays_append_is_put_in_its_place_beside_the_writer() {
    let desk = Desk::new().await;
    let _running = desk.runs();
    desk.push(0..4_000);
    desk.flushed().await;
    let in_place = async {
        while desk.file_size() < 2_000_000 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), in_place).await.expect("rows in the file itself");
}

#[test]
fn however_long_the_database_was_away_the_next_try_comes_within_a_second() {
    assert!((1..100).all(|failures| RETRY.wait(failures, 1.0) < Duration::from_secs(1)));
}

#[tokio::test]
async fn a_play_that_is_refused_does_not_hold_up_the_others() {
    let desk = Desk::new().await;
    let mut orphan = desk.play(1);
    orphan.user_id = UserId::random(SystemClock.now());
    desk.push(0..1);
    desk.writer.push(orphan);
    desk.push(2..4);
    let _running = desk.runs();
    desk.flushed().await;
    assert_eq!(desk.rows().await, 3);
    assert!(desk.metrics.text(0, 0).contains("airlog_plays_refused_total 1"));
}

#[tokio::test]
async fn a_gap_that_is_refused_does_not_take_others_with_it() {
    let desk = Desk::new().await;
    let gap = |user_id, minute| {
        let from = desk.stream.started_at + TimeDelta::minutes(minute);
        let id = GapId::derived(from, &["gap"]);
        let (stream_id, reason) = (desk.stream.id, Reason::SpotifyDown);
        Gap { id, user_id, stream_id, from, to: None, reason, healed: false }
    };
    desk.writer.push_gap(gap(desk.stream.user_id, 1));
    desk.writer.push_gap(gap(UserId::random(SystemClock.now()), 2));
    desk.writer.push_gap(gap(desk.stream.user_id, 3));
    let _running = desk.runs();
    desk.flushed().await;
    let gaps: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM gaps").fetch_one(desk.pool()).await.expect("a count");
    assert_eq!(gaps, 2);
}

/// On one core, where whoever is woken last runs first.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_is_told_of_a_play_goes_before_the_database() {
    let desk = Desk::new().await;
    let _runs = desk.runs();
    desk.push(0..1);
    desk.writer.flushed().await;
    let told = Arc::new(Notify::new());
    let viewer = tokio::spawn({
        let (told, writer) = (Arc::clone(&told), desk.writer.clone());
        async move {
            told.notified().await;
            *writer.inner.turn.lock().expect("whose turn it is")
        }
    });
    let (first, second) = (desk.play(0), desk.play(1));
    let writer = desk.writer.clone();
    let session = tokio::spawn(async move {
        told.notify_one();
        writer.push(second);
    });
    session.await.expect("a session");
    assert_eq!(viewer.await.expect("a viewer"), Some(place(&first)), "the second play is not taken yet");
    desk.writer.flushed().await;
}

#[tokio::test]
async fn a_full_writer_says_so_and_its_plays_can_be_read() {
    let desk = Desk::new().await;
    let most = i64::try_from(CAPACITY).expect("a small number");
    desk.push(0..most - 1);
    assert!(desk.writer.has_room());
    desk.push(most - 1..most);
    assert!(!desk.writer.has_room());
    assert_eq!(desk.writer.pending_of(desk.stream.user_id).len(), CAPACITY);
    assert_eq!(desk.writer.last_of(&desk.stream), Some(desk.play(most - 1)));
}
