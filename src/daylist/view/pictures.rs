//! Each page as it stands, kept in `web/snapshots`: a change of markup shows in review.

use super::samples::{Evening, gap};
use super::{DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme, StreamPage};
use crate::hub::Streamer;
use crate::i18n::Locale;

/// Compares with the kept page; the hashes of assets change with every style and are left out.
fn matches(name: &str, html: &str) {
    let mut parts = html.split("?v=");
    let first = parts.next().unwrap_or_default().to_owned();
    let page = parts.fold(first, |page, part| {
        page + "?v=…" + part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric())
    });
    insta::with_settings!({ snapshot_path => "../../../web/snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, page);
    });
}

#[test]
fn the_day_page_live_with_a_gap() {
    let evening = Evening { gaps: vec![gap("2026-11-20T20:33:00Z", false)], ..Evening::default() };
    matches("day_live", &evening.page().render());
}

#[test]
fn the_day_page_of_a_day_that_is_over_in_french() {
    let evening = Evening::default();
    let page =
        DayPage { locale: Locale::Fr, is_today: false, live: false, now_playing: None, ..evening.page() };
    matches("day_over_fr", &page.render());
}

#[test]
fn the_page_of_a_stream_with_a_gap() {
    let evening = Evening { gaps: vec![gap("2026-11-20T20:33:00Z", false)], ..Evening::default() };
    matches("stream", &evening.stream_page().render());
}

#[test]
fn the_page_of_a_stream_on_air_in_french() {
    let mut evening = Evening::default();
    evening.whole.ended_at = None;
    matches(
        "stream_live_fr",
        &StreamPage { locale: Locale::Fr, is_live: true, ..evening.stream_page() }.render(),
    );
}

#[test]
fn the_home_page() {
    let (evening, bob) = (Evening::default(), Streamer { login: "bob".into(), name: "Bob".into() });
    let live = [LiveNow { streamer: &evening.streamer, now_playing: Some(&evening.now) }];
    matches(
        "home",
        &HomePage { locale: Locale::En, site: &evening.site, live: &live, others: &[&bob] }.render(),
    );
}

#[test]
fn the_overlay() {
    let overlay = NowPlayingOverlay {
        live: "/api/v1/streamers/ann/live",
        style: OverlayStyle::Card,
        theme: OverlayTheme::Dark,
        covers: true,
    };
    matches("overlay", &overlay.render());
}
