//! How exact the list is: the real rules, budget and healing against the twins' pure world, over seeded stream-days.
//!
//! `cargo bench --bench exactness -- --days 1000 --seed 1` prints a table and draws the plots in `docs/`.

mod airlog;
mod baselines;
mod scenario;
mod score;
mod sky;
mod tracker;
mod weather;

use baselines::Timer;
use scenario::{Days, Scenario, Who};
use score::{Score, percentile};
use std::sync::atomic::{AtomicU64, Ordering};
use weather::Reports;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: u64| {
        args.iter()
            .position(|a| a == name)
            .and_then(|p| args.get(p + 1))
            .and_then(|v| v.parse().ok())
            .unwrap_or(default)
    };
    let (days, seed) = (number("--days", 50), number("--seed", 1));
    let mut rows = Vec::new();
    for d in [Days::Standard(Reports::All), Days::Standard(Reports::NoSkips)] {
        for b in [None, Some(80), Some(250)] {
            rows.push(Scenario { days: d, who: Who::Airlog(b) });
        }
        rows.push(Scenario { days: d, who: Who::Other(Timer::Fixed) });
        rows.push(Scenario { days: d, who: Who::Other(Timer::AfterTheEnd) });
    }
    rows.push(Scenario { days: Days::Standard(Reports::All), who: Who::Airlog(Some(25)) });
    for d in [Days::Faded, Days::Eventful, Days::Foul, Days::FourMinutes] {
        rows.push(Scenario { days: d, who: Who::Airlog(None) });
    }
    if let Ok(day) = std::env::var("ONE_DAY") {
        let s = Scenario { days: Days::Foul, who: Who::Airlog(None) };
        s.day(day.parse().unwrap());
        return;
    }
    for s in rows {
        let t = std::time::Instant::now();
        let mut score = measure(&s, days, seed);
        println!(
            "{:42} short {:7.3} long {:8.4} honest {:8.4} all {:7.3} prec {:8.4} past {:4} order {:3} start {:.2}/{:.2} nat {:5.1}/{:5.1}/{:5.1} skip {:5.1}/{:5.1} req/h {:5.1} max {} ({:?})",
            s.name(),
            score.short.share() * 100.0,
            score.long.share() * 100.0,
            score.long.honest() * 100.0,
            score.short.and(score.long).share() * 100.0,
            score.precision() * 100.0,
            score.past_the_end,
            score.order_errors,
            percentile(&mut score.start_errors, 0.5),
            percentile(&mut score.start_errors, 0.95),
            percentile(&mut score.fresh_natural, 0.5),
            percentile(&mut score.fresh_natural, 0.95),
            percentile(&mut score.fresh_natural, 0.99),
            percentile(&mut score.fresh_skip, 0.5),
            percentile(&mut score.fresh_skip, 0.95),
            score.requests_per_hour(),
            score.busiest_hour,
            t.elapsed()
        );
    }
}

/// Lives through the days on all cores.
fn measure(scenario: &Scenario, days: u64, seed: u64) -> Score {
    let next = AtomicU64::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut total = Score::default();
        loop {
            let day = next.fetch_add(1, Ordering::Relaxed);
            if day >= days {
                return total;
            }
            total.add(scenario.day(seed.wrapping_mul(1_000_003) + day));
        }
    };
    let mut total = Score::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().for_each(|thread| total.add(thread.join().expect("a thread that lives")));
    });
    total
}
