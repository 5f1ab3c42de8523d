//! What the download about a person holds: which columns of which tables, and which are left out and why. Pure. A test
//! sees to it that every table that knows a person is told of here, column by column.

/// A part of the download: rows of one table.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// What the download calls it.
    pub name: &'static str,
    /// Where the rows stand.
    pub table: &'static str,
    /// What it takes to know whose they are.
    pub joined: &'static str,
    /// Whose they are: a condition in which `$1` is the person.
    pub whose: &'static str,
    /// What is told.
    pub columns: &'static [(&'static str, Kind)],
    /// What is not, and why.
    pub left_out: &'static [(&'static str, &'static str)],
    /// How many there may be.
    pub size: Size,
}

/// How many rows there may be of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// One or none.
    One,
    /// A few: they are read in one go.
    Few,
    /// Very many, read in pages: by an instant, and by a text that tells apart what is of the same instant.
    Many(&'static str, &'static str),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Truth,
    /// An instant.
    Instant,
    /// JSON, in a text.
    Json,
}

use Kind::{Instant, Json, Number, Text, Truth};

const ROW: &str = "when the program wrote the row";
const ROW_ID: &str = "a number of the program's";
const SECRET: &str = "a secret; only its holder and the company that gave it may know it";
const HASH: &str = "made from a secret";
const MINE: &str = "user_id = $1";

/// All of it, in the order in which it is told.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "profile",
        table: "users",
        joined: "",
        whose: "id = $1",
        columns: &[
            ("id", Text),
            ("twitch_id", Text),
            ("login", Text),
            ("name", Text),
            ("enabled", Truth),
            ("visibility", Text),
            ("retention_days", Number),
            ("timezone", Text),
            ("delay_seconds", Number),
            ("after_leaving", Text),
            ("ghost_at", Instant),
            ("inserted_at", Instant),
            ("updated_at", Instant),
        ],
        left_out: &[("leaving_at", "who is leaving downloads nothing more")],
        size: Size::One,
    },
    Section {
        name: "spotify_link",
        table: "spotify_links",
        joined: "",
        whose: MINE,
        columns: &[
            ("client_id", Text),
            ("status", Text),
            ("scopes", Text),
            ("authorized_at", Instant),
            ("expires_at", Instant),
            ("updated_at", Instant),
        ],
        left_out: &[
            ("id", ROW_ID),
            ("access_token", SECRET),
            ("refresh_token", SECRET),
            ("inserted_at", ROW),
        ],
        size: Size::One,
    },
    Section {
        name: "spotify_app",
        table: "spotify_apps",
        joined: "",
        whose: MINE,
        columns: &[("client_id", Text), ("inserted_at", Instant), ("updated_at", Instant)],
        left_out: &[("client_secret", SECRET)],
        size: Size::One,
    },
    Section {
        name: "twitch_grant",
        table: "twitch_grants",
        joined: "",
        whose: MINE,
        columns: &[
            ("status", Text),
            ("scopes", Text),
            ("expires_at", Instant),
            ("validated_at", Instant),
            ("inserted_at", Instant),
            ("updated_at", Instant),
        ],
        left_out: &[("access_token", SECRET), ("refresh_token", SECRET)],
        size: Size::One,
    },
    Section {
        name: "on_air",
        table: "air_evidence",
        joined: "",
        whose: MINE,
        columns: &[
            ("on_air", Truth),
            ("source", Text),
            ("seen_at", Instant),
            ("twitch_id", Text),
            ("stream_type", Text),
            ("started_at", Instant),
            ("misses", Number),
        ],
        left_out: &[],
        size: Size::One,
    },
    Section {
        name: "owner",
        table: "owner",
        joined: "",
        whose: MINE,
        columns: &[("inserted_at", Instant)],
        left_out: &[("id", ROW_ID)],
        size: Size::One,
    },
    Section {
        name: "deleted_lists",
        table: "erasures",
        joined: "",
        whose: MINE,
        columns: &[("before_at", Instant), ("done_at", Instant)],
        left_out: &[],
        size: Size::One,
    },
    Section {
        name: "logins",
        table: "logins",
        joined: "",
        whose: MINE,
        columns: &[("inserted_at", Instant), ("seen_at", Instant), ("expires_at", Instant)],
        left_out: &[("token_hash", HASH)],
        size: Size::Few,
    },
    Section {
        name: "consents_under_way",
        table: "auth_flows",
        joined: "",
        whose: MINE,
        columns: &[
            ("provider", Text),
            ("client_id", Text),
            ("redirect_uri", Text),
            ("timezone", Text),
            ("expires_at", Instant),
        ],
        left_out: &[
            ("state_hash", HASH),
            ("browser_hash", HASH),
            ("verifier", SECRET),
            ("is_owner", "who logs in is not known yet"),
        ],
        size: Size::Few,
    },
    Section {
        name: "former_logins",
        table: "former_logins",
        joined: "",
        whose: MINE,
        columns: &[("login", Text), ("inserted_at", Instant)],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "decided_by_hand",
        table: "overrides",
        joined: "",
        whose: MINE,
        columns: &[("action", Text), ("stream_id", Text), ("ends_at", Instant), ("inserted_at", Instant)],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "ignore_rules",
        table: "ignore_rules",
        joined: "",
        whose: MINE,
        columns: &[("id", Text), ("kind", Text), ("value", Text), ("inserted_at", Instant)],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "moderators",
        table: "moderators",
        joined: "",
        whose: MINE,
        columns: &[("login", Text), ("inserted_at", Instant)],
        left_out: &[("twitch_id", "it is the moderator's")],
        size: Size::Few,
    },
    Section {
        name: "helps",
        table: "moderators",
        joined: "JOIN users AS helped ON helped.id = moderators.user_id JOIN users AS me ON me.id = $1",
        whose: "moderators.twitch_id = me.twitch_id OR moderators.login = me.login",
        columns: &[("inserted_at", Instant)],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "api_keys",
        table: "api_keys",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("name", Text),
            ("scopes", Text),
            ("inserted_at", Instant),
            ("last_used_at", Instant),
        ],
        left_out: &[("key_hash", HASH)],
        size: Size::Few,
    },
    Section {
        name: "alert_targets",
        table: "alert_targets",
        joined: "",
        whose: MINE,
        columns: &[
            ("kind", Text),
            ("locale", Text),
            ("inserted_at", Instant),
            ("last_sent_at", Instant),
            ("last_error", Text),
        ],
        left_out: &[("id", ROW_ID), ("url", SECRET)],
        size: Size::Few,
    },
    Section {
        name: "troubles",
        table: "troubles",
        joined: "",
        whose: MINE,
        columns: &[("kind", Text), ("began_at", Instant), ("told_at", Instant)],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "streams",
        table: "streams",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("twitch_id", Text),
            ("started_at", Instant),
            ("ended_at", Instant),
            ("seen_at", Instant),
            ("followed_until", Instant),
            ("heal_at", Instant),
        ],
        left_out: &[("inserted_at", ROW), ("updated_at", ROW)],
        size: Size::Many("started_at", "id"),
    },
    Section {
        name: "failures",
        table: "session_crashes",
        joined: "JOIN streams ON streams.id = session_crashes.stream_id",
        whose: "streams.user_id = $1",
        columns: &[
            ("stream_id", Text),
            ("times", Number),
            ("reason", Text),
            ("failed_at", Instant),
            ("rests_until", Instant),
        ],
        left_out: &[],
        size: Size::Few,
    },
    Section {
        name: "gaps",
        table: "gaps",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("stream_id", Text),
            ("from_at", Instant),
            ("to_at", Instant),
            ("reason", Text),
            ("healed", Truth),
        ],
        left_out: &[("inserted_at", ROW), ("updated_at", ROW)],
        size: Size::Many("from_at", "id"),
    },
    Section {
        name: "plays",
        table: "stream_tracks",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("stream_id", Text),
            ("provider", Text),
            ("provider_id", Text),
            ("uri", Text),
            ("name", Text),
            ("artist", Text),
            ("artists", Json),
            ("album", Text),
            ("duration_ms", Number),
            ("url", Text),
            ("image_url", Text),
            ("started_at", Instant),
            ("source", Text),
            ("hidden_at", Instant),
            ("hidden_act", Text),
            ("corrected_at", Instant),
            ("original", Json),
            ("inserted_at", Instant),
            ("updated_at", Instant),
        ],
        left_out: &[],
        size: Size::Many("started_at", "id"),
    },
    Section {
        name: "begun_again",
        table: "jumps",
        joined: "JOIN streams ON streams.id = jumps.stream_id",
        whose: "streams.user_id = $1",
        columns: &[("play_id", Text), ("stream_id", Text), ("at", Instant)],
        left_out: &[("inserted_at", ROW)],
        size: Size::Many("at", "play_id"),
    },
    Section {
        name: "ignored_plays",
        table: "ignored_plays",
        joined: "JOIN streams ON streams.id = ignored_plays.stream_id",
        whose: "streams.user_id = $1",
        columns: &[("stream_id", Text), ("uri", Text), ("duration_ms", Number), ("started_at", Instant)],
        left_out: &[("inserted_at", ROW)],
        size: Size::Many("started_at", "uri"),
    },
    Section {
        name: "done_in_one_go",
        table: "acts",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("kind", Text),
            ("inserted_at", Instant),
            ("ended_at", Instant),
            ("undone_at", Instant),
        ],
        left_out: &[],
        size: Size::Many("inserted_at", "id"),
    },
    Section {
        name: "audit",
        table: "audit",
        joined: "",
        whose: MINE,
        columns: &[
            ("id", Text),
            ("actor", Text),
            ("actor_name", Text),
            ("deed", Text),
            ("about", Text),
            ("inserted_at", Instant),
        ],
        left_out: &[("actor_id", "a number of the program's, and of another person")],
        size: Size::Many("inserted_at", "id"),
    },
    Section {
        name: "done_for_others",
        table: "audit",
        joined: "",
        whose: "actor_id = $1 AND user_id <> $1",
        columns: &[("deed", Text), ("inserted_at", Instant)],
        left_out: &[],
        size: Size::Many("inserted_at", "id"),
    },
];

/// Tables that say nothing about a person, and why that is so.
pub const ABOUT_NOBODY: &[(&str, &str)] = &[
    ("instance_apps", "the house's own apps"),
    ("former_owners", "only when it was"),
    (
        "device_logins",
        "a login that is under way: who it is is not known before it has ended, and then the row is gone",
    ),
    ("spotify_clients", "of an app, not of a person"),
    ("eventsub_messages", "ids of messages, which say nothing about whom they were"),
    ("sweeps", "what was deleted in all"),
];
