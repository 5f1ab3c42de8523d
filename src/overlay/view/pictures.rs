//! The browser sources as they stand, kept in `web/snapshots`.

use super::OverlayPage;
use crate::http::picture::matches;
use crate::i18n::Locale;
use crate::overlay::model::{Look, Source};
use crate::overlay::rules::pairs_of;

fn stands(name: &str, source: Source, query: &str) {
    let look = Look::of(source, &pairs_of(query), Locale::En);
    let live = "/api/v1/streamers/ann/live";
    let page = OverlayPage { look: &look, live, covers: true, stylesheet: None, version: "1f" };
    matches(name, &page.render());
}

#[test]
fn what_plays_now_in_a_box() {
    stands("overlay", Source::NowPlaying, "");
    stands("overlay_vinyl_fr", Source::NowPlaying, "style=vinyl&lang=fr&theme=glass&show=title,label&demo=1");
}

#[test]
fn what_plays_now_on_a_line_that_runs() {
    stands("overlay_ticker", Source::NowPlaying, "style=ticker");
}

#[test]
fn the_last_tracks() {
    stands("overlay_tracks", Source::Tracks, "count=8&scale=1.5");
}
