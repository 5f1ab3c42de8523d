//! The home page: who is on air and what plays there, and whose lists there are besides.

use crate::http::{Layout, Site};
use crate::hub::markup::{hue, safe_address};
use crate::hub::{NowPlaying, Streamer};
use crate::i18n::{Locale, Messages, messages};
use askama::Template;

/// What the home page shows.
#[derive(Debug, Clone)]
pub struct HomePage<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// Where the page is.
    pub site: &'a Site,
    /// Who is on air, in the order to be shown.
    pub live: &'a [LiveNow<'a>],
    /// The other streamers with a public list.
    pub others: &'a [&'a Streamer],
}

/// Someone who is on air.
#[derive(Debug, Clone, Copy)]
pub struct LiveNow<'a> {
    /// Who.
    pub streamer: &'a Streamer,
    /// What is in their player.
    pub now_playing: Option<&'a NowPlaying>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    live: &'a [LiveNow<'a>],
    others: &'a [&'a Streamer],
}

impl HomePage<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        let m = messages(self.locale);
        let page = Layout::new(self.locale, &m.home.title, &m.home.description).at(self.site, "/");
        let template = HomeTemplate { page, m, live: self.live, others: self.others };
        template.render().expect("the template writes to memory only")
    }
}

impl LiveNow<'_> {
    fn image(&self) -> Option<&str> {
        safe_address(self.now_playing?.track.image_url.as_deref())
    }

    fn hue(&self) -> u32 {
        self.now_playing.map_or(0, |now| hue(&now.track.uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daylist::view::samples::Evening;

    #[test]
    fn who_is_on_air_comes_with_what_plays_there() {
        let evening = Evening::default();
        let (bob, live) = (
            Streamer { login: "bob".into(), name: "Bob <b>".into() },
            [LiveNow { streamer: &evening.streamer, now_playing: Some(&evening.now) }],
        );
        let html =
            HomePage { locale: Locale::En, site: &Site::default(), live: &live, others: &[&bob] }.render();
        for part in [
            "href=\"/streamers/ann/tracks/today\"",
            "Slow Harbour",
            "href=\"/streamers/bob/tracks/today\"",
            "Bob &#60;b&#62;",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn an_empty_house_says_so() {
        let html = HomePage { locale: Locale::En, site: &Site::default(), live: &[], others: &[] }.render();
        assert!(html.contains("No streamer has opened their list yet."), "{html}");
    }
}
