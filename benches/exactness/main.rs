//! How exact the list is: the real rules, budget and healing against the twins' pure world, over seeded stream-days.
//!
//! `cargo bench --bench exactness -- --days 1000 --seed 1` prints a table and draws the plots in `docs/`.

mod airlog;
mod baselines;
mod explain;
mod figures;
mod measure;
mod options;
mod plan;
#[path = "../shared/plot.rs"]
mod plot;
mod plots;
mod scenario;
mod score;
mod sky;
mod table;
mod targets;
mod tracker;
mod weather;

use clap::Parser as _;
use figures::Figures;
use options::Options;
use scenario::Scenario;
use serde_json::json;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if let Some(name) = &options.explain {
        explain(name, &options);
        return Ok(());
    }
    let lines = lines(&options);
    let targets = targets::judge(&lines);
    let (days, seed) = (options.days, options.seed);
    if options.json {
        let whole = json!({"days": days, "seed": seed, "lines": lines, "targets": targets});
        println!("{}", serde_json::to_string_pretty(&whole)?);
    } else {
        print!("{}", table::text(&lines, &targets, days, seed));
    }
    draw(&lines, days)
}

fn lines(options: &Options) -> Vec<Figures> {
    let plan = plan::lines();
    let line = |(place, scenario): (usize, &Scenario)| {
        eprintln!("{:2} of {}  {}", place + 1, plan.len(), scenario.name());
        Figures::of(*scenario, measure::measure(*scenario, options.days, options.seed))
    };
    plan.iter().enumerate().map(line).collect()
}

/// One day after the other, so that the same days can be lived again.
fn explain(name: &str, options: &Options) {
    for scenario in plan::lines().iter().filter(|scenario| scenario.name().contains(name)) {
        for day in 0..options.days {
            let wrong = scenario.explain(measure::seed_of(options.seed, day));
            if !wrong.is_empty() {
                println!("{}, day {day}\n{wrong}", scenario.name());
            }
        }
    }
}

fn draw(lines: &[Figures], days: u64) -> anyhow::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::write(docs.join("exactness-frontier.svg"), plots::frontier(lines, days).svg())?;
    std::fs::write(docs.join("exactness-recall.svg"), plots::recall(lines, days).svg())?;
    Ok(())
}
