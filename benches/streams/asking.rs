//! The floor of a look: tasks that do nothing but ask, once a minute, with the program's own client.

use crate::options::Options;
use crate::roles::Other;
use crate::seed;
use anyhow::Context as _;
use reqwest::{Client, Request};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

/// How often each asks.
pub const MINUTE: Duration = Duration::from_mins(1);

/// Tasks that ask, until one of them fails.
pub type Tasks = JoinSet<anyhow::Result<()>>;

/// What share of a core as many of them take as there are streamers.
pub async fn measure(options: &Options) -> anyhow::Result<f64> {
    let sky = Other::start("sky", options, &[]).await?;
    let tasks = Other::start("asking", options, &["--sky".to_owned(), sky.port.to_string()]).await?;
    let share = tasks.process().share(Duration::from_secs(options.seconds)).await?;
    tasks.end().await?;
    sky.end().await?;
    Ok(share)
}

/// Says so when each has asked once, and asks until this process is ended.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut tasks = begin(options).await?;
    println!("0 0");
    go_on(&mut tasks).await
}

/// Starts them within a minute, and waits until each has asked once.
pub async fn begin(options: &Options) -> anyhow::Result<Tasks> {
    let http = airlog::clients::http_client(MINUTE)?;
    let (asked, mut everybody) = mpsc::channel::<()>(1);
    let mut tasks = JoinSet::new();
    for number in 0..options.streams {
        let first = Instant::now() + MINUTE * number / options.streams;
        let request = http.get(url(options)).bearer_auth(seed::token(number)).build()?;
        tasks.spawn(ask(http.clone(), request, first, asked.clone()));
    }
    drop(asked);
    // Nobody sends anything: the channel ends when each has let go of it.
    everybody.recv().await;
    Ok(tasks)
}

/// Has them ask until one fails.
pub async fn go_on(tasks: &mut Tasks) -> anyhow::Result<()> {
    while let Some(failed) = tasks.join_next().await {
        failed??;
    }
    Ok(())
}

/// Whom they ask.
pub fn url(options: &Options) -> String {
    format!("http://127.0.0.1:{}/v1/me/player?additional_types=track,episode", options.sky)
}

async fn ask(http: Client, request: Request, first: Instant, asked: mpsc::Sender<()>) -> anyhow::Result<()> {
    let (mut minutes, mut asked) = (interval_at(first, MINUTE), Some(asked));
    loop {
        minutes.tick().await;
        let request = request.try_clone().context("a request that cannot be asked again")?;
        http.execute(request).await?.bytes().await?;
        drop(asked.take());
    }
}
