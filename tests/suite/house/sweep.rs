//! The daily sweep, in a house and without one, and old plays for it.

use super::House;
use super::bare::Bare;
use super::eventually;
use airlog::accounts::Accounts;
use airlog::base::clock::{Clock as _, Instant, ShiftedClock};
use airlog::base::id::{PlayId, UserId};
use airlog::base::mishap::Mishaps;
use airlog::base::revisions::Revisions;
use airlog::base::seal::SealingKey;
use airlog::hub::{Choices, Hub, LoadDay, Loaded, Loading};
use airlog::retention::{Pace, Parts, Retention};
use airlog::telemetry::Metrics;
use chrono::{DateTime, NaiveTime, TimeDelta};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

/// The days of the sweeps that are done.
pub const DONE: &str = "SELECT day FROM sweeps WHERE ended_at IS NOT NULL ORDER BY day";

impl House {
    pub fn retention(&self) -> &Retention {
        &self.home().retention
    }

    /// Waits until the sweep of a day is done.
    pub async fn is_swept(&self, day: &str) {
        let swept = async || self.sql(DONE).await.iter().any(|done| done == day).then_some(());
        self.eventually(&format!("the sweep of {day} is done"), swept).await;
    }

    /// What is due at a first start is over before a story begins.
    pub(super) async fn is_swept_at_first(&self) {
        let swept = async || (!self.sql(DONE).await.is_empty()).then_some(());
        self.eventually("the first sweep is done", swept).await;
    }
}

/// So many old plays of somebody, all of one instant, as either database understands it.
pub fn old_plays(login: &str, count: usize, began: Instant) -> String {
    named_plays(login, "old", count, began)
}

pub fn named_plays(login: &str, name: &str, count: usize, began: Instant) -> String {
    let id = PlayId::derived(began, &[login, name]).to_string();
    let (id, began) = (&id[..24], began.to_rfc3339());
    format!(
        "INSERT INTO stream_tracks (id, user_id, provider, uri, name, artist, artists, duration_ms, started_at,
            source, inserted_at, updated_at)
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
        SELECT '{id}' || substr(CAST(1000000000000 + n AS TEXT), 2), (SELECT id FROM users WHERE login = '{login}'), 'spotify',
            'airlog:{name}:' || n, '{name}', '', '[]', 1, '{began}', 'poll', '{began}', '{began}' FROM numbers
        WHERE n <= {count}"
    )
}

/// A sweep without a house: nobody is in memory.
pub struct Sweeping {
    pub bare: Bare,
    accounts: Accounts,
    clock: Arc<ShiftedClock>,
}

struct Nobody;

impl LoadDay for Nobody {
    fn load(&self, _: UserId) -> Loading<'_, Loaded> {
        Box::pin(async { Ok(None) })
    }

    fn choices(&self, _: UserId) -> Loading<'_, Choices> {
        Box::pin(async { Ok(None) })
    }
}

impl Sweeping {
    /// Ann has this many old plays and one of now.
    pub async fn of(plays: usize) -> Self {
        let bare = Bare::fresh().await;
        let now = DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        bare.does(
            "INSERT INTO users (id, twitch_id, login, name, inserted_at, updated_at) VALUES
                ('01a1fab7-6c52-7bb8-b54a-1f9f21c85c84', '1001', 'ann', 'Ann',
                 '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')",
        )
        .await;
        bare.does(&old_plays("ann", plays, now - TimeDelta::days(8))).await;
        bare.does(&named_plays("ann", "kept", 1, now)).await;
        let accounts = Accounts::new(bare.db.clone(), Arc::new(SealingKey::new([7; 32])));
        let clock = Arc::new(ShiftedClock::starting_at(now));
        Self { bare, accounts, clock }
    }

    pub fn begins(&self, rest: Duration) -> Retention {
        let pace = Pace::of(NaiveTime::MIN, Duration::from_millis(100));
        let parts = Parts {
            db: self.bare.db.clone(),
            accounts: self.accounts.clone(),
            hub: Hub::new(Nobody, self.clock.clone(), Metrics::default()),
            revisions: Revisions::default(),
            clock: self.clock.clone(),
            metrics: Metrics::default(),
            pace: Pace { rest, batch: 10, ..pace },
            mishaps: Mishaps::default(),
        };
        Retention::start(parts, std::future::ready(()))
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// So much time passes.
    pub fn goes_on(&self, by: TimeDelta) {
        self.clock.shift(by);
    }

    /// Waits until no play is left; says which are, and what was wished, when they stay.
    pub async fn keeps_nothing(&self) {
        let gone = eventually("all is gone", async || (self.left().await == 0).then_some(()));
        if AssertUnwindSafe(gone).catch_unwind().await.is_err() {
            let left =
                self.bare.sql("SELECT name || ' ' || CAST(started_at AS TEXT) FROM stream_tracks").await;
            let wished = "SELECT CAST(before_at AS TEXT) || ' ' || COALESCE(CAST(done_at AS TEXT), 'open') FROM erasures";
            panic!("{left:?} stay at {}, wished was {:?}", self.now(), self.bare.sql(wished).await);
        }
    }

    pub async fn left(&self) -> usize {
        self.bare.sql("SELECT id FROM stream_tracks").await.len()
    }
}
