//! What happened when, as far as the verdict depends on it.

use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// How soon a play that was shown is stored while the database answers.
const STORED_WITHIN: Duration = Duration::from_secs(1);
/// How soon streams are followed again after a start.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(3);
/// How soon the writer tries again once the database is back.
const RETRIED_WITHIN: Duration = Duration::from_secs(1);
/// How long a trouble is felt after its end: a connection that hangs, a rest in whole seconds.
const AFTER: Duration = Duration::from_millis(1_500);

/// What is disturbed for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbed {
    /// The way to Spotify: nobody can be followed.
    Following,
    /// The way to the database, or the program as a whole: nothing can be stored.
    Storing,
}

/// One life of the program.
#[derive(Debug, Clone)]
pub struct Life {
    pub began: Instant,
    pub ended: Option<Instant>,
    /// Who has been on air for a while when it began.
    pub on_air: Vec<&'static str>,
    /// How soon each streamer was looked at.
    pub followed: HashMap<String, Duration>,
    /// Resident memory in kilobytes and open files, whenever they were measured.
    pub figures: Vec<(Instant, u64, u64)>,
}

impl Life {
    /// Whether this streamer was looked at soon enough.
    pub fn follows(&self, login: &str) -> bool {
        self.followed.get(login).is_some_and(|took| *took <= FOLLOWED_WITHIN)
    }
}

#[derive(Debug, Default)]
pub struct Log {
    pub kills: Vec<Instant>,
    pub lives: Vec<Life>,
    pub disturbances: Vec<(Disturbed, Instant, Instant)>,
    pub complaints: Vec<String>,
}

impl Log {
    /// Something is disturbed from now on, for as long as is planned; gives its place, for [`Log::is_over`].
    pub fn is_disturbed(&mut self, what: Disturbed, lasts: Duration) -> usize {
        let now = Instant::now();
        self.disturbances.push((what, now, now + lasts));
        self.disturbances.len() - 1
    }

    /// It is disturbed no longer.
    pub fn is_over(&mut self, place: usize) {
        self.disturbances[place].2 = Instant::now();
    }

    /// When a play that was shown `at` must be stored: a second later, or after what is in the way then.
    pub fn stored_by(&self, at: Instant) -> Instant {
        let mut by = at + STORED_WITHIN;
        for (what, from, to) in &self.disturbances {
            if *what == Disturbed::Storing && *from <= by && at <= *to + RETRIED_WITHIN {
                by = by.max(*to + RETRIED_WITHIN + STORED_WITHIN);
            }
        }
        by
    }

    /// Whether this life says how soon streams are followed: somebody was on air, it lasted long enough, and either
    /// nothing was in the way or all went well in spite of it.
    pub fn is_timed(&self, life: &Life) -> bool {
        let until = life.began + FOLLOWED_WITHIN;
        let calm = self.disturbances.iter().all(|(_, from, to)| *from > until || *to + AFTER < life.began);
        let lasted = life.ended.is_none_or(|end| end > until);
        !life.on_air.is_empty() && lasted && (calm || life.on_air.iter().all(|login| life.follows(login)))
    }

    /// Whether the database is, or was just now, out of reach.
    pub fn storing_is_disturbed(&self, now: Instant) -> bool {
        let storing = |(what, _, to): &&(Disturbed, Instant, Instant)| {
            *what == Disturbed::Storing && *to + Duration::from_secs(15) > now
        };
        self.disturbances.iter().any(|trouble| storing(&trouble))
    }

    /// The life that lasted longest.
    pub fn longest_life(&self) -> &Life {
        let now = Instant::now();
        let length = |life: &&Life| life.ended.unwrap_or(now) - life.began;
        self.lives.iter().max_by_key(length).expect("a life")
    }
}
