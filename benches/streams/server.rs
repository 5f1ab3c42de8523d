//! The server that is measured: the whole house, as `airlog serve` builds it.

use crate::machine::Process;
use crate::options::Options;
use crate::seed;
use airlog::app;
use airlog::base::steady_clock::SteadyClock;
use airlog::config::{Config, Log};
use airlog::telemetry;
use anyhow::Context as _;
use std::net::SocketAddr;
use std::time::Duration;

/// Runs until it is ended.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    telemetry::init_logs(&Log { filter: "warn".to_owned(), ..Log::default() })?;
    let before = Process(std::process::id()).resident()?;
    let app = app::build(&config(options)?, SteadyClock::shared()).await?;
    println!("{} {before}", app.addr().port());
    app.run_until(std::future::pending()).await
}

fn config(options: &Options) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.database.url = seed::url(&options.database).parse().ok().context("a URL")?;
    config.secrets.key = Some(Box::new(seed::KEY).into());
    let sky = format!("http://127.0.0.1:{}", options.sky);
    config.spotify.api_url = format!("{sky}/v1").parse().ok().context("a URL")?;
    config.spotify.accounts_url = sky.parse().ok().context("a URL")?;
    config.spotify.client_id = Some(seed::CLIENT_ID.into());
    config.tracking.poll_interval = Duration::from_secs(options.interval);
    config.tracking.reconcile_interval = Duration::from_secs(options.interval);
    // What is healed at the start is not healed again while looks are measured.
    config.tracking.heal_interval = Duration::from_hours(24);
    if options.latency {
        // The star's tracks are short, and each is to be seen.
        config.tracking.min_gap = Duration::from_millis(20);
        config.tracking.probe_delay = Duration::from_millis(10);
    }
    Ok(config)
}
