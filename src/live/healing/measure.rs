//! What counts as near and as long when lists are compared: in minutes, so that time can be scaled down.

use chrono::TimeDelta;

/// Nobody looks oftener than this in earnest: time is scaled down, as in the demo and in tests.
const IN_EARNEST: TimeDelta = TimeDelta::seconds(10);

/// The measure of a healing.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    minute: TimeDelta,
    poll_interval: TimeDelta,
}

impl Measure {
    /// The measure for a player that is looked at so often.
    #[must_use]
    pub fn of(poll_interval: TimeDelta) -> Self {
        let scaled = poll_interval < IN_EARNEST;
        Self { minute: if scaled { poll_interval } else { TimeDelta::minutes(1) }, poll_interval }
    }

    /// How far a known start may be from the truth: looks are so far apart, and clocks differ.
    pub(super) fn tolerance(self) -> TimeDelta {
        self.poll_interval + self.minute / 12
    }

    /// Within this one play follows another: a crossfade and a clock may come between. 15 s.
    pub(super) fn near(self) -> TimeDelta {
        self.minute / 4
    }

    /// How much better one meaning of a stamp has to fit than the other, and what the other one costs. 5 s.
    pub(super) fn clearly(self) -> TimeDelta {
        self.minute / 12
    }

    /// No clock is more wrong than this. 10 s.
    pub(super) fn wrong(self) -> TimeDelta {
        self.minute / 6
    }

    /// A clock that enough plays agree about is known to this. 3 s.
    pub(super) fn doubt(self) -> TimeDelta {
        self.minute / 20
    }

    /// What was heard for less on the stream was not heard on it. 1 s.
    pub(super) fn heard(self) -> TimeDelta {
        self.minute / 60
    }

    /// Spotify reports what was heard for longer; a hole that is shorter hides nothing that it would report. 30 s.
    pub(super) fn shortest_reported(self) -> TimeDelta {
        self.minute / 2
    }

    /// Beyond the oldest report so much of the list is compared with it: longer than any track that is not a set. 30 min.
    pub(super) fn lookback(self) -> TimeDelta {
        self.minute * 30
    }

    /// How long after a stream an answer is waited for that says what its stamps mean. 1 h.
    pub(super) fn patience(self) -> TimeDelta {
        self.minute * 60
    }
}
