//! The page of one stream, whole, also where it crossed midnight: each row says how far into the stream it began.

use super::finder::Finder;
use super::tape::Tape;
use crate::base::clock::Instant;
use crate::base::local_day::local_date;
use crate::daylist::model::Stream;
use crate::daylist::search::Search;
use crate::http::{Layout, Site};
use crate::hub::{Gap, NowPlaying, Streamer, Track, markup};
use crate::i18n::{Locale, Messages, fill, long_date, messages, near_date};
use askama::Template;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// What the page of a stream shows.
#[derive(Debug, Clone)]
pub struct StreamPage<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// Where the page is.
    pub site: &'a Site,
    /// Whose stream it is.
    pub streamer: &'a Streamer,
    /// Where the streamer's days begin and end.
    pub timezone: Tz,
    /// From when to when.
    pub stream: &'a Stream,
    /// Whether it is on air, so that the page stays live.
    pub is_live: bool,
    /// What is in the player, if it is on air.
    pub now_playing: Option<&'a NowPlaying>,
    /// The instant of the page: a stream on air is as long as it has been until then.
    pub at: Instant,
    /// The plays of the stream, oldest first.
    pub tracks: &'a [Track],
    /// When we could not look, in any order, healed ones included.
    pub gaps: &'a [Gap],
    /// The local day that it is now.
    pub today: NaiveDate,
    /// Where the live socket goes on from.
    pub cursor: &'a str,
    /// What the visitor looks for in the list.
    pub search: Option<&'a Search>,
    /// Whether the list is private, so that only the streamer and those who help them see it.
    pub is_private: bool,
}

/// A day list in which a part of the stream stands.
struct Part {
    path: String,
    label: String,
}

#[derive(Template)]
#[template(path = "stream.html")]
struct StreamTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    whole: &'a StreamPage<'a>,
    timezone: &'static str,
    heading: String,
    length: String,
    count: String,
    days: Vec<Part>,
    finder: String,
    tape: Tape<'a>,
}

impl StreamPage<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        self.template().render().expect("the template writes to memory only")
    }

    fn template(&self) -> StreamTemplate<'_> {
        let m = messages(self.locale);
        let start = Some(self.stream.started_at);
        let tape = Tape::of(m, self.tracks, self.gaps, |_| start, self.search);
        StreamTemplate {
            page: self.layout(m),
            m,
            whole: self,
            timezone: self.timezone.name(),
            heading: self.told(&m.stream.heading),
            length: self.length(),
            count: m.counts.tracks.of(self.locale, self.tracks.len()),
            days: self.parts(),
            finder: Finder::of(self.locale, &m.find.in_stream, self.search, tape.found).html(),
            tape,
        }
    }

    fn layout(&self, m: &Messages) -> Layout {
        let layout = Layout::new(self.locale, self.told(&m.stream.title), self.told(&m.stream.description));
        if let Some(search) = self.search {
            return layout.asked(search.query());
        }
        let picture = format!("{}/share.png", self.path());
        layout.at(self.site, self.path()).pictured(picture)
    }

    fn path(&self) -> String {
        format!("/streamers/{}/streams/{}", self.streamer.login, self.stream.id)
    }

    fn told(&self, text: &str) -> String {
        let date = near_date(self.locale, self.date(self.stream.started_at), self.today);
        fill(&fill(text, "date", &date), "name", &self.streamer.name)
    }

    fn date(&self, at: Instant) -> NaiveDate {
        local_date(at, self.timezone)
    }

    fn length(&self) -> String {
        let length = self.stream.ended_at.unwrap_or(self.at) - self.stream.started_at;
        markup::length(length.num_milliseconds().max(0))
    }

    /// The days on which something was played; of a stream without music the one on which it began.
    fn parts(&self) -> Vec<Part> {
        let mut days: BTreeSet<NaiveDate> =
            self.tracks.iter().map(|track| self.date(track.started_at)).collect();
        if self.is_live || days.is_empty() {
            days.insert(if self.is_live { self.today } else { self.date(self.stream.started_at) });
        }
        let part = |date: NaiveDate| Part {
            path: format!("/streamers/{}/tracks/{date}", self.streamer.login),
            label: long_date(self.locale, date),
        };
        days.into_iter().map(part).collect()
    }
}

impl StreamTemplate<'_> {
    /// Whether the newest row is what plays, which the lamp beside it shows.
    fn is_current(&self) -> bool {
        let playing = self.whole.now_playing.filter(|now| self.whole.is_live && now.is_playing);
        playing.zip(self.whole.tracks.last()).is_some_and(|(now, newest)| now.track.id == newest.id)
    }

    /// Whether something is looked for that is not there.
    fn is_in_vain(&self) -> bool {
        self.whole.search.is_some() && self.tape.found == 0 && !self.tape.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daylist::view::samples::{Evening, gap};
    use crate::hub::TrackFacts;

    #[test]
    fn a_stream_says_from_when_to_when_and_each_row_how_far_in_it_began() {
        let evening = Evening::default();
        let html = evening.stream_page().render();
        for part in [
            "<title>Ann · Stream of Friday 20 November · Airlog</title>",
            "<time datetime=\"2026-11-20T19:58:00.000Z\">19:58</time> – \
             <time datetime=\"2026-11-21T00:10:30.000Z\">00:10</time> · <span id=\"length\">4:12:30</span>",
            ">16:07</time>",
            ">50:07</time>",
            "4 tracks",
            "data-timezone=\"Europe/Paris\"",
            ">Ended</p>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("stream.js"), "what is over does not change");
    }

    #[test]
    fn a_stream_across_midnight_leads_to_both_days_of_the_streamer() {
        let evening = Evening::default();
        let tokyo = StreamPage { timezone: Tz::Asia__Kolkata, ..evening.stream_page() };
        let mut tracks = evening.tracks.clone();
        let started_at = tracks[0].started_at - chrono::TimeDelta::hours(2);
        tracks[0] = TrackFacts { started_at, ..TrackFacts::clone(&tracks[0]) }.into();
        let html = StreamPage { tracks: &tracks, ..tokyo }.render();
        for day in ["2026-11-20", "2026-11-21"] {
            assert!(
                html.contains(&format!("href=\"/streamers/ann/tracks/{day}\"")),
                "{day} is not in {html}"
            );
        }
    }

    #[test]
    fn a_gap_stands_in_its_place_and_a_healed_one_is_gone() {
        let gaps = [gap("2026-11-20T20:33:00Z", false), gap("2026-11-20T20:10:00Z", true)];
        let evening = Evening::default();
        let html = StreamPage { gaps: &gaps, ..evening.stream_page() }.render();
        let place = |id: &str| html.find(&format!("id=\"{id}\" data-"));
        let (lanterns, radio) = (&evening.tracks[1], &evening.tracks[2]);
        let order =
            [radio.id.to_string(), gaps[0].id.to_string(), lanterns.id.to_string()].map(|id| place(&id));
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{order:?} in {html}");
        assert!(!html.contains(&gaps[1].id.to_string()));
    }

    #[test]
    fn something_can_be_looked_for_in_a_stream() {
        let (evening, search) = (Evening::default(), Search::of("letters"));
        let html = StreamPage { search: search.as_ref(), ..evening.stream_page() }.render();
        assert!(html.contains("noindex") && html.contains(">4 matches<"), "{html}");
        assert!(html.contains("value=\"letters\""), "{html}");
    }

    #[test]
    fn a_stream_on_air_stays_live() {
        let mut evening = Evening::default();
        evening.whole.ended_at = None;
        let html = StreamPage { is_live: true, ..evening.stream_page() }.render();
        for part in [
            "stream.js",
            "data-live=\"/api/v1/streamers/ann/live?view=stream\"",
            "On air",
            ">51:38</span>",
            "id=\"end\"",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }
}
