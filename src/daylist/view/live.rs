//! What plays on a streamer's air, as a card that leads to the list of today. `home.js` keeps it up to date.

use crate::base::clock::Instant;
use crate::hub::markup::{hue, safe_address};
use crate::hub::{NowPlaying, Streamer, instant_text};
use crate::i18n::Messages;
use askama::Template;
use chrono::TimeDelta;

/// Someone who is on air.
#[derive(Debug, Clone, Copy)]
pub struct LiveNow<'a> {
    /// Who.
    pub streamer: &'a Streamer,
    /// What is in their player.
    pub now_playing: Option<&'a NowPlaying>,
    /// When its progress held.
    pub at: Instant,
}

#[derive(Template)]
#[template(path = "live.html")]
struct Card<'a> {
    m: &'static Messages,
    live: &'a LiveNow<'a>,
}

impl LiveNow<'_> {
    /// The card as HTML: an entry of a list.
    pub(super) fn card(&self, m: &'static Messages) -> String {
        Card { m, live: self }.render().expect("the template writes to memory only")
    }
}

impl Card<'_> {
    fn image(&self) -> Option<&str> {
        safe_address(self.live.now_playing?.track.image_url.as_deref())
    }

    fn hue(&self) -> u32 {
        self.live.now_playing.map_or(0, |now| hue(&now.track.uri))
    }

    /// At least one, because a progress bar has no meaning without a length.
    fn duration(&self) -> i64 {
        self.live.now_playing.map_or(1, |now| now.track.duration_ms.max(1))
    }

    fn progress(&self) -> i64 {
        self.live.now_playing.map_or(0, |now| now.progress_ms.clamp(0, self.duration()))
    }

    /// The instant from which a track that runs would have run without a pause. How far it is now would make each page
    /// another one; so the script counts from here.
    fn began(&self) -> Option<String> {
        let now = self.live.now_playing.filter(|now| now.is_playing)?;
        let at = self.live.at.checked_sub_signed(TimeDelta::try_milliseconds(now.progress_ms)?)?;
        Some(instant_text(at))
    }
}
