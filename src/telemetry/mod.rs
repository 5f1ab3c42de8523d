//! What the house says about itself: logs for people, metrics for machines.

mod logs;
mod metrics;

pub use logs::init as init_logs;
pub use metrics::Metrics;
