//! The home page: who is on air and what plays there, and whose lists there are besides.

use super::live::LiveNow;
use crate::http::{Layout, Site};
use crate::hub::Streamer;
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

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    cards: Vec<String>,
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
        let cards = self.live.iter().map(|live| live.card(m)).collect();
        let template = HomeTemplate { page, m, cards, others: self.others };
        template.render().expect("the template writes to memory only")
    }
}

impl HomeTemplate<'_> {
    fn is_nobody(&self) -> bool {
        self.cards.is_empty() && self.others.is_empty()
    }

    fn is_quiet(&self) -> bool {
        self.cards.is_empty() && !self.others.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daylist::view::samples::{Evening, instant};
    use crate::hub::NowPlaying;

    fn page(live: &[LiveNow<'_>], others: &[&Streamer]) -> String {
        HomePage { locale: Locale::En, site: &Site::default(), live, others }.render()
    }

    #[test]
    fn who_is_on_air_comes_with_what_plays_there() {
        let evening = Evening::default();
        let bob = Streamer { login: "bob".into(), name: "Bob <b>".into() };
        let html = page(&[evening.live()], &[&bob]);
        for part in [
            "<li data-key=\"ann\"><a href=\"/streamers/ann/tracks/today\">",
            "Slow Harbour",
            "<li data-key=\"bob\"><a class=\"pill\" href=\"/streamers/bob\">",
            "Bob &#60;b&#62;",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn an_empty_house_says_so_and_one_where_nobody_is_on_air_that() {
        let (nobody, quiet) = ("id=\"nobody\" data-renew>", "id=\"quiet\" data-renew>");
        let html = page(&[], &[]);
        assert!(html.contains(nobody) && !html.contains(quiet), "{html}");
        let bob = Streamer { login: "bob".into(), name: "Bob".into() };
        let html = page(&[], &[&bob]);
        assert!(html.contains(quiet) && !html.contains(nobody), "{html}");
        let html = page(&[Evening::default().live()], &[]);
        assert!(!html.contains(quiet) && !html.contains(nobody), "{html}");
    }

    #[test]
    fn the_page_is_the_same_while_the_same_plays() {
        let evening = Evening::default();
        let later = NowPlaying { progress_ms: evening.now.progress_ms + 9_000, ..evening.now.clone() };
        let at = instant("2026-11-20T20:49:47Z");
        let (first, second) = (evening.live(), LiveNow { now_playing: Some(&later), at, ..evening.live() });
        assert_eq!(page(&[first], &[]), page(&[second], &[]));
        let paused = NowPlaying { is_playing: false, ..later };
        let html = page(&[LiveNow { now_playing: Some(&paused), ..evening.live() }], &[]);
        assert!(html.contains("value=\"100000\"") && !html.contains("data-began"), "{html}");
    }
}
