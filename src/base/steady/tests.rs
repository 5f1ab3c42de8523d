//! Stories and properties of a wall clock that cannot be trusted.

use super::*;
use proptest::prelude::*;

const PROMPT: Duration = Duration::from_millis(50);

/// A machine: its wall clock is off by something, it has been awake for a while, others know the time.
struct Machine {
    steady: Steady,
    off: TimeDelta,
    awake: Duration,
    /// What time it is in truth.
    truth: Instant,
}

impl Machine {
    /// Just started, with a clock that is off by that many seconds.
    fn off_by(seconds: i64) -> Self {
        let truth = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        let mut machine = Self {
            steady: Steady::starting(),
            off: TimeDelta::seconds(seconds),
            awake: Duration::ZERO,
            truth,
        };
        machine.now();
        machine
    }

    /// A machine whose clock was confirmed.
    fn right() -> Self {
        let mut machine = Self::off_by(0);
        machine.hears();
        machine
    }

    fn wall(&self) -> Instant {
        self.truth + self.off
    }

    fn now(&mut self) -> Instant {
        self.steady.now(self.wall(), self.awake).0
    }

    fn hears(&mut self) -> Option<Remark> {
        let second = self.truth - TimeDelta::milliseconds(self.truth.timestamp_subsec_millis().into());
        self.steady.hear(second, PROMPT, self.wall(), self.awake)
    }

    fn passes(&mut self, seconds: u32) {
        self.truth += TimeDelta::seconds(seconds.into());
        self.awake += Duration::from_secs(seconds.into());
    }

    fn sleeps(&mut self, seconds: i64) {
        self.truth += TimeDelta::seconds(seconds);
    }

    fn jumps(&mut self, seconds: i64) {
        self.off += TimeDelta::seconds(seconds);
    }

    /// By how many seconds we are wrong.
    fn error(&mut self) -> i64 {
        (self.now() - self.truth).num_seconds()
    }
}

#[test]
fn a_wall_clock_that_is_set_wrong_changes_nothing() {
    for jump in [3_600, -3_600] {
        let mut machine = Machine::right();
        machine.passes(30);
        machine.jumps(jump);
        assert_eq!(machine.error(), 0);
        machine.passes(1);
        assert_eq!(machine.hears(), None, "it was not believed anyway");
        machine.passes(3_600);
        assert_eq!(machine.error(), 0, "nor will it be later");
    }
}

#[test]
fn a_machine_that_slept_is_told_so_by_the_first_answer() {
    let mut machine = Machine::right();
    machine.sleeps(10_000);
    assert_eq!(machine.error(), -10_000);
    assert_eq!(machine.hears(), Some(Remark::Corrected(TimeDelta::zero())), "the wall clock was right");
    assert_eq!(machine.error(), 0);
}

#[test]
fn an_answer_from_before_the_sleep_does_not_confirm_the_time_before_it() {
    let mut machine = Machine::right();
    machine.passes(10);
    let old = machine.truth;
    machine.sleeps(10_000);
    machine.now();
    assert_eq!(machine.steady.hear(old, PROMPT, machine.wall(), machine.awake), None);
    machine.passes(1);
    assert_eq!(machine.hears(), Some(Remark::Corrected(TimeDelta::zero())));
    assert_eq!(machine.error(), 0);
}

#[test]
fn a_machine_that_nobody_answers_believes_its_wall_clock_after_a_while() {
    let mut machine = Machine::right();
    machine.sleeps(10_000);
    machine.now();
    machine.passes(121);
    assert_eq!(machine.error(), 0);
}

#[test]
fn a_clock_that_was_wrong_from_the_start_is_corrected_before_anything_is_noted() {
    let mut machine = Machine::off_by(-7_200);
    assert!(matches!(machine.hears(), Some(Remark::Corrected(_))));
    assert_eq!(machine.error(), 0);
    machine.jumps(7_200);
    assert_eq!(machine.error(), 0, "somebody has set it right");
    machine.hears();
    machine.passes(10_000);
    assert_eq!(machine.error(), 0);
}

#[test]
fn one_answer_alone_does_not_move_a_clock_that_has_not_jumped() {
    let mut machine = Machine::right();
    let lie = machine.truth + TimeDelta::hours(5);
    assert_eq!(machine.steady.hear(lie, PROMPT, machine.wall(), machine.awake), None);
    machine.hears();
    assert_eq!(machine.steady.hear(lie, PROMPT, machine.wall(), machine.awake), None);
    assert_eq!(machine.error(), 0);
}

#[test]
fn a_clock_that_runs_away_slowly_is_caught_by_three_answers() {
    let mut machine = Machine::right();
    for _ in 0..10 {
        machine.jumps(1);
        machine.passes(60);
        machine.now();
    }
    assert_eq!(machine.error(), 10);
    let heard: Vec<bool> = (0..3).map(|_| machine.hears().is_some()).collect();
    assert_eq!((heard, machine.error()), (vec![false, false, true], 0));
}

proptest! {
    #[test]
    fn after_each_answer_the_time_is_right_whatever_the_wall_clock_did(
        nights in proptest::collection::vec((0..4_000_u32, -9_000..9_000_i64, 0..9_000_i64), 1..20),
    ) {
        let mut machine = Machine::right();
        for (awake, jump, sleep) in nights {
            machine.passes(awake);
            machine.jumps(jump);
            machine.sleeps(sleep);
            machine.hears();
            machine.hears();
            machine.hears();
            prop_assert!(machine.error().abs() <= 6, "off by {}", machine.error());
        }
    }

    #[test]
    fn as_long_as_the_machine_is_awake_a_jump_is_never_seen(
        jumps in proptest::collection::vec(prop_oneof![-9_000..-3_i64, 3..9_000_i64], 1..20),
    ) {
        let mut machine = Machine::right();
        for jump in jumps {
            machine.passes(60);
            machine.jumps(jump);
            prop_assert_eq!(machine.error(), 0);
            machine.hears();
        }
    }
}
