//! What happened when, as far as the verdict depends on it.

use std::time::Duration;
use tokio::time::Instant;

/// How soon a play that was shown is stored while the database answers.
const STORED_WITHIN: Duration = Duration::from_secs(1);
/// How soon streams are followed again after a start.
pub const FOLLOWED_WITHIN: Duration = Duration::from_secs(3);
/// How soon the writer tries again once the database is back.
const RETRIED_WITHIN: Duration = Duration::from_secs(1);
/// How long a trouble with the database is felt after its end.
const AFTER: Duration = Duration::from_millis(1_500);

/// One life of the program.
#[derive(Debug, Clone)]
pub struct Life {
    pub began: Instant,
    pub ended: Option<Instant>,
    /// Who has been on air for a while when it began.
    pub on_air: Vec<&'static str>,
    /// How soon all of them were followed.
    pub followed: Option<Duration>,
    /// Resident memory in kilobytes and open files, whenever they were measured.
    pub figures: Vec<(Instant, u64, u64)>,
}

#[derive(Debug, Default)]
pub struct Log {
    pub kills: Vec<Instant>,
    pub lives: Vec<Life>,
    /// From when to when the database, or the program as a whole, could not store anything.
    pub disturbances: Vec<(Instant, Instant)>,
    pub complaints: Vec<String>,
}

impl Log {
    /// Nothing can be stored from now on, for as long as is planned; gives its place, for [`Log::is_over`].
    pub fn is_disturbed(&mut self, lasts: Duration) -> usize {
        let now = Instant::now();
        self.disturbances.push((now, now + lasts));
        self.disturbances.len() - 1
    }

    /// It is disturbed no longer.
    pub fn is_over(&mut self, place: usize) {
        self.disturbances[place].1 = Instant::now();
    }

    /// When a play that was shown `at` must be stored: a second later, or after what is in the way then.
    pub fn stored_by(&self, at: Instant) -> Instant {
        let mut by = at + STORED_WITHIN;
        for (from, to) in &self.disturbances {
            if *from <= by && at <= *to + RETRIED_WITHIN {
                by = by.max(*to + RETRIED_WITHIN + STORED_WITHIN);
            }
        }
        by
    }

    /// How soon whoever was on air was followed in this life; none if nobody was, or if it did not last long enough.
    /// Following takes the database, which says who was on air, and nothing else.
    pub fn followed(&self, life: &Life) -> Option<Duration> {
        let until = life.began + FOLLOWED_WITHIN;
        let in_the_way = |(from, to): &(Instant, Instant)| *from <= until && life.began <= *to + AFTER;
        if life.on_air.is_empty() || self.disturbances.iter().any(in_the_way) {
            return None;
        }
        let lasted = life.ended.unwrap_or_else(Instant::now) - life.began;
        life.followed.or((lasted > FOLLOWED_WITHIN).then_some(lasted))
    }

    /// Whether the database is, or was just now, out of reach.
    pub fn storing_is_disturbed(&self, now: Instant) -> bool {
        self.disturbances.iter().any(|(_, to)| *to + Duration::from_secs(15) > now)
    }

    /// The life that lasted longest.
    pub fn longest_life(&self) -> &Life {
        let now = Instant::now();
        let length = |life: &&Life| life.ended.unwrap_or(now) - life.began;
        self.lives.iter().max_by_key(length).expect("a life")
    }
}
