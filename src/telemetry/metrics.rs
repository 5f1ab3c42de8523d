//! Counters, gauges and a histogram, in the Prometheus text format.

use super::Learned;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;

type Outcome = [(&'static str, &'static str); 1];

/// Seconds by which it is told apart how long the telling takes.
const TELLING: [f64; 16] = [
    0.000_1, 0.000_2, 0.000_3, 0.000_5, 0.000_7, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
    1.0,
];

/// The metrics of one server.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    inner: Arc<Inner>,
}

/// How long things take.
#[derive(Debug, Clone)]
struct Times(Histogram);

impl Default for Times {
    fn default() -> Self {
        Self(Histogram::new(TELLING))
    }
}

#[derive(Debug, Default)]
struct Inner {
    webhooks: Family<Outcome, Counter>,
    socket_messages: Family<Outcome, Counter>,
    looks: Family<Outcome, Counter>,
    plays_noticed: Counter,
    plays_stored: Counter,
    plays_refused: Counter,
    plays_healed: Counter,
    sessions: Gauge,
    session_failures: Counter,
    days_loaded: Counter,
    hub_deliveries: Counter,
    hub_writes: Counter,
    hub_telling: Times,
    hub_laggards: Counter,
    pages_made: Counter,
    swept: Family<Outcome, Counter>,
    export_pages: Counter,
}

impl Metrics {
    /// Counts a webhook call by what became of it.
    pub fn webhook(&self, outcome: &'static str) {
        self.inner.webhooks.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Counts a message of an EventSub socket by what became of it.
    pub fn socket_message(&self, outcome: &'static str) {
        self.inner.socket_messages.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Counts a look at a player by what it found.
    pub fn look(&self, found: &'static str) {
        self.inner.looks.get_or_create(&[("found", found)]).inc();
    }

    /// Counts a new play that viewers were told of.
    pub fn play_noticed(&self) {
        self.inner.plays_noticed.inc();
    }

    /// Counts plays that are in the database.
    pub fn plays_stored(&self, plays: usize) {
        self.inner.plays_stored.inc_by(plays as u64);
    }

    /// Counts plays that healing has found.
    pub fn plays_healed(&self, plays: usize) {
        self.inner.plays_healed.inc_by(plays as u64);
    }

    /// Counts a play that the database refused for good.
    pub fn play_refused(&self) {
        self.inner.plays_refused.inc();
    }

    /// Says how many sessions there are.
    pub fn sessions(&self, sessions: usize) {
        self.inner.sessions.set(i64::try_from(sessions).unwrap_or(i64::MAX));
    }

    /// Counts a session that failed and will be restarted.
    pub fn session_failed(&self) {
        self.inner.session_failures.inc();
    }

    /// Counts a day that was read from the database into memory.
    pub fn day_loaded(&self) {
        self.inner.days_loaded.inc();
    }

    /// Counts messages that were handed to viewers' sockets, and the writes that took.
    pub fn told(&self, messages: usize, writes: usize) {
        self.inner.hub_deliveries.inc_by(messages as u64);
        self.inner.hub_writes.inc_by(writes as u64);
    }

    /// Notes how long it took from what was learned of a player until it was handed to the sockets of a whole row of viewers.
    pub fn told_since(&self, learned: Learned) {
        self.inner.hub_telling.0.observe(learned.ago().as_secs_f64());
    }

    /// Counts viewers whose sockets did not take all of what they were sent at once.
    pub fn fell_behind(&self, viewers: usize) {
        self.inner.hub_laggards.inc_by(viewers as u64);
    }

    /// Counts a page that was made because none lay in memory.
    pub fn page_made(&self) {
        self.inner.pages_made.inc();
    }

    /// Counts rows that were deleted because they were kept as long as they were to be, by their table.
    pub fn swept(&self, table: &'static str, rows: u64) {
        self.inner.swept.get_or_create(&[("table", table)]).inc_by(rows);
    }

    /// Counts a page of rows that was read for somebody's download.
    pub fn export_page(&self) {
        self.inner.export_pages.inc();
    }

    /// All metrics as Prometheus text.
    #[must_use]
    pub fn text(&self, subscribers: usize, pending: usize) -> String {
        let mut registry = Registry::with_prefix("airlog");
        self.inner.register(&mut registry);
        gauge(&mut registry, "subscribers", "Viewers and overlays that listen", subscribers);
        gauge(&mut registry, "plays_pending", "Plays that wait to be stored", pending);
        let mut text = String::new();
        // Writing into a String does not fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

impl Inner {
    fn register(&self, registry: &mut Registry) {
        registry.register("webhooks", "EventSub calls by outcome", self.webhooks.clone());
        let messages = self.socket_messages.clone();
        registry.register("socket_messages", "EventSub messages of sockets by outcome", messages);
        registry.register("looks", "Looks at players by what they found", self.looks.clone());
        registry.register("plays_noticed", "Plays that viewers were told of", self.plays_noticed.clone());
        registry.register("plays_stored", "Plays written to the database", self.plays_stored.clone());
        registry.register("plays_refused", "Plays that the database refused", self.plays_refused.clone());
        registry.register("plays_healed", "Missed plays that healing found", self.plays_healed.clone());
        registry.register("sessions", "Live streams that are followed", self.sessions.clone());
        registry.register("session_failures", "Sessions that failed", self.session_failures.clone());
        registry.register("days_loaded", "Days read from the database into memory", self.days_loaded.clone());
        registry.register("hub_deliveries", "Messages handed to sockets", self.hub_deliveries.clone());
        registry.register("hub_writes", "Writes that handed them over", self.hub_writes.clone());
        let (telling, Times(times)) =
            ("From Spotify's answer read to the frame handed over", self.hub_telling.clone());
        registry.register_with_unit("hub_telling", telling, Unit::Seconds, times);
        let laggards = self.hub_laggards.clone();
        registry.register("hub_laggards", "Times that a socket did not take all at once", laggards);
        registry.register("pages_made", "Pages made, which many may have read", self.pages_made.clone());
        registry.register("export_pages", "Pages of rows read for downloads", self.export_pages.clone());
        registry.register("rows_swept", "Old rows that were deleted, by table", self.swept.clone());
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: usize) {
    let gauge: Gauge = Gauge::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, help, gauge);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_read_as_prometheus_expects() {
        let metrics = Metrics::default();
        metrics.webhook("forged");
        metrics.webhook("forged");
        let text = metrics.text(3, 0);
        assert!(text.contains("airlog_webhooks_total{outcome=\"forged\"} 2"), "{text}");
        assert!(text.contains("airlog_subscribers 3"), "{text}");
    }

    #[test]
    fn how_soon_viewers_are_told_is_counted_by_how_long_it_takes() {
        let metrics = Metrics::default();
        metrics.told_since(Learned::now());
        let text = metrics.text(0, 0);
        assert!(text.contains("airlog_hub_telling_seconds_count 1"), "{text}");
        assert!(text.contains("airlog_hub_telling_seconds_bucket{le=\"0.001\"}"), "{text}");
    }
}
