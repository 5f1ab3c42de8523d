//! What plays now, as a card: cover, title, progress. `now.js` keeps it up to date.

use crate::base::clock::Instant;
use crate::hub::markup::{hue, length, safe_address};
use crate::hub::{NowPlaying, Track, instant_text};
use crate::i18n::{Locale, Messages, messages};
use askama::Template;

/// The card of what plays; hidden, but there for the script to fill, when nothing does.
#[derive(Template)]
#[template(path = "now.html")]
pub(super) struct NowCard<'a> {
    pub(super) m: &'static Messages,
    pub(super) now: Option<&'a NowPlaying>,
    /// When `progress_ms` held.
    pub(super) at: Instant,
}

/// The card of what plays at `at`, for another page of ours.
#[must_use]
pub fn now_card(locale: Locale, now: Option<&NowPlaying>, at: Instant) -> String {
    NowCard { m: messages(locale), now, at }.html()
}

impl NowCard<'_> {
    /// The card as HTML.
    pub(super) fn html(&self) -> String {
        self.render().expect("the template writes to memory only")
    }

    fn track(&self) -> Option<&Track> {
        self.now.map(|now| &now.track)
    }

    fn when(&self) -> String {
        instant_text(self.at)
    }

    fn state(&self) -> &str {
        if self.now.is_none_or(|now| now.is_playing) { &self.m.day.playing } else { &self.m.day.paused }
    }

    fn name(&self) -> &str {
        self.track().map_or("", |track| &track.name)
    }

    fn artist(&self) -> &str {
        self.track().map_or("", |track| &track.artist)
    }

    fn album(&self) -> &str {
        self.track().and_then(|track| track.album.as_deref()).unwrap_or_default()
    }

    fn image(&self) -> Option<&str> {
        safe_address(self.track()?.image_url.as_deref())
    }

    fn link(&self) -> Option<&str> {
        safe_address(self.track()?.url.as_deref())
    }

    fn hue(&self) -> u32 {
        self.track().map_or(0, |track| hue(&track.uri))
    }

    /// At least one, because a progress bar has no meaning without a length.
    fn duration(&self) -> i64 {
        self.track().map_or(1, |track| track.duration_ms.max(1))
    }

    fn progress(&self) -> i64 {
        self.now.map_or(0, |now| now.progress_ms.clamp(0, self.duration()))
    }

    fn elapsed(&self) -> String {
        length(self.progress())
    }

    fn length(&self) -> String {
        length(self.duration())
    }
}
