//! How soon viewers are told, as the server itself counts it: from Spotify's answer read to the frame in the kernel's
//! hands. It knows of each telling which of its buckets that lies in, so a time here is one that it did not exceed.

const BUCKET: &str = "airlog_hub_telling_seconds_bucket{le=\"";

/// What was counted: for so many seconds each, how many took no longer.
pub struct Telling {
    buckets: Vec<(f64, u64)>,
}

impl Telling {
    /// What stands in the metrics of the server.
    pub fn read(metrics: &str) -> Self {
        let buckets = metrics.lines().filter_map(|line| line.strip_prefix(BUCKET)?.split_once("\"} "));
        let buckets = buckets.filter_map(|(most, count)| Some((most.parse().ok()?, count.parse().ok()?)));
        Self { buckets: buckets.collect() }
    }

    /// What was counted since then.
    pub fn since(&self, earlier: &Self) -> Self {
        let pairs = self.buckets.iter().zip(&earlier.buckets);
        Self { buckets: pairs.map(|((most, now), (_, then))| (*most, now - then)).collect() }
    }

    pub fn count(&self) -> u64 {
        self.buckets.last().map_or(0, |(_, count)| *count)
    }

    /// How many of a thousand were told within a millisecond; none of nothing.
    pub fn in_a_millisecond(&self) -> Option<u64> {
        let bucket = self.buckets.iter().find(|(most, _)| *most >= 0.001)?;
        (bucket.1 * 1_000).checked_div(self.count())
    }

    /// Within how many milliseconds so many of a hundred were told; none of nothing.
    pub fn within(&self, hundredths: u64) -> Option<f64> {
        let all = self.count();
        let holds = |(_, count): &&(f64, u64)| all > 0 && count * 100 >= all * hundredths;
        self.buckets.iter().find(holds).map(|(most, _)| most * 1_000.0)
    }
}
