//! What is measured: a server with everybody live at once, and the Spotify that it asks.

use crate::machine::Process;
use crate::options::Options;
use crate::roles::Other;
use crate::seed;
use crate::tally::Told;
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::db::{self, Db};
use airlog::live::store;
use anyhow::Context as _;
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long the start of a server may take, with all its sessions.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often one looks whether something is done.
const GLANCE: Duration = Duration::from_millis(500);

/// How many glances in a row show that nothing is left to do: some work is decided on before it is stored as due.
const GLANCES: u32 = 6;

/// A server on a database of its own, and the Spotify that it asks.
pub struct Stage {
    pub sky: Other,
    pub server: Other,
    pub streams: u32,
    http: reqwest::Client,
    _folder: tempfile::TempDir,
    /// How long it took until everybody was.
    pub took: Duration,
}

impl Stage {
    /// Starts both, and waits until everybody is followed and nothing of the start is left to do.
    pub async fn begin(options: &Options, interval: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("airlog.db");
        seed::seed(&file, options.streams).await?;
        let sky = Other::start("sky", options, &[]).await?;
        let server = Other::start("server", options, &arguments(&file, sky.port, interval)).await?;
        let began = Instant::now();
        let http = airlog::clients::http_client(Duration::from_secs(30))?;
        let mut stage =
            Self { sky, server, streams: options.streams, http, _folder: folder, took: Duration::ZERO };
        stage.until("everybody is followed", async |stage| stage.counted("airlog_sessions").await).await?;
        stage.took = began.elapsed();
        stage.until("everybody was looked at", async |stage| Ok(stage.told().await?.started)).await?;
        stage
            .until("everybody is healed", async |stage| Ok(u32::try_from(stage.told().await?.heals)?))
            .await?;
        until_nobody_is_due(&db::open_to_read(&seed::url(&file)).await?).await?;
        stage.until_stored().await?;
        Ok(stage)
    }

    async fn until(
        &self,
        what: &str,
        count: impl AsyncFn(&Self) -> anyhow::Result<u32>,
    ) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        let mut last = 0;
        while last < self.streams {
            anyhow::ensure!(Instant::now() < until, "{what}: only {last} of {}", self.streams);
            sleep(GLANCE).await;
            last = count(self).await?;
        }
        eprintln!("{what}");
        Ok(())
    }

    async fn until_stored(&self) -> anyhow::Result<()> {
        while self.counted("airlog_plays_pending").await? > 0 {
            sleep(GLANCE).await;
        }
        Ok(())
    }

    async fn counted(&self, metric: &str) -> anyhow::Result<u32> {
        let text = self.metrics().await?;
        let value = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
        value.with_context(|| format!("no {metric}"))?.parse().context("an odd metric")
    }

    /// What the server counts.
    pub async fn metrics(&self) -> anyhow::Result<String> {
        let url = format!("http://127.0.0.1:{}/metrics", self.server.port);
        Ok(self.http.get(url).send().await?.text().await?)
    }

    /// What Spotify has noticed since this was asked last.
    pub async fn told(&self) -> anyhow::Result<Told> {
        let url = format!("http://127.0.0.1:{}/tally", self.sky.port);
        Ok(self.http.get(url).send().await?.json().await?)
    }

    /// How long frames take to the viewer of the star, in milliseconds.
    pub async fn ways(&self, login: &str) -> anyhow::Result<Option<crate::tally::Spread>> {
        let url = format!("http://127.0.0.1:{}/viewer/{}/{login}", self.sky.port, self.server.port);
        Ok(self.http.get(url).timeout(Duration::from_mins(2)).send().await?.json().await?)
    }

    pub fn process(&self) -> Process {
        self.server.process()
    }

    pub async fn end(self) -> anyhow::Result<()> {
        self.server.end().await?;
        self.sky.end().await
    }
}

fn arguments(file: &Path, sky: u16, interval: u64) -> Vec<String> {
    let database = file.display().to_string();
    ["--database", &database, "--sky", &sky.to_string(), "--interval", &interval.to_string()]
        .map(str::to_owned)
        .into()
}

/// Whose gap has closed only after being healed is healed once more.
async fn until_nobody_is_due(db: &Db) -> anyhow::Result<()> {
    let (until, mut rested) = (Instant::now() + PATIENCE, 0);
    while rested < GLANCES {
        anyhow::ensure!(Instant::now() < until, "there is no end of healing");
        sleep(GLANCE).await;
        let due = store::due(db, SystemClock.now()).await?;
        rested = if due.is_empty() { rested + 1 } else { 0 };
    }
    eprintln!("nobody is to be healed");
    Ok(())
}
