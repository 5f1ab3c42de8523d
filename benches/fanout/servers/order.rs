//! What a server is told, one line each: two numbers.

use anyhow::Context as _;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Something to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// So many frames of the first stream, at once.
    Now(usize),
    /// So many rounds, in each of which every stream has a frame, evenly over `each`.
    Rounds { rounds: u32, each: Duration },
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(frames) => write!(f, "{frames} 0"),
            Self::Rounds { rounds, each } => write!(f, "{rounds} {}", each.as_millis()),
        }
    }
}

impl FromStr for Order {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let (count, millis) = line.trim().split_once(' ').context("an order is two numbers")?;
        match millis.parse()? {
            0 => Ok(Self::Now(count.parse()?)),
            millis => Ok(Self::Rounds { rounds: count.parse()?, each: Duration::from_millis(millis) }),
        }
    }
}
