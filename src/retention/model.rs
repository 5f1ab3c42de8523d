//! The table of what is kept how long. Pure: the sweep works it off, the privacy page and the README show it with the words
//! of the catalogues, and a test sees to it that every table of the database stands in it.

use crate::base::clock::Instant;
use crate::base::id::UserId;
use chrono::{DateTime, TimeDelta};

/// One row of the table: what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Under which key the catalogues say for people what it is, and why it is kept so long.
    pub key: &'static str,
    /// Where it stands. Rows are counted under the name of the first.
    pub tables: &'static [&'static str],
    /// How long.
    pub term: Term,
}

/// How long something is kept.
#[derive(Debug, Clone, Copy)]
pub enum Term {
    /// As many days as the streamer chose.
    Chosen(Personal),
    /// So long; no time at all after it has ended by itself.
    Age(Common, TimeDelta),
    /// As long as the streamer is here. Nothing sweeps it.
    Account,
    /// As long as the house stands. It is nobody's.
    House,
}

/// What belongs to a streamer's days, in the order in which it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    /// Plays, by their start.
    Plays,
    /// Gaps, by their end.
    Gaps,
    /// Streams that have neither plays nor gaps any more, by their end.
    Streams,
}

/// What goes when a streamer has their lists deleted, in the order in which it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Plays, by their start.
    Plays,
    /// Gaps, by their beginning.
    Gaps,
    /// What was ignored, by its start.
    Ignored,
    /// Where a track was begun again.
    Jumps,
    /// Streams that have neither plays nor gaps any more, by their end.
    Streams,
    /// Titles in the audit log; its lines stay.
    Titles,
}

impl Erased {
    /// All of it.
    pub const ALL: [Self; 6] =
        [Self::Plays, Self::Gaps, Self::Ignored, Self::Jumps, Self::Streams, Self::Titles];

    /// Under which name its rows are counted.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Plays => "stream_tracks",
            Self::Gaps => "gaps",
            Self::Ignored => "ignored_plays",
            Self::Jumps => "jumps",
            Self::Streams => "streams",
            Self::Titles => "audit",
        }
    }
}

/// Before this everything begins, whenever it does: whoever leaves wants nothing kept.
pub const FOR_GOOD: Instant = DateTime::from_timestamp(253_402_300_799, 0).expect("an instant");

/// That a streamer wants deleted what began before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Whose lists.
    pub user: UserId,
    /// What began before this goes.
    pub before: Instant,
}

impl Erasure {
    /// Whether they leave: nothing is to be left of them, not even that they were here.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        self.before >= FOR_GOOD
    }
}

/// What has an age of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// Failures of sessions.
    Crashes,
    /// Ids of messages.
    Messages,
    /// Browsers that are logged in, by the end of the login.
    Logins,
    /// Consents under way, by their end.
    Flows,
    /// Logins by device code that are under way, by their end.
    Devices,
    /// Lines of the audit log.
    Audit,
    /// What was done to a list in one go, unless it goes on.
    Acts,
    /// Former names.
    FormerLogins,
    /// Rests and purses of Spotify client ids that are over and full.
    Clients,
    /// Sweeps.
    Sweeps,
}

/// What is kept how long.
pub const TABLE: &[Kept] = &[
    Kept { key: "plays", tables: &["stream_tracks"], term: Term::Chosen(Personal::Plays) },
    Kept { key: "gaps", tables: &["gaps"], term: Term::Chosen(Personal::Gaps) },
    Kept {
        key: "streams",
        tables: &["streams", "jumps", "ignored_plays"],
        term: Term::Chosen(Personal::Streams),
    },
    Kept {
        key: "failures",
        tables: &["session_crashes"],
        term: Term::Age(Common::Crashes, TimeDelta::days(7)),
    },
    Kept {
        key: "messages",
        tables: &["eventsub_messages"],
        term: Term::Age(Common::Messages, TimeDelta::hours(24)),
    },
    Kept { key: "logins", tables: &["logins"], term: Term::Age(Common::Logins, TimeDelta::zero()) },
    Kept { key: "consents", tables: &["auth_flows"], term: Term::Age(Common::Flows, TimeDelta::zero()) },
    Kept { key: "devices", tables: &["device_logins"], term: Term::Age(Common::Devices, TimeDelta::zero()) },
    Kept { key: "audit", tables: &["audit"], term: Term::Age(Common::Audit, TimeDelta::days(90)) },
    Kept { key: "acts", tables: &["acts"], term: Term::Age(Common::Acts, TimeDelta::days(30)) },
    Kept {
        key: "former_names",
        tables: &["former_logins"],
        term: Term::Age(Common::FormerLogins, TimeDelta::days(180)),
    },
    Kept {
        key: "clients",
        tables: &["spotify_clients"],
        term: Term::Age(Common::Clients, TimeDelta::days(30)),
    },
    Kept { key: "sweeps", tables: &["sweeps"], term: Term::Age(Common::Sweeps, TimeDelta::days(365)) },
    Kept {
        key: "account",
        tables: &["users", "overrides", "ignore_rules", "air_evidence", "owner", "troubles"],
        term: Term::Account,
    },
    Kept { key: "erasures", tables: &["erasures"], term: Term::Account },
    Kept { key: "tokens", tables: &["twitch_grants", "spotify_links"], term: Term::Account },
    Kept { key: "apps", tables: &["spotify_apps", "alert_targets"], term: Term::Account },
    Kept { key: "helpers", tables: &["moderators", "api_keys"], term: Term::Account },
    Kept { key: "overlays", tables: &["overlay_presets", "overlay_keys"], term: Term::Account },
    Kept { key: "house", tables: &["instance_apps", "former_owners"], term: Term::House },
];

impl Kept {
    /// Under which name its rows are counted.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.tables.first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::STEPS;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_of_the_database_stands_in_the_table_once() {
        let tables = STEPS.iter().flat_map(|step| step.adds).copied().filter(|added| !added.contains('.'));
        let kept: Vec<&str> = TABLE.iter().flat_map(|kept| kept.tables).copied().collect();
        let (made, told) = (tables.collect::<BTreeSet<_>>(), kept.iter().copied().collect::<BTreeSet<_>>());
        assert_eq!(made, told, "how long is what stands there kept?");
        assert_eq!(kept.len(), told.len(), "each once");
    }
}
