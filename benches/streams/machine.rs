//! What the machine says of a process: memory and processor time; and of itself. Read from `/proc`.

use anyhow::Context as _;
use std::fs;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Ticks of the processor clock in a second, on every Linux there is.
const TICKS: f64 = 100.0;

/// A process.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// How many bytes of it are in memory.
    pub fn resident(self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).context("reading the memory")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().context("an odd VmRSS")?;
        Ok(kilobytes * 1024)
    }

    /// How many seconds it has worked, in all its threads and in the kernel on its behalf.
    pub fn worked(self) -> anyhow::Result<f64> {
        worked(&format!("/proc/{}/stat", self.0))
    }

    /// What share of a core it takes for so long.
    pub async fn share(self, over: Duration) -> anyhow::Result<f64> {
        let (began, before) = (Instant::now(), self.worked()?);
        sleep(over).await;
        Ok((self.worked()? - before) / began.elapsed().as_secs_f64())
    }

    /// How many seconds those of its threads have worked whose name begins so.
    pub fn worked_as(self, name: &str) -> anyhow::Result<f64> {
        let mut seconds = 0.0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.0)).context("reading the threads")? {
            let path = thread?.path();
            // A thread may end meanwhile.
            let Ok(says) = fs::read_to_string(path.join("comm")) else { continue };
            if says.starts_with(name) {
                seconds += worked(&path.join("stat").display().to_string()).unwrap_or_default();
            }
        }
        Ok(seconds)
    }
}

fn worked(path: &str) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(path).context("reading the processor time")?;
    let fields = stat.rsplit_once(')').context("an odd stat")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap_or(0.0));
    Ok(ticks.sum::<f64>() / TICKS)
}

/// How many seconds a host has let others have this core while it was wanted here; nothing without a host.
pub fn stolen(core: usize) -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/stat").context("reading the cores")?;
    let line =
        stat.lines().find_map(|line| line.strip_prefix(&format!("cpu{core} "))).context("no such core")?;
    let ticks = line.split_whitespace().nth(7).and_then(|ticks| ticks.parse::<f64>().ok());
    Ok(ticks.unwrap_or_default() / TICKS)
}

/// Runs the bench itself, which mostly waits.
pub fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
