//! What a session begins with, while passes go on beside it.

use super::*;
use crate::base::clock::{Clock as _, SystemClock};
use crate::base::seal::SealingKey;
use crate::hub::{Choices, Day, LoadDay, Loaded, Loading, Streamer};
use crate::live::fixtures::{database, on_air};
use crate::live::gaps::Reason;
use crate::live::writer::CAPACITY;
use crate::telemetry::Metrics;
use chrono_tz::Tz;
use std::sync::Arc;
use tempfile::TempDir;

/// Ann streams, and nobody follows her.
struct Evening {
    reconciler: Reconciler,
    stream: Stream,
    link: SpotifyLink,
    _folder: TempDir,
}

impl Evening {
    async fn new() -> Self {
        let ((db, folder), clock) = (database().await, SystemClock::shared());
        let stream = on_air(&db).await;
        let reconciler = Reconciler {
            accounts: Accounts::new(db.clone(), Arc::new(SealingKey::random())),
            hub: Hub::new(Nights, clock.clone(), Metrics::default()),
            writer: Writer::new(db.clone(), clock.clone(), Metrics::default(), CAPACITY),
            since: clock.now(),
            stream_grace: TimeDelta::minutes(5),
            mishaps: Mishaps::default(),
            clock,
            db,
        };
        let people = reconciler.accounts.linked(UserId::FIRST, 9).await.expect("ann");
        let link = people.into_iter().next().expect("ann").1;
        Self { reconciler, stream, link, _folder: folder }
    }

    /// Ann could not be seen since her stream began.
    async fn opens_a_gap(&self, reason: Reason) -> Gap {
        let gap = Gap::opened(&self.stream, self.stream.started_at, reason);
        let stored = store::put_gaps(&self.reconciler.db, std::slice::from_ref(&gap), gap.from).await;
        stored.expect("a gap");
        gap
    }

    async fn ends(&self) {
        let now = SystemClock.now();
        self.reconciler.end(&self.stream, now, now).await.expect("an end");
    }

    /// The gap that the session which was found missing begins with; none when none begins.
    async fn session_begins_with(&self) -> Option<Option<Gap>> {
        let missing =
            Missing { streamer: "ann".into(), stream: self.stream.clone(), link: self.link.clone() };
        let prepared = self.reconciler.prepare(vec![missing]).await.expect("an answer");
        assert_eq!(prepared.ready.len() + prepared.over.len(), 1, "either it begins or it is over");
        prepared.ready.into_iter().next().map(|assignment| assignment.gap)
    }
}

/// Nothing is known of any night.
struct Nights;

impl LoadDay for Nights {
    fn load(&self, _: UserId) -> Loading<'_, Loaded> {
        let streamer = Streamer { login: "ann".into(), name: "Ann".into() };
        let day = Day::empty(streamer, Tz::UTC, SystemClock.now());
        Box::pin(async { Ok(Some(Loaded::open(day))) })
    }

    fn choices(&self, _: UserId) -> Loading<'_, Choices> {
        Box::pin(async { Ok(None) })
    }
}

#[tokio::test]
async fn a_session_goes_on_with_the_gap_that_is_open() {
    let evening = Evening::new().await;
    assert_eq!(evening.session_begins_with().await, Some(None));
    let gap = evening.opens_a_gap(Reason::LinkLost).await;
    assert_eq!(evening.session_begins_with().await, Some(Some(gap)));
}

#[tokio::test]
async fn no_session_begins_for_a_stream_that_has_ended_since_it_was_found() {
    let evening = Evening::new().await;
    evening.opens_a_gap(Reason::LinkLost).await;
    evening.ends().await;
    assert_eq!(evening.session_begins_with().await, None);
}

#[tokio::test]
async fn no_session_begins_for_a_streamer_who_has_halted_it_since() {
    let evening = Evening::new().await;
    evening.opens_a_gap(Reason::Paused).await;
    assert_eq!(evening.session_begins_with().await, None);
}
