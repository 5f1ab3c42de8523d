//! What `GET /me/player` answers, as far as we read it. Lenient: everything that was ever seen missing or null
//! may be, and an unknown kind of item is not an error. Parts whose form depends on what they are, or may be anything, are
//! found first and read then, from the answer itself, which has to be text: most of it nobody needs, and a server reads many.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The player's state (200); 204 means that nothing is active.
#[derive(Debug, Clone, Deserialize)]
pub struct Player {
    /// Where it plays.
    pub device: Option<Device>,
    /// How far into the item, in milliseconds.
    pub progress_ms: Option<i64>,
    /// False while paused.
    #[serde(default)]
    pub is_playing: bool,
    /// `track`, `episode`, `ad` or `unknown`.
    #[serde(default)]
    pub currently_playing_type: String,
    /// What plays; null for ads, unknown states and episodes that were not asked for.
    pub item: Option<Item>,
    /// What it is played from.
    #[serde(default)]
    pub context: Context,
}

/// What something is played from; often null. Whatever else comes in its place must not cost us what plays.
#[derive(Debug, Clone, Default)]
pub struct Context {
    uri: Option<String>,
}

impl Context {
    /// Its key: `spotify:playlist:…`, `spotify:album:…`.
    #[must_use]
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let context = <&RawValue>::deserialize(from)?;
        let keyed = serde_json::from_str(context.get());
        Ok(Self { uri: keyed.ok().and_then(|Keyed { uri }| uri) })
    }
}

/// What tells contexts apart.
#[derive(Deserialize)]
struct Keyed {
    uri: Option<String>,
}

/// A device the player runs on.
#[derive(Debug, Clone, Deserialize)]
pub struct Device {
    /// Its name, as the streamer sees it.
    #[serde(default)]
    pub name: String,
    /// Whether the listener asked for privacy.
    #[serde(default)]
    pub is_private_session: bool,
}

/// What can be in a player.
#[derive(Debug, Clone)]
pub enum Item {
    /// Music: from the catalogue or a local file.
    Track(Box<TrackItem>),
    /// A podcast episode.
    Episode,
    /// Something that came after this was written.
    Other,
}

/// What tells items apart.
#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Track,
    Episode,
    #[serde(other)]
    Other,
}

impl Item {
    fn read(item: &str) -> serde_json::Result<Self> {
        Ok(match serde_json::from_str::<Typed>(item)?.kind {
            Kind::Track => Self::Track(serde_json::from_str(item)?),
            Kind::Episode => Self::Episode,
            Kind::Other => Self::Other,
        })
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let item = <&RawValue>::deserialize(from)?;
        Self::read(item.get()).map_err(Error::custom)
    }
}

/// A track object.
#[derive(Debug, Clone, Deserialize)]
pub struct TrackItem {
    /// Catalogue id; null for local files.
    pub id: Option<String>,
    /// `spotify:track:…` or `spotify:local:…`: the key of a track.
    pub uri: String,
    /// Title.
    pub name: String,
    /// Who plays it.
    #[serde(default)]
    pub artists: Vec<Artist>,
    /// Album.
    pub album: Option<Album>,
    /// Length in milliseconds.
    pub duration_ms: i64,
    /// Pages about it, by name of the site.
    #[serde(default)]
    pub external_urls: HashMap<String, String>,
}

/// An artist, as embedded in a track.
#[derive(Debug, Clone, Deserialize)]
pub struct Artist {
    /// Name.
    #[serde(default)]
    pub name: String,
}

/// An album, as embedded in a track.
#[derive(Debug, Clone, Deserialize)]
pub struct Album {
    /// Title.
    #[serde(default)]
    pub name: String,
    /// Covers, usually widest first.
    #[serde(default)]
    pub images: Vec<Image>,
}

/// A cover.
#[derive(Debug, Clone, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// Width in pixels, when known.
    pub width: Option<u32>,
}

/// The body of an API error; bodies can also be plain text or HTML.
#[derive(Debug, Deserialize)]
pub(super) struct ErrorBody {
    pub(super) error: ErrorDetail,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorDetail {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(item: &str) -> Player {
        let body = format!(
            r#"{{"device":null,"repeat_state":"off","shuffle_state":false,"context":null,"timestamp":1795204800123,
            "progress_ms":null,"is_playing":true,"item":{item},"currently_playing_type":"track","actions":{{}}}}"#
        );
        serde_json::from_str(&body).expect("a player")
    }

    #[test]
    fn a_local_file_has_no_id_and_a_null_filled_album() {
        let local = r#"{"album":{"album_type":null,"artists":[],"external_urls":{},"href":null,"id":null,"images":[],
            "name":"My Tape","release_date":null,"type":"album","uri":null},"artists":[{"external_urls":{},"href":null,
            "id":null,"name":"Me","type":"artist","uri":null}],"duration_ms":180000,"external_urls":{},"id":null,
            "is_local":true,"name":"Demo","type":"track","uri":"spotify:local:Me:My+Tape:Demo:180"}"#;
        let Some(Item::Track(track)) = player(local).item else { panic!("not a track") };
        assert_eq!((track.id, track.name.as_str(), track.artists[0].name.as_str()), (None, "Demo", "Me"));
    }

    #[test]
    fn a_context_is_known_by_its_uri_and_any_other_is_none() {
        let uri = |context: &str| {
            let body = format!(r#"{{"item":null,"context":{context}}}"#);
            let player: Player = serde_json::from_str(&body).expect("a player");
            player.context.uri().map(str::to_owned)
        };
        let playlist = r#"{"type":"playlist","href":"x","external_urls":{},"uri":"spotify:playlist:p"}"#;
        assert_eq!(uri(playlist).as_deref(), Some("spotify:playlist:p"));
        for odd in ["null", "{}", r#"{"uri":null}"#, r#"{"uri":7}"#, "7", r#""x""#, "[]"] {
            assert_eq!(uri(odd), None, "{odd}");
        }
        let without: Player = serde_json::from_str(r#"{"item":null}"#).expect("a player");
        assert_eq!(without.context.uri(), None);
    }

    #[test]
    fn items_of_an_unknown_kind_are_no_error() {
        assert!(matches!(player(r#"{"type":"hologram","id":"x"}"#).item, Some(Item::Other)));
        assert!(matches!(player(r#"{"type":"episode","id":"x"}"#).item, Some(Item::Episode)));
        assert!(player("null").item.is_none());
    }
}
