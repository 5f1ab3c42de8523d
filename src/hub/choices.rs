//! What a streamer has chosen about who reads their list and when, kept in memory for when the database is away. Pure.

use super::model::Streamer;
use chrono::TimeDelta;
use chrono_tz::Tz;

/// Who reads what, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Terms {
    /// Whether everybody may read the list.
    pub is_public: bool,
    /// How many days the list is kept; none keeps it for ever.
    pub retention_days: Option<i64>,
    /// How long the public waits for what the streamer hears; zero or more.
    pub delay: TimeDelta,
}

/// All that a topic goes by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choices {
    /// Whose list it is.
    pub streamer: Streamer,
    /// Where the days begin and end.
    pub timezone: Tz,
    /// Who reads what, and when.
    pub terms: Terms,
}
