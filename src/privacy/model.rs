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
    /// What is not told, and why.
    pub left_out: &'static [(&'static str, &'static str)],
    /// How many there may be.
    pub size: Size,
    /// What is told, one column after the other.
    told: &'static str,
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

impl Kind {
    /// What a column of this name holds.
    fn of(column: &str) -> Self {
        match column {
            "retention_days" | "delay_seconds" | "misses" | "times" | "duration_ms" => Self::Number,
            "enabled" | "on_air" | "healed" => Self::Truth,
            "artists" | "original" => Self::Json,
            "at" => Self::Instant,
            name if name.ends_with("_at") || name.ends_with("_until") => Self::Instant,
            _ => Self::Text,
        }
    }
}

impl Section {
    /// What is told: columns, and what they hold.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, Kind)> + use<> {
        self.told.split_ascii_whitespace().map(|column| (column, Kind::of(column)))
    }

    const fn whose(self, joined: &'static str, whose: &'static str) -> Self {
        Self { joined, whose, ..self }
    }

    const fn tells(self, told: &'static str) -> Self {
        Self { told, ..self }
    }

    const fn but(self, left_out: &'static [(&'static str, &'static str)]) -> Self {
        Self { left_out, ..self }
    }
}

const fn one(name: &'static str, table: &'static str) -> Section {
    Section { name, table, joined: "", whose: "user_id = $1", left_out: &[], size: Size::One, told: "" }
}

const fn few(name: &'static str, table: &'static str) -> Section {
    Section { size: Size::Few, ..one(name, table) }
}

const fn many(name: &'static str, table: &'static str, at: &'static str, key: &'static str) -> Section {
    Section { size: Size::Many(at, key), ..one(name, table) }
}

const ROW: &str = "when the program wrote the row";
const ROW_ID: &str = "a number of the program's";
const SECRET: &str = "a secret; only its holder and the company that gave it may know it";
const HASH: &str = "made from a secret";
const OF_STREAMS: &str = "streams.user_id = $1";

/// All of it, in the order in which it is told.
pub const SECTIONS: &[Section] = &[
    one("profile", "users")
        .whose("", "id = $1")
        .tells(
            "id twitch_id login name enabled visibility retention_days timezone delay_seconds \
             after_leaving inserted_at updated_at",
        )
        .but(&[("leaving_at", "who is leaving downloads nothing more")]),
    one("spotify_link", "spotify_links")
        .tells("client_id status scopes authorized_at expires_at updated_at")
        .but(&[
            ("id", ROW_ID),
            ("access_token", SECRET),
            ("refresh_token", SECRET),
            ("client_secret", SECRET),
            ("inserted_at", ROW),
        ]),
    one("spotify_app", "spotify_apps")
        .tells("client_id inserted_at updated_at")
        .but(&[("client_secret", SECRET)]),
    one("twitch_grant", "twitch_grants")
        .tells("status scopes expires_at validated_at inserted_at updated_at")
        .but(&[("access_token", SECRET), ("refresh_token", SECRET)]),
    one("on_air", "air_evidence").tells("on_air source seen_at twitch_id stream_type started_at misses"),
    one("owner", "owner").tells("inserted_at").but(&[("id", ROW_ID)]),
    one("deleted_lists", "erasures").tells("before_at done_at"),
    few("logins", "logins").tells("inserted_at seen_at expires_at").but(&[("token_hash", HASH)]),
    few("consents_under_way", "auth_flows")
        .tells("provider client_id redirect_uri origin timezone expires_at")
        .but(&[
            ("state_hash", HASH),
            ("browser_hash", HASH),
            ("verifier", SECRET),
            ("is_owner", "who logs in is not known yet"),
        ]),
    few("logins_by_code", "device_logins").tells("client_id timezone asked_at outcome expires_at").but(&[
        ("browser_hash", HASH),
        ("device_code", SECRET),
        ("user_code", SECRET),
        ("verification_uri", "the same for everybody"),
        ("interval_seconds", "the same for everybody"),
        ("login", "stands in the profile"),
        ("is_owner", "what was typed before it was known who it is"),
    ]),
    few("former_logins", "former_logins").tells("login inserted_at"),
    few("decided_by_hand", "overrides").tells("action stream_id ends_at inserted_at"),
    few("ignore_rules", "ignore_rules").tells("id kind value inserted_at"),
    few("moderators", "moderators").tells("login inserted_at").but(&[("twitch_id", "it is the moderator's")]),
    few("helps", "moderators")
        .whose(
            "JOIN users AS me ON me.id = $1",
            "moderators.twitch_id = me.twitch_id OR moderators.login = me.login",
        )
        .tells("inserted_at"),
    few("api_keys", "api_keys").tells("id name scopes inserted_at last_used_at").but(&[("key_hash", HASH)]),
    one("overlay_key", "overlay_keys")
        .tells("inserted_at")
        .but(&[("key_hash", HASH), ("sealed_key", SECRET)]),
    few("overlay_presets", "overlay_presets").tells("id name source query css inserted_at updated_at"),
    few("alert_targets", "alert_targets")
        .tells("kind locale inserted_at last_sent_at last_error pending")
        .but(&[("id", ROW_ID), ("url", SECRET)]),
    few("troubles", "troubles").tells("kind began_at told_at ended_at"),
    many("streams", "streams", "started_at", "id")
        .tells("id twitch_id started_at ended_at seen_at followed_until heal_at")
        .but(&[("inserted_at", ROW), ("updated_at", ROW)]),
    few("failures", "session_crashes")
        .whose("JOIN streams ON streams.id = session_crashes.stream_id", OF_STREAMS)
        .tells("stream_id times reason failed_at rests_until"),
    many("gaps", "gaps", "from_at", "id")
        .tells("id stream_id from_at to_at reason healed")
        .but(&[("inserted_at", ROW), ("updated_at", ROW)]),
    many("plays", "stream_tracks", "started_at", "id").tells(
        "id stream_id provider provider_id uri name artist artists album duration_ms url image_url \
             started_at source hidden_at hidden_act corrected_at original inserted_at updated_at",
    ),
    many("begun_again", "jumps", "at", "play_id")
        .whose("JOIN streams ON streams.id = jumps.stream_id", OF_STREAMS)
        .tells("play_id stream_id at")
        .but(&[("inserted_at", ROW)]),
    many("ignored_plays", "ignored_plays", "started_at", "uri")
        .whose("JOIN streams ON streams.id = ignored_plays.stream_id", OF_STREAMS)
        .tells("stream_id uri duration_ms started_at")
        .but(&[("inserted_at", ROW)]),
    many("done_in_one_go", "acts", "inserted_at", "id").tells("id kind inserted_at ended_at undone_at"),
    many("audit", "audit", "inserted_at", "id")
        .tells("id actor actor_name deed about inserted_at")
        .but(&[("actor_id", "a number of the program's, and of another person")]),
    many("done_for_others", "audit", "inserted_at", "id")
        .whose("", "actor_id = $1 AND user_id <> $1")
        .tells("deed inserted_at"),
];

/// Tables that say nothing about a person, and why that is so.
pub const ABOUT_NOBODY: &[(&str, &str)] = &[
    ("instance_apps", "the house's own apps"),
    ("former_owners", "only when it was"),
    ("spotify_clients", "of an app, not of a person"),
    ("eventsub_messages", "ids of messages, which say nothing about whom they were"),
    ("sweeps", "what was deleted in all"),
];
