//! What people do to their list, and what they see of it. Pure.

use crate::base::clock::Instant;
use crate::base::id::{ActId, PlayId};
use crate::hub::{Ghost, Track};
use crate::live::ActKind;
use serde::{Deserialize, Serialize};

/// A play as those see it who may change the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The play.
    pub track: Track,
    /// When it was hidden; none while everybody sees it.
    pub hidden_at: Option<Instant>,
    /// What hid it, if that was not done by itself.
    pub hidden_act: Option<ActId>,
    /// When it was last corrected.
    pub corrected_at: Option<Instant>,
    /// What it was called before the first correction.
    pub original: Option<Title>,
    /// When it was noticed.
    pub noticed_at: Instant,
}

impl Listed {
    /// A play that waits to be stored.
    #[must_use]
    pub fn waiting(track: Track, now: Instant) -> Self {
        Self { track, hidden_at: None, hidden_act: None, corrected_at: None, original: None, noticed_at: now }
    }

    /// Whether nobody else sees it.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.hidden_at.is_some()
    }
}

/// When a stream was on air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Airtime {
    /// When it began.
    pub from: Instant,
    /// When it ended; none while it is on air.
    pub until: Option<Instant>,
}

impl Airtime {
    /// Whether what began then is of this stream.
    #[must_use]
    pub fn holds(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What a play is called: all that can be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Title.
    pub name: String,
    /// Each artist.
    pub artists: Vec<String>,
    /// Album title.
    pub album: Option<String>,
}

impl Title {
    /// What a play is called now.
    #[must_use]
    pub fn of(track: &Track) -> Self {
        Self { name: track.name.clone(), artists: track.artists.clone(), album: track.album.clone() }
    }

    /// All artists in one line.
    #[must_use]
    pub fn artist(&self) -> String {
        self.artists.join(", ")
    }
}

/// A correction; what is none stays. The keys are a promise to other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Title.
    pub name: Option<String>,
    /// The artist, where there is one or nobody tells them apart.
    pub artist: Option<String>,
    /// Each artist.
    pub artists: Option<Vec<String>>,
    /// Album title; nothing but spaces takes it away, as null does.
    #[serde(default, deserialize_with = "present")]
    pub album: Option<String>,
}

/// Null is an album without a name, not one that stays.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(Option::deserialize(deserializer)?.unwrap_or_default()))
}

/// A track that was missed. The keys are a promise to other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missed {
    /// Title.
    pub name: String,
    /// The artist, or all of them.
    pub artist: String,
    /// Album title.
    pub album: Option<String>,
    /// Length in milliseconds.
    pub duration_ms: Option<i64>,
    /// What names the track; none makes one up.
    pub uri: Option<String>,
    /// When it began; none for now.
    #[serde(default)]
    pub started_at: Option<Instant>,
}

/// What was done in one go, for whoever may undo it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Which act.
    pub id: ActId,
    /// What it does.
    pub kind: ActKind,
    /// When it was done, or began.
    pub at: Instant,
    /// When ghost mode ended.
    pub ended_at: Option<Instant>,
    /// How many plays are hidden by it now.
    pub plays: i64,
}

/// Where the panic buttons stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panic {
    /// Ghost mode, while it is on.
    pub ghost: Option<Ghost>,
    /// What can be undone, the newest first.
    pub acts: Vec<Done>,
}

/// What an act did, and to which plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The act; none when there was nothing to do.
    pub act: Option<ActId>,
    /// The plays that it hid or brought back.
    pub plays: Vec<PlayId>,
}

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such play, or it is somebody else's.
    #[error("there is no such play in this list")]
    Unknown,
    /// There is no such act, or it is somebody else's.
    #[error("there is nothing of that name to undo")]
    NoAct,
    /// Somebody was faster.
    #[error("that was undone already")]
    Undone,
    /// There is no track to hide.
    #[error("there is no track to hide")]
    Nothing,
    /// There is no such button.
    #[error("`action` is hide_last, hide_minutes, ghost_on, ghost_off or undo")]
    NoButton,
    /// How many minutes?
    #[error("`minutes` is a number from 1 to 1440")]
    Minutes,
    /// No title.
    #[error("`name` must not be empty")]
    NoName,
    /// No artist.
    #[error("`artist` must not be empty")]
    NoArtist,
    /// Nobody reads that.
    #[error("name, artist and album have 300 letters each at most, and no control characters")]
    Unreadable,
    /// No such length.
    #[error("`duration_ms` is a number of milliseconds from 0 to 86400000, a day")]
    Length,
    /// No such name of a track.
    #[error("`uri` is at most 200 letters without spaces, with a colon, such as `spotify:track:…`")]
    Uri,
    /// When was it?
    #[error("say when it was played, as HH:MM")]
    NoTime,
    /// It has not begun.
    #[error("`started_at` must not lie in the future")]
    Future,
    /// It would be swept or deleted at once.
    #[error("`started_at` lies before what this list keeps")]
    TooOld,
    /// It is there, and hidden.
    #[error("this play was removed: restore it instead of adding it again")]
    Removed,
    /// The database is away.
    #[error("the list cannot be written now: try again in a moment")]
    Busy,
}
