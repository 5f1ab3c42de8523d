//! What a process has used, as the kernel counts it.

use anyhow::Context as _;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::time::Duration;

/// The CPU time of each thread, in nanoseconds.
#[derive(Debug)]
pub struct Cpu(HashMap<String, u64>);

impl Cpu {
    /// What this process has used until now.
    pub fn of(pid: u32) -> anyhow::Result<Self> {
        let mut threads = HashMap::new();
        for thread in fs::read_dir(format!("/proc/{pid}/task")).context("reading what the server does")? {
            let thread = thread?;
            let used = match fs::read_to_string(thread.path().join("schedstat")) {
                Ok(used) => used,
                // It ended just now.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error).context("this kernel does not count the time of threads"),
            };
            let nanos = used.split(' ').next().unwrap_or_default().parse()?;
            threads.insert(thread.file_name().to_string_lossy().into_owned(), nanos);
        }
        Ok(Self(threads))
    }

    /// What was used since.
    pub fn since(&self, before: &Self) -> Duration {
        let used = |(thread, nanos): (&String, &u64)| nanos - before.0.get(thread).copied().unwrap_or(0);
        Duration::from_nanos(self.0.iter().map(used).sum())
    }
}

/// The bytes of memory that a process holds.
pub fn memory(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("reading the server's memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("it holds none")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024.0)
}

/// The process that this one has started.
pub fn child_of(parent: u32) -> anyhow::Result<Option<u32>> {
    let parent = parent.to_string();
    for process in fs::read_dir("/proc")? {
        let stat = fs::read_to_string(process?.path().join("stat")).unwrap_or_default();
        // The name stands in brackets, and may hold anything.
        let of = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1));
        if of == Some(parent.as_str()) {
            return Ok(stat.split(' ').next().and_then(|pid| pid.parse().ok()));
        }
    }
    Ok(None)
}
