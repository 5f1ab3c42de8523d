//! What the house says about itself: logs for people, metrics for machines.

mod learned;
mod logs;
mod metrics;

pub use learned::Learned;
pub use logs::init as init_logs;
pub use metrics::Metrics;
