//! The table of what is kept how long and why. Pure: the sweep works it off, the README shows it, and a test sees to it
//! that every table of the database stands in it.

use crate::base::clock::Instant;
use crate::base::id::UserId;
use chrono::TimeDelta;
use std::fmt;

/// One row of the table: what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// For people.
    pub what: &'static str,
    /// Where it stands. Rows are counted under the name of the first.
    pub tables: &'static [&'static str],
    /// How long.
    pub term: Term,
    /// Why so long.
    pub why: &'static str,
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
    /// As long as the house needs it. Nothing sweeps it.
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
}

impl Erased {
    /// All of it.
    pub const ALL: [Self; 5] = [Self::Plays, Self::Gaps, Self::Ignored, Self::Jumps, Self::Streams];

    /// Under which name its rows are counted.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Plays => "stream_tracks",
            Self::Gaps => "gaps",
            Self::Ignored => "ignored_plays",
            Self::Jumps => "jumps",
            Self::Streams => "streams",
        }
    }
}

/// That a streamer wants deleted what began before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Whose lists.
    pub user: UserId,
    /// What began before this goes.
    pub before: Instant,
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
    /// Former names.
    FormerLogins,
    /// Rests and purses of Spotify client ids that are over and full.
    Clients,
    /// Sweeps.
    Sweeps,
    /// Lines of the audit log.
    Audit,
}

/// What is kept how long and why.
pub const TABLE: &[Kept] = &[
    Kept {
        what: "plays, removed ones too",
        tables: &["stream_tracks"],
        term: Term::Chosen(Personal::Plays),
        why: "they are the list; a removed play stays hidden, so that healing does not bring it back",
    },
    Kept {
        what: "gaps",
        tables: &["gaps"],
        term: Term::Chosen(Personal::Gaps),
        why: "the list says where it is not whole",
    },
    Kept {
        what: "streams, where in them a track was begun again, the keys of what was ignored",
        tables: &["streams", "jumps", "ignored_plays"],
        term: Term::Chosen(Personal::Streams),
        why: "their pages, and healing; a stream goes after its plays",
    },
    Kept {
        what: "failures of the program in following a stream",
        tables: &["session_crashes"],
        term: Term::Age(Common::Crashes, TimeDelta::days(7)),
        why: "the dashboard tells of them",
    },
    Kept {
        what: "ids of Twitch's messages",
        tables: &["eventsub_messages"],
        term: Term::Age(Common::Messages, TimeDelta::hours(24)),
        why: "Twitch sends some twice; each is taken once",
    },
    Kept {
        what: "logins: the hash of what the browser holds",
        tables: &["logins"],
        term: Term::Age(Common::Logins, TimeDelta::zero()),
        why: "nobody logs in at each visit",
    },
    Kept {
        what: "consents under way at Twitch or Spotify",
        tables: &["auth_flows"],
        term: Term::Age(Common::Flows, TimeDelta::zero()),
        why: "a consent comes back to the browser that asked for it, once",
    },
    Kept {
        what: "former names",
        tables: &["former_logins"],
        term: Term::Age(Common::FormerLogins, TimeDelta::days(180)),
        why: "old links lead on; after half a year Twitch may give a name to somebody else",
    },
    Kept {
        what: "how long a Spotify client id has to rest, and what is left of its budget",
        tables: &["spotify_clients"],
        term: Term::Age(Common::Clients, TimeDelta::days(30)),
        why: "a restart must not forget what Spotify asked for",
    },
    Kept {
        what: "that a sweep took place, and how many rows it deleted",
        tables: &["sweeps"],
        term: Term::Age(Common::Sweeps, TimeDelta::days(365)),
        why: "it runs once a day, and goes on after a restart",
    },
    Kept {
        what: "who did what for a streamer: the streamer, moderators, keys",
        tables: &["audit"],
        term: Term::Age(Common::Audit, TimeDelta::days(90)),
        why: "the streamer reads it",
    },
    Kept {
        what: "who helps a streamer, and their keys for programs: the hashes alone",
        tables: &["moderators", "api_keys"],
        term: Term::Account,
        why: "to let them in; they go at once when the streamer takes them away",
    },
    Kept {
        what: "who streams here and what they chose, whether they are on air, who the owner is",
        tables: &["users", "overrides", "ignore_rules", "air_evidence", "owner"],
        term: Term::Account,
        why: "it is the account",
    },
    Kept {
        what: "since when a list is deleted because its streamer asked for that",
        tables: &["erasures"],
        term: Term::Account,
        why: "nothing of what went comes back, however long Spotify tells of it",
    },
    Kept {
        what: "the Spotify app that a streamer has brought, its secret sealed",
        tables: &["spotify_apps"],
        term: Term::Account,
        why: "the next link goes through it; it goes at once when it is removed",
    },
    Kept {
        what: "tokens of Twitch and Spotify, sealed",
        tables: &["twitch_grants", "spotify_links"],
        term: Term::Account,
        why: "to look at the player; they go at once when they are revoked or unlinked",
    },
    Kept {
        what: "the apps at Twitch and Spotify that were entered at the setup, secrets sealed",
        tables: &["instance_apps"],
        term: Term::House,
        why: "they are whom Airlog speaks for",
    },
];

impl Kept {
    /// Under which name its rows are counted.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.tables.first().copied().unwrap_or_default()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen(_) => f.write_str("the days the streamer chose"),
            Self::Age(_, age) if age.is_zero() => f.write_str("until they end"),
            Self::Age(_, age) if age.num_days() > 1 => write!(f, "{} days", age.num_days()),
            Self::Age(_, age) => write!(f, "{} hours", age.num_hours()),
            Self::Account => f.write_str("until the streamer is removed"),
            Self::House => f.write_str("until they are replaced"),
        }
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

    #[test]
    fn the_readme_shows_the_table() {
        let readme = include_str!("../../README.md");
        let (_, section) = readme.split_once("## What is kept how long, and why").expect("a section");
        let section = section.split("\n#").next().expect("a table");
        let shown: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
        let rows: Vec<String> =
            TABLE.iter().map(|kept| format!("| {} | {} | {} |", kept.what, kept.term, kept.why)).collect();
        assert_eq!(shown, rows, "as it should be:\n{}", rows.join("\n"));
    }
}
