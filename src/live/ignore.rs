//! What a streamer never wants in the list: a playlist, a device, an artist. Pure.

use super::model::{Track, Whence};
use crate::base::id::RuleId;

/// Letters in an id of Spotify's.
const ID_LENGTH: usize = 22;
/// No name of a device or an artist is longer.
const LONGEST: usize = 300;

/// What a rule is about. The words are the database's, and a promise to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whatever is played from one playlist.
    Playlist,
    /// Whatever is played on the device of this name.
    Device,
    /// Whatever this artist has a part in.
    Artist,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Playlist, Self::Device, Self::Artist];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Playlist => "playlist",
            Self::Device => "device",
            Self::Artist => "artist",
        }
    }

    /// The kind that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreRule {
    /// Ours.
    pub id: RuleId,
    /// What it is about.
    pub kind: Kind,
    /// Which: `spotify:playlist:…`, or a whole name.
    pub value: String,
}

impl IgnoreRule {
    /// Whether it says just this already.
    #[must_use]
    pub fn is_about(&self, kind: Kind, value: &str) -> bool {
        self.kind == kind && (self.value == value || kind != Kind::Playlist && is_same(&self.value, value))
    }
}

/// Why a text makes no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// It names no playlist.
    #[error(
        "this is no playlist: paste its link, such as https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd"
    )]
    NoPlaylist,
    /// It is empty.
    #[error("the name is missing")]
    Empty,
    /// It is too long for a name, or holds what no name holds.
    #[error("this is no name")]
    NoName,
}

/// What a rule of this kind is to be made of, as somebody typed or pasted it.
///
/// # Errors
/// [`BadRule`] says what is wrong with it.
pub fn read(kind: Kind, text: &str) -> Result<String, BadRule> {
    let text = text.trim();
    match kind {
        _ if text.is_empty() => Err(BadRule::Empty),
        Kind::Playlist => {
            playlist(text).map(|id| format!("spotify:playlist:{id}")).ok_or(BadRule::NoPlaylist)
        }
        Kind::Device | Kind::Artist if text.chars().count() > LONGEST || text.contains(char::is_control) => {
            Err(BadRule::NoName)
        }
        Kind::Device | Kind::Artist => Ok(text.to_owned()),
    }
}

/// Whether one of the rules says that this is to be ignored.
#[must_use]
pub fn ignores(rules: &[IgnoreRule], track: &Track, whence: &Whence) -> bool {
    rules.iter().any(|rule| match rule.kind {
        Kind::Playlist => whence.context.as_deref().is_some_and(|context| is_playlist(context, &rule.value)),
        Kind::Device => whence.device.as_deref().is_some_and(|device| is_same(device, &rule.value)),
        Kind::Artist => track.artists.iter().any(|artist| is_same(artist, &rule.value)),
    })
}

fn is_playlist(context: &str, wanted: &str) -> bool {
    playlist(context).is_some_and(|id| playlist(wanted) == Some(id))
}

/// The id in a link (`https://open.spotify.com/intl-de/playlist/ID?si=…`), a URI (`spotify:playlist:ID`, in old accounts
/// `spotify:user:NAME:playlist:ID`), or alone.
fn playlist(text: &str) -> Option<&str> {
    let path = text.split(['?', '#']).next().unwrap_or(text).trim_end_matches('/');
    let mut parts = path.rsplit(['/', ':']);
    let id = parts.next().filter(|id| is_id(id))?;
    let is_spotifys = text.starts_with("spotify:") || text.contains("spotify.com/");
    match parts.next() {
        None => Some(id),
        Some(kind) => (kind == "playlist" && is_spotifys).then_some(id),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
