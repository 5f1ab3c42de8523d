//! The invented music: a few hundred tracks, the same for the same seed. Some titles are written by hand
//! because they are awkward: other scripts, very long, very short, many artists, markup in them.

use super::ids::derived;
use super::words::{BANDS, CLOSINGS, ENDINGS, FAMILY, GIVEN, OPENINGS, WRITTEN};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

const INVENTED: usize = 280;
const PER_ALBUM: usize = 4;

/// An artist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artist {
    /// Spotify's id, 22 letters and digits.
    pub id: String,
    /// As shown.
    pub name: String,
}

/// An album; its cover is drawn from its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Spotify's id, 22 letters and digits.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Whose album it is.
    pub artists: Vec<Artist>,
    /// `YYYY-MM-DD`.
    pub release_date: String,
}

/// A track of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Spotify's id, 22 letters and digits.
    pub id: String,
    /// As shown.
    pub name: String,
    /// One at least.
    pub artists: Vec<Artist>,
    /// Where it is from.
    pub album: Arc<Album>,
    /// How long it lasts unless the player is told otherwise.
    pub length: Duration,
    /// Place on the album, from 1.
    pub number: usize,
}

impl Track {
    /// `spotify:track:…`
    #[must_use]
    pub fn uri(&self) -> String {
        format!("spotify:track:{}", self.id)
    }

    /// All artists joined with `, `.
    #[must_use]
    pub fn artist(&self) -> String {
        self.artists.iter().map(|artist| artist.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The nth track of the catalogue, counted round and round: every number names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TrackRef(pub usize);

/// A track to play, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// Which.
    pub track: TrackRef,
    /// How long it lasts, in milliseconds; else as long as the catalogue says.
    #[serde(default)]
    pub millis: Option<u64>,
}

impl From<TrackRef> for Cue {
    fn from(track: TrackRef) -> Self {
        Self { track, millis: None }
    }
}

impl Cue {
    /// A track of another length. Lengths are whole milliseconds.
    #[must_use]
    pub fn lasting(track: TrackRef, length: Duration) -> Self {
        Self { track, millis: Some(u64::try_from(length.as_millis()).unwrap_or(u64::MAX)) }
    }
}

/// All music there is.
#[derive(Debug, Clone)]
pub struct Catalogue {
    tracks: Vec<Arc<Track>>,
}

impl Catalogue {
    /// The music of this seed: the hand-written titles first, then a few hundred more.
    #[must_use]
    pub fn invented(seed: u64) -> Self {
        let mut maker = Maker { seed, dice: StdRng::seed_from_u64(seed), tracks: Vec::new() };
        maker.write_down();
        maker.invent();
        Self { tracks: maker.tracks }
    }

    /// The same music, each track so many `times` shorter.
    #[must_use]
    pub fn briefer(mut self, times: f64) -> Self {
        for track in &mut self.tracks {
            let track = Arc::make_mut(track);
            track.length = whole_millis(track.length.div_f64(times));
        }
        self
    }

    /// The track that `reference` names.
    #[must_use]
    pub fn track(&self, reference: TrackRef) -> &Arc<Track> {
        &self.tracks[reference.0 % self.tracks.len()]
    }

    /// The first track of this title.
    #[must_use]
    pub fn find(&self, title: &str) -> Option<TrackRef> {
        self.tracks().find(|(_, track)| track.name == title).map(|(reference, _)| reference)
    }

    /// All tracks with their references.
    pub fn tracks(&self) -> impl Iterator<Item = (TrackRef, &Arc<Track>)> {
        self.tracks.iter().enumerate().map(|(n, track)| (TrackRef(n), track))
    }
}

/// Spotify tells lengths in whole milliseconds.
fn whole_millis(length: Duration) -> Duration {
    Duration::from_millis(u64::try_from(length.as_millis()).unwrap_or(u64::MAX))
}

struct Maker {
    seed: u64,
    dice: StdRng,
    tracks: Vec<Arc<Track>>,
}

impl Maker {
    fn write_down(&mut self) {
        for (title, artists, album) in WRITTEN {
            let artists: Vec<Artist> = artists.split('|').map(|name| self.artist(name)).collect();
            let album = self.album(album, artists[0].clone());
            self.track(title, artists, album, 1);
        }
    }

    fn invent(&mut self) {
        for _ in 0..INVENTED / PER_ALBUM {
            let name = self.artist_name();
            let artist = self.artist(&name);
            let title = self.title();
            let album = self.album(&title, artist.clone());
            for number in 1..=PER_ALBUM {
                let title = self.title();
                let artists = self.with_guest(artist.clone());
                self.track(&title, artists, Arc::clone(&album), number);
            }
        }
    }

    fn track(&mut self, title: &str, artists: Vec<Artist>, album: Arc<Album>, number: usize) {
        let length = Duration::from_millis(self.dice.random_range(150_000..290_000));
        let id = derived(self.seed, &["track", title, &self.tracks.len().to_string()], 22);
        self.tracks.push(Arc::new(Track { id, name: title.to_owned(), artists, album, length, number }));
    }

    fn album(&mut self, name: &str, artist: Artist) -> Arc<Album> {
        let (year, month, day) = (
            self.dice.random_range(1998..2026),
            self.dice.random_range(1..=12),
            self.dice.random_range(1..=28),
        );
        Arc::new(Album {
            id: derived(self.seed, &["album", name, &artist.id], 22),
            name: name.to_owned(),
            artists: vec![artist],
            release_date: format!("{year}-{month:02}-{day:02}"),
        })
    }

    fn artist(&self, name: &str) -> Artist {
        Artist { id: derived(self.seed, &["artist", name], 22), name: name.to_owned() }
    }

    /// One track in six has a guest.
    fn with_guest(&mut self, artist: Artist) -> Vec<Artist> {
        if !self.dice.random_ratio(1, 6) {
            return vec![artist];
        }
        let name = self.artist_name();
        vec![artist, self.artist(&name)]
    }

    fn artist_name(&mut self) -> String {
        if self.dice.random_ratio(1, 3) {
            return format!("The {}", self.word(BANDS));
        }
        format!("{} {}", self.word(GIVEN), self.word(FAMILY))
    }

    fn title(&mut self) -> String {
        format!("{} {}{}", self.word(OPENINGS), self.word(CLOSINGS), self.word(ENDINGS))
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words.choose(&mut self.dice).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_music_and_another_seed_other_music() {
        let names = |seed| Catalogue::invented(seed).tracks().map(|(_, t)| t.uri()).collect::<Vec<_>>();
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
    }

    #[test]
    fn there_are_a_few_hundred_tracks_each_with_its_own_id_and_every_number_names_one() {
        let music = Catalogue::invented(1);
        let ids: HashSet<String> = music.tracks().map(|(_, t)| t.id.clone()).collect();
        assert_eq!(ids.len(), WRITTEN.len() + INVENTED);
        assert_eq!(music.track(TrackRef(0)).name, "Slow Harbour");
        assert_eq!(music.track(TrackRef(ids.len())), music.track(TrackRef(0)));
        assert_eq!(music.track(TrackRef(0)).artist(), "Maren Vale, Odd Numbers");
    }
}
