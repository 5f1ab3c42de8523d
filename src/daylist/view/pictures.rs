//! Each page as it stands, kept in `web/snapshots`: a change of markup shows in review.

use super::samples::{Evening, Kept, gap, track};
use super::{DayPage, HomePage, LiveNow, StreamPage, StreamerPage};
use crate::daylist::search::Search;
use crate::http::Site;
use crate::http::picture::matches;
use crate::hub::{NowPlaying, Streamer, TrackFacts};
use crate::i18n::Locale;

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
fn the_day_page_while_the_player_is_paused_and_while_nothing_plays() {
    let mut evening = Evening::default();
    evening.now.is_playing = false;
    matches("day_paused", &evening.page().render());
    let silent = DayPage { locale: Locale::Fr, now_playing: None, ..evening.page() };
    matches("day_silent_fr", &silent.render());
}

#[test]
fn the_day_page_after_the_stream_has_ended() {
    let mut evening = Evening::default();
    evening.streams[0].ended_at = evening.whole.ended_at;
    matches(
        "day_ended",
        &DayPage { live: false, stream: None, now_playing: None, ..evening.page() }.render(),
    );
}

#[test]
fn the_day_page_of_a_day_without_music() {
    let evening = Evening { tracks: vec![], streams: vec![], ..Evening::default() };
    let today = DayPage { live: false, stream: None, now_playing: None, ..evening.page() };
    matches("day_empty_fr", &DayPage { locale: Locale::Fr, ..today.clone() }.render());
    matches("day_empty_past", &DayPage { is_today: false, ..today }.render());
}

#[test]
fn the_day_page_of_a_private_list_for_those_who_may_see_it() {
    let evening = Evening { tracks: vec![], ..Evening::default() };
    matches("day_private_fr", &DayPage { locale: Locale::Fr, is_private: true, ..evening.page() }.render());
}

#[test]
fn the_day_page_with_titles_that_are_hard_to_set() {
    let long = "A Title So Long That It Must Be Cut Somewhere Near Its End ".repeat(4);
    let tracks = vec![
        track("20:02", "ليلة بلا نهاية (Live)", "فرقة الميناء, DJ Œuvre"),
        track("20:07", "🎷🌙 Ünder Glass 👩🏽\u{200d}🎤", "夜のラジオ局"),
        track("20:11", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", "Kapelle <Süd>"),
        TrackFacts {
            url: None,
            album: None,
            source: "manual",
            ..TrackFacts::clone(&track("20:14", long.trim_end(), "Y"))
        }
        .into(),
    ];
    let evening = Evening { tracks, ..Evening::default() };
    matches("day_hard_titles", &evening.page().render());
}

#[test]
fn the_day_page_and_the_page_of_a_stream_on_which_something_is_looked_for() {
    let (evening, search) = (Evening::default(), Search::of("Tide ラジオ"));
    matches("day_found", &DayPage { search: search.as_ref(), ..evening.page() }.render());
    let search = Search::of("\"Quelqu’un\" ?");
    let page = StreamPage { locale: Locale::Fr, search: search.as_ref(), ..evening.stream_page() };
    matches("stream_not_found_fr", &page.render());
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
fn the_home_page_with_somebody_paused_and_somebody_who_plays_nothing() {
    let evening = Evening::default();
    let [bob, cleo, dan] =
        ["Bob", "Cleo", "Dan"].map(|name| Streamer { login: name.to_lowercase(), name: name.to_owned() });
    let paused = NowPlaying { is_playing: false, ..evening.now.clone() };
    let live = [
        evening.live(),
        LiveNow { streamer: &bob, now_playing: Some(&paused), ..evening.live() },
        LiveNow { streamer: &cleo, now_playing: None, ..evening.live() },
    ];
    matches(
        "home",
        &HomePage { locale: Locale::En, site: &evening.site, live: &live, others: &[&dan] }.render(),
    );
}

#[test]
fn the_home_page_in_french_while_nobody_is_on_air() {
    let bob = Streamer { login: "bob".into(), name: "Bob".into() };
    matches(
        "home_quiet_fr",
        &HomePage { locale: Locale::Fr, site: &Site::default(), live: &[], others: &[&bob] }.render(),
    );
}

#[test]
fn the_streamer_page() {
    matches("streamer", &Kept::default().page().render());
}

#[test]
fn the_streamer_page_in_french_for_its_streamer_alone() {
    let kept = Kept::default();
    let page = StreamerPage { locale: Locale::Fr, live: None, is_own: true, ..kept.page() };
    matches("streamer_own_fr", &page.render());
}
