//! Room for viewers: each is an open file on either side, and a port.

use anyhow::Context as _;

/// Open files of a process that are no viewers.
const OTHERS: u64 = 200;
/// Ports that are left to everybody else.
const SPARE_PORTS: u64 = 500;

/// So many viewers as were asked for, or as there is room for; says so when these are fewer. The servers inherit the room.
pub fn made_for(asked: usize) -> anyhow::Result<usize> {
    let files = rlimit::increase_nofile_limit(u64::MAX).context("making room for open files")?;
    let most = usize::try_from(files.saturating_sub(OTHERS).min(ports().saturating_sub(SPARE_PORTS)))?;
    if most < asked {
        eprintln!("there is room for {most} viewers only: see `ulimit -Hn` and net.ipv4.ip_local_port_range");
    }
    Ok(asked.min(most))
}

/// How many ports this machine gives out for connections to one address.
fn ports() -> u64 {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ends = range.split_whitespace().filter_map(|end| end.parse::<u64>().ok());
    match (ends.next(), ends.next()) {
        (Some(first), Some(last)) => (last + 1).saturating_sub(first),
        _ => u64::MAX,
    }
}
