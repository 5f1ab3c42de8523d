//! The streamer page: who it is and what plays there, the days with music, the last streams, and what comes up most.

use super::calendar::Calendar;
use super::chart;
use super::live::LiveNow;
use crate::base::local_day::local_date;
use crate::daylist::model::Stream;
use crate::http::{Layout, Site};
use crate::hub::markup::{hue, safe_address};
use crate::hub::{Streamer, Track};
use crate::i18n::{Locale, Messages, fill, messages, near_date};
use askama::Template;
use chrono::NaiveDate;
use chrono_tz::Tz;

/// What the streamer page shows.
#[derive(Debug, Clone)]
pub struct StreamerPage<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// Where the page is.
    pub site: &'a Site,
    /// Whose page it is.
    pub streamer: &'a Streamer,
    /// Where the streamer's days begin and end.
    pub timezone: Tz,
    /// The local day that it is now.
    pub today: NaiveDate,
    /// What plays, if the streamer is on air.
    pub live: Option<LiveNow<'a>>,
    /// The days with music, newest first.
    pub days: &'a [NaiveDate],
    /// How many plays began in each hour of the streamer's day.
    pub hours: &'a [usize; 24],
    /// The last streams with the number of their plays, newest first.
    pub streams: &'a [(Stream, usize)],
    /// The tracks that were played most, and how often.
    pub tracks: &'a [(Track, usize)],
    /// The artists who were played most, and how often.
    pub artists: &'a [(String, usize)],
    /// Whether the public may not read it.
    pub is_own: bool,
    /// Whether only memory could be asked.
    pub is_remembered: bool,
}

#[derive(Template)]
#[template(path = "streamer.html")]
struct StreamerTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    it: &'a StreamerPage<'a>,
    card: Option<String>,
    summary: Option<String>,
    calendar: String,
    clock: Option<Clock>,
    streams: Vec<Line>,
    tracks: Vec<Bar<'a>>,
    artists: Vec<Bar<'a>>,
}

/// When music plays.
struct Clock {
    svg: String,
    busiest: String,
    hours: Vec<(String, String)>,
    zone: String,
}

/// A stream to go to.
struct Line {
    path: String,
    date: String,
    length: String,
    count: String,
    is_live: bool,
}

/// A bar of a chart, and what it stands for.
struct Bar<'a> {
    name: &'a str,
    by: Option<&'a str>,
    image: Option<&'a str>,
    link: Option<&'a str>,
    hue: u32,
    count: String,
    svg: String,
}

impl StreamerPage<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        self.template().render().expect("the template writes to memory only")
    }

    fn template(&self) -> StreamerTemplate<'_> {
        let m = messages(self.locale);
        StreamerTemplate {
            page: self.layout(m),
            m,
            it: self,
            card: self.live.map(|live| live.card(m)),
            summary: self.summary(m),
            calendar: self.calendar(),
            clock: self.clock(m),
            streams: self.streams.iter().map(|(stream, plays)| self.line(m, stream, *plays)).collect(),
            tracks: self.track_bars(m),
            artists: self.artist_bars(m),
        }
    }

    fn layout(&self, m: &Messages) -> Layout {
        let told = |text| fill(text, "name", &self.streamer.name);
        let path = format!("/streamers/{}", self.streamer.login);
        let picture = format!("{path}/share.png");
        let layout = Layout::new(self.locale, told(&m.streamer.title), told(&m.streamer.description));
        layout.at(self.site, path).pictured(picture)
    }

    fn calendar(&self) -> String {
        let (locale, login, days) = (self.locale, &self.streamer.login, self.days);
        Calendar { locale, login, days, shown: None, today: self.today }.html()
    }

    /// How much music there is, and since when.
    fn summary(&self, m: &Messages) -> Option<String> {
        let (first, plays) = (self.days.last()?, self.hours.iter().sum::<usize>());
        let text = fill(&m.streamer.summary, "tracks", &m.counts.tracks.of(self.locale, plays));
        let text = fill(&text, "days", &m.counts.days.of(self.locale, self.days.len()));
        (plays > 0).then(|| fill(&text, "date", &near_date(self.locale, *first, self.today)))
    }

    fn clock(&self, m: &Messages) -> Option<Clock> {
        let busiest = (0..self.hours.len()).rev().max_by_key(|hour| self.hours[*hour])?;
        let with_music = chart::from_morning().filter(|hour| self.hours[*hour] > 0);
        let told = |hour: usize| (clock_time(hour), m.counts.tracks.of(self.locale, self.hours[hour]));
        let said = fill(&m.streamer.busiest, "from", &clock_time(busiest));
        (self.hours[busiest] > 0).then(|| Clock {
            svg: chart::hours(self.hours),
            busiest: fill(&said, "to", &clock_time(busiest + 1)),
            hours: with_music.map(told).collect(),
            zone: fill(&m.streamer.zone, "zone", self.timezone.name()),
        })
    }

    fn line(&self, m: &Messages, stream: &Stream, plays: usize) -> Line {
        Line {
            path: format!("/streamers/{}/streams/{}", self.streamer.login, stream.id),
            date: near_date(self.locale, local_date(stream.started_at, self.timezone), self.today),
            length: length(m, stream),
            count: m.counts.tracks.of(self.locale, plays),
            is_live: stream.ended_at.is_none(),
        }
    }

    fn track_bars(&self, m: &Messages) -> Vec<Bar<'_>> {
        let most = most(self.tracks);
        self.tracks
            .iter()
            .map(|(track, plays)| Bar {
                name: &track.name,
                by: Some(&track.artist),
                image: safe_address(track.image_url.as_deref()),
                link: safe_address(track.url.as_deref()),
                hue: hue(&track.uri),
                count: m.counts.plays.of(self.locale, *plays),
                svg: chart::bar(*plays, most),
            })
            .collect()
    }

    fn artist_bars(&self, m: &Messages) -> Vec<Bar<'_>> {
        let most = most(self.artists);
        self.artists
            .iter()
            .map(|(name, plays)| Bar {
                name,
                by: None,
                image: None,
                link: None,
                hue: 0,
                count: m.counts.plays.of(self.locale, *plays),
                svg: chart::bar(*plays, most),
            })
            .collect()
    }
}

impl StreamerTemplate<'_> {
    fn is_empty(&self) -> bool {
        self.it.days.is_empty() && self.streams.is_empty() && self.it.live.is_none()
    }
}

fn most<T>(counted: &[(T, usize)]) -> usize {
    counted.iter().map(|(_, plays)| *plays).max().unwrap_or_default()
}

/// An hour as clocks show it.
fn clock_time(hour: usize) -> String {
    format!("{:02}:00", hour % 24)
}

/// How long a stream lasted; nothing while it does, because that is never true for long.
fn length(m: &Messages, stream: &Stream) -> String {
    let Some(end) = stream.ended_at else { return String::new() };
    let minutes = (end - stream.started_at).num_minutes().max(0);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let text = if hours > 0 { &m.streamer.hours_long } else { &m.streamer.minutes_long };
    fill(&fill(text, "hours", &hours.to_string()), "minutes", &minutes.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::StreamId;
    use crate::daylist::view::samples::{Kept, instant};

    #[test]
    fn the_page_says_who_it_is_what_plays_and_what_is_kept() {
        let kept = Kept::default();
        let html = kept.page().render();
        for part in [
            "<title>Ann · Airlog</title>",
            "<link rel=\"canonical\" href=\"https://airlog.example/streamers/ann\">",
            "<h1><bdi>Ann</bdi></h1>",
            "On air",
            "Slow Harbour",
            "href=\"/streamers/ann/tracks/2026-11-19\"",
            "7 tracks on 2 days since Thursday 19 November",
            "4 h 12 min",
            "<rect width=\"66.7%\"",
            "Most tracks begin between 20:00 and 21:00.",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("style=") && !html.contains("<style"));
    }

    #[test]
    fn a_streamer_without_music_is_an_empty_page_that_says_so() {
        let kept = Kept::default();
        let page = StreamerPage {
            live: None,
            days: &[],
            hours: &[0; 24],
            streams: &[],
            tracks: &[],
            artists: &[],
            ..kept.page()
        };
        let html = page.render();
        assert!(html.contains("No music here yet.") && html.contains("Off air"), "{html}");
        for part in ["<table", "<svg class=\"bar\"", "Last streams", "Most played"] {
            assert!(!html.contains(part), "{part} is in {html}");
        }
    }

    #[test]
    fn a_private_page_and_one_from_memory_say_so() {
        let kept = Kept::default();
        let html = StreamerPage { is_own: true, is_remembered: true, ..kept.page() }.render();
        assert!(
            html.contains("This list is private") && html.contains("Older days cannot be read"),
            "{html}"
        );
        let html = kept.page().render();
        assert!(!html.contains("This list is private") && !html.contains("Older days"));
    }

    #[test]
    fn a_stream_is_as_long_as_it_lasted() {
        let m = messages(Locale::En);
        let lasting = |end: Option<&str>| {
            let started_at = instant("2026-11-20T19:58:00Z");
            let id = StreamId::derived(started_at, &["stream"]);
            length(m, &Stream { id, started_at, ended_at: end.map(instant) })
        };
        assert_eq!(lasting(Some("2026-11-20T20:40:59Z")), "42 min");
        assert_eq!(lasting(Some("2026-11-21T00:03:00Z")), "4 h 5 min");
        assert_eq!(lasting(None), "");
    }
}
