//! The browser sources as HTML. A page holds no data: its script asks for that and keeps asking, so that the page is the
//! same for a name we do not know.

use super::model::{Look, Source, Style};
use crate::i18n::{Messages, messages};
use askama::Template;

/// A browser source.
#[derive(Debug, Clone, Copy)]
pub(super) struct OverlayPage<'a> {
    /// How it looks.
    pub(super) look: &'a Look,
    /// Path of the live socket, such as `/api/v1/streamers/ann/live`.
    pub(super) live: &'a str,
    /// Whether it shows covers.
    pub(super) covers: bool,
    /// Path of the streamer's own stylesheet.
    pub(super) stylesheet: Option<&'a str>,
    /// Names everything that the page is made of; empty when not all of it could be read.
    pub(super) version: &'a str,
}

#[derive(Template)]
#[template(path = "overlay.html")]
struct NowPlayingTemplate<'a> {
    page: OverlayPage<'a>,
}

#[derive(Template)]
#[template(path = "overlay-tracks.html")]
struct TracksTemplate<'a> {
    page: OverlayPage<'a>,
}

impl OverlayPage<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub(super) fn render(&self) -> String {
        let page = *self;
        let html = match self.look.source {
            Source::NowPlaying => NowPlayingTemplate { page }.render(),
            Source::Tracks => TracksTemplate { page }.render(),
        };
        html.expect("the template writes to memory only")
    }

    fn messages(&self) -> &'static Messages {
        messages(self.look.locale)
    }

    /// Whether it is a line that runs, which is drawn pass by pass.
    fn runs(&self) -> bool {
        self.look.style == Style::Ticker
    }

    /// The scripts that draw what plays, by name.
    fn drawn_by(&self) -> &'static [&'static str] {
        if self.runs() { &["ticker.js"] } else { &["wander.js", "stage.js"] }
    }

    /// Whether a record turns in it.
    fn turns(&self) -> bool {
        self.look.style == Style::Vinyl
    }
}

#[cfg(test)]
mod pictures;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use crate::overlay::rules::pairs_of;

    fn page(source: Source, query: &str) -> String {
        let look = Look::of(source, &pairs_of(query), Locale::En);
        let live = "/api/v1/streamers/a\"b/live";
        OverlayPage { look: &look, live, covers: true, stylesheet: None, version: "1f" }.render()
    }

    #[test]
    fn the_page_knows_where_to_listen_and_how_to_look() {
        let html = page(Source::NowPlaying, "style=minimal&theme=light&font=Inter&hide_after=9&lang=fr");
        for told in [
            "lang=\"fr\"",
            "data-style=\"minimal\" data-theme=\"light\"",
            "data-show=\"title artist\"",
            "data-live=\"/api/v1/streamers/a&#34;b/live\"",
            "data-accent=\"#d93a1f\"",
            "data-font=\"&#34;Inter&#34;, system-ui, sans-serif\"",
            "data-hide-after=\"9\"",
            "data-version=\"1f\"",
        ] {
            assert!(html.contains(told), "{told} in {html}");
        }
        assert!(!html.contains("data-demo") && !html.contains("data-covers"), "{html}");
    }

    #[test]
    fn a_list_has_no_style_and_a_length() {
        let html = page(Source::Tracks, "count=7&demo=1");
        assert!(html.contains("data-count=\"7\" data-demo"), "{html}");
        assert!(html.contains("data-source=\"tracks\" data-theme=\"dark\""), "{html}");
    }
}
