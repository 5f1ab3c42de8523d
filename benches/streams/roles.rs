//! The processes of the bench: how they are started, on which core each runs, and how they end.

use crate::machine::Process;
use crate::options::Options;
use anyhow::Context as _;
use rustix::thread::{CpuSet, sched_setaffinity};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Where the server runs, and where Spotify is played.
pub const SERVER_CORE: usize = 0;
pub const SKY_CORE: usize = 1;

/// Runs a role on this core, on a runtime like the program's own. Threads stay where the first one is.
pub fn pinned(core: usize, role: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let mut cores = CpuSet::new();
    cores.set(core);
    // On a machine with one core both share it.
    let _ = sched_setaffinity(None, &cores);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(role)
}

/// Another process of the bench; it ends with this handle.
pub struct Other {
    child: Child,
    words: Lines<BufReader<ChildStdout>>,
    /// On which port it listens.
    pub port: u16,
    /// How many bytes of it were in memory before it began.
    pub before: u64,
}

impl Other {
    /// Starts a role, and waits until it says where it listens.
    pub async fn start(role: &str, options: &Options, more: &[String]) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--role", role, "--streams", &options.streams.to_string()])
            .args(options.latency.then_some("--latency"))
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting the {role}"))?;
        let words = BufReader::new(child.stdout.take().context("no output")?).lines();
        let mut other = Self { child, words, port: 0, before: 0 };
        let said = other.says().await.with_context(|| format!("waiting for the {role}"))?;
        let (port, before) = said.split_once(' ').context("odd words")?;
        (other.port, other.before) = (port.parse()?, before.parse()?);
        Ok(other)
    }

    /// What it says next.
    pub async fn says(&mut self) -> anyhow::Result<String> {
        self.words.next_line().await?.context("a process of the bench has ended")
    }

    /// What the machine knows it as.
    pub fn process(&self) -> Process {
        Process(self.child.id().unwrap_or_default())
    }

    /// Ends it; what was measured of one that had ended by itself is worth nothing.
    pub async fn end(mut self) -> anyhow::Result<()> {
        let ended = self.child.try_wait()?;
        anyhow::ensure!(ended.is_none(), "a process of the bench has ended by itself: {ended:?}");
        Ok(self.child.kill().await?)
    }
}
