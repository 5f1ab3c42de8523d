//! When a silent client is asked whether it is still there, and when it is given up. Pure.

use std::time::Duration;
use tokio::time::Instant;

/// How often the server pings.
const PING: Duration = Duration::from_secs(30);
/// How long a silent client is believed to be there.
const SILENCE: Duration = Duration::from_secs(90);
/// How long a connection may take nothing while something is to be written.
const PATIENCE: Duration = Duration::from_secs(15);

/// How a connection is doing.
#[derive(Debug)]
pub(super) struct Pulse {
    heard: Instant,
    next_ping: Instant,
    /// Since when it has taken nothing of what is to be written.
    stuck: Option<Instant>,
}

/// What is to be done when it is time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Ask whether it is still there.
    Ping,
    /// It is not.
    GiveUp,
    /// Nothing yet.
    Wait,
}

impl Pulse {
    /// Of a connection that has just come. The first ping is due after this share of the usual time, so that those who
    /// came at once are not asked at once.
    pub(super) fn new(now: Instant, share: f64) -> Self {
        Self { heard: now, next_ping: now + PING.mul_f64(share), stuck: None }
    }

    /// The client said something.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// The connection took something, and whether that was all.
    pub(super) fn took(&mut self, all: bool, now: Instant) {
        self.stuck = (!all).then_some(now);
    }

    /// When to look next.
    pub(super) fn due(&self) -> Instant {
        self.stuck.map_or(self.next_ping, |since| self.next_ping.min(since + PATIENCE))
    }

    /// What it is time for.
    pub(super) fn beat(&mut self, now: Instant) -> Beat {
        let is_stuck = self.stuck.is_some_and(|since| now >= since + PATIENCE);
        if is_stuck || now > self.heard + SILENCE {
            return Beat::GiveUp;
        }
        if now < self.next_ping {
            return Beat::Wait;
        }
        self.next_ping = now + PING;
        Beat::Ping
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> impl Fn(Instant) -> Instant {
        move |start| start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_silent_client_is_asked_and_given_up_after_a_while() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start, 0.5);
        assert_eq!(pulse.due(), after(15)(start));
        for seconds in [15, 45, 75] {
            assert_eq!(pulse.beat(after(seconds)(start)), Beat::Ping);
        }
        assert_eq!(pulse.beat(after(91)(start)), Beat::GiveUp);
        pulse.heard(after(76)(start));
        assert_eq!(pulse.beat(after(105)(start)), Beat::Ping);
    }

    #[test]
    fn a_connection_that_takes_nothing_is_given_up_and_one_that_takes_a_little_is_not() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start, 1.0);
        pulse.took(false, start);
        assert_eq!(pulse.due(), after(15)(start));
        pulse.took(false, after(10)(start));
        assert_eq!(pulse.beat(after(15)(start)), Beat::Wait);
        assert_eq!(pulse.beat(after(25)(start)), Beat::GiveUp);
        pulse.took(true, after(25)(start));
        assert_eq!(pulse.beat(after(25)(start)), Beat::Wait);
    }
}
