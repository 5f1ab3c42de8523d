//! What the rules take to decide about one look.

use crate::evenings::{play, streams};
use airlog::base::clock::Instant;
use airlog::live::budget::Allowance;
use airlog::live::model::{Sight, Whence};
use airlog::live::rules::{Input, Look, State, Timing, step};
use chrono::TimeDelta;
use criterion::{BatchSize, Criterion};
use std::hint::black_box;

/// The defaults of `config.toml`.
const TIMING: Timing = Timing {
    poll_interval: TimeDelta::seconds(60),
    probe_delay: TimeDelta::milliseconds(1_500),
    min_gap: TimeDelta::seconds(5),
    default_cooldown: TimeDelta::minutes(5),
    standstill: TimeDelta::hours(1),
    lost_after: TimeDelta::seconds(90),
};

pub fn all(criterion: &mut Criterion) {
    let (state, now) = following();
    let looks = [
        ("a look sees the same track go on", sees(0, 90)),
        ("a look sees another track", sees(1, 3)),
        ("a look sees nothing", Look::Nothing),
    ];
    for (sentence, look) in looks {
        criterion.bench_function(sentence, |bencher| {
            let fresh = || (state.clone(), Input::Looked { look: look.clone(), allowance: allowance() });
            let decide = |(mut state, input): (State, Input)| black_box(step(&mut state, input, now));
            bencher.iter_batched(fresh, decide, BatchSize::SmallInput);
        });
    }
}

/// A session that saw a track begin half a minute ago, and the time.
fn following() -> (State, Instant) {
    let stream = streams(1, 0).remove(0);
    let now = stream.started_at + TimeDelta::minutes(1);
    let mut state = State::new(TIMING, stream, None, None);
    state.begin(now);
    step(&mut state, Input::Looked { look: sees(0, 30), allowance: allowance() }, now);
    (state, now + TimeDelta::minutes(1))
}

fn sees(number: usize, second: i64) -> Look {
    let track = play(&streams(1, 0)[0], 0, number).track;
    let whence = Whence { context: Some("spotify:playlist:37i9dQZF1DX".into()), device: Some("Desk".into()) };
    Look::Track(Box::new(Sight { track, progress_ms: second * 1_000, is_playing: true, whence }))
}

fn allowance() -> Allowance {
    Allowance { rests_until: None, not_before: None, interval: TIMING.poll_interval }
}
