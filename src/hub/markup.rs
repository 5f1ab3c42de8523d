//! The markup of a row of the day list: the only one there is. The page is built of it and the live socket
//! sends it, so a row that slides in looks like one that was there.
//!
//! It is encoded once for everybody, so it holds no words of a language and no local time: the page puts the
//! viewer's time in place of the UTC one.

use super::model::{Track, text};
use crate::base::clock::Instant;
use askama::Template;

/// How many placeholder designs there are for covers.
const HUES: u32 = 8;

/// The row of `track`: an `<li data-track-id=…>`.
///
/// # Panics
/// Never: the template writes to memory only.
#[must_use]
pub fn row(track: &Track) -> String {
    listed(track, None, true)
}

/// The same row, which may be to show no cover.
pub(super) fn row_with(track: &Track, covers: bool) -> String {
    if covers { row(track) } else { row(&track.without_cover()) }
}

/// The same row in a list: of a stream that began at `start` it says how far into it that was, and it may be out of sight
/// because something else is looked for. `tape.js` and `find.js` do the same to the rows that they are sent.
///
/// # Panics
/// Never: the template writes to memory only.
#[must_use]
pub fn listed(track: &Track, start: Option<Instant>, is_seen: bool) -> String {
    let (at, clock) = (text(track.started_at), track.started_at.format("%H:%M").to_string());
    let into = start.map(|start| (track.started_at - start).num_milliseconds().max(0));
    let row = Row { track, at, clock, into, is_seen };
    row.render().expect("the template writes to memory only")
}

/// A length in milliseconds, as players show it: `3:58`, `1:02:09`.
#[must_use]
pub fn length(millis: i64) -> String {
    let seconds = millis / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Which placeholder stands for the cover of what `uri` names: 0 to 7. `now.js` computes the same.
#[must_use]
pub fn hue(uri: &str) -> u32 {
    uri.bytes().map(u32::from).sum::<u32>() % HUES
}

/// An address that may stand in a page: HTTP(S) and nothing else, so that no script hides in a link.
#[must_use]
pub fn safe_address(url: Option<&str>) -> Option<&str> {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

#[derive(Template)]
#[template(path = "row.html")]
struct Row<'a> {
    track: &'a Track,
    at: String,
    clock: String,
    /// Milliseconds from the beginning of the stream.
    into: Option<i64>,
    is_seen: bool,
}

impl Row<'_> {
    fn image(&self) -> Option<&str> {
        safe_address(self.track.image_url.as_deref())
    }

    fn link(&self) -> Option<&str> {
        safe_address(self.track.url.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PlayId;
    use crate::hub::TrackFacts;

    fn at() -> Instant {
        "2026-11-20T20:48:07.250Z".parse().expect("an instant")
    }

    fn harbour() -> Track {
        facts().into()
    }

    fn facts() -> TrackFacts {
        TrackFacts {
            id: PlayId::derived(at(), &["harbour"]),
            provider: "spotify",
            provider_id: Some("4uLU6hMCjMI75M1A2tKUQC".into()),
            uri: "spotify:track:4uLU6hMCjMI75M1A2tKUQC".into(),
            name: "Slow Harbour".into(),
            artist: "Maren Vale, Odd Numbers".into(),
            artists: vec!["Maren Vale".into(), "Odd Numbers".into()],
            album: Some("Low Tide Letters".into()),
            duration_ms: 238_000,
            started_at: at(),
            url: Some("https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC".into()),
            image_url: Some("https://i.scdn.co/image/harbour".into()),
            source: "poll",
        }
    }

    #[test]
    fn a_row_says_what_was_played_and_when() {
        let html = row(&harbour());
        assert!(
            html.starts_with(&format!("<li class=\"play\" data-track-id=\"{}\"", harbour().id)),
            "{html}"
        );
        for part in [
            "<time datetime=\"2026-11-20T20:48:07.250Z\">20:48</time>",
            "<bdi>Slow Harbour</bdi>",
            "<bdi>Maren Vale, Odd Numbers</bdi>",
            "<bdi>Low Tide Letters</bdi>",
            "src=\"https://i.scdn.co/image/harbour\" alt=\"\" width=\"48\" height=\"48\" loading=\"lazy\"",
            "href=\"https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC\"",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn in_the_list_of_a_stream_a_row_says_how_far_in_it_began() {
        let html = listed(&harbour(), Some(at() - chrono::TimeDelta::milliseconds(3_729_999)), true);
        assert!(
            html.contains("20:48</time><time class=\"into\" datetime=\"PT3729S\">1:02:09</time><span"),
            "{html}"
        );
        assert!(
            listed(&harbour(), Some(at() + chrono::TimeDelta::seconds(1)), true).contains(">0:00</time>")
        );
        assert!(!row(&harbour()).contains("into"));
        assert!(!row(&harbour()).contains(" hidden") && listed(&harbour(), None, false).contains(" hidden>"));
    }

    #[test]
    fn a_length_is_written_as_players_do() {
        assert_eq!([0, 9_999, 238_000, 3_729_000].map(length), ["0:00", "0:09", "3:58", "1:02:09"]);
    }

    #[test]
    fn a_local_file_has_no_link_and_no_cover() {
        let html = row(&TrackFacts { url: None, image_url: None, album: None, ..facts() }.into());
        assert!(!html.contains("<a ") && !html.contains("<img"), "{html}");
        assert!(html.contains("data-hue="), "the placeholder is there");
    }

    #[test]
    fn a_hostile_title_is_only_text() {
        let html = row(&TrackFacts {
            name: "</li><script>alert('x')</script>".into(),
            artist: "\" onmouseover=\"evil()".into(),
            album: Some("<img src=x onerror=evil()>&amp;".into()),
            ..facts()
        }
        .into());
        assert!(
            !html.contains("<script") && !html.contains("<img src=x") && !html.contains("\" onmouseover"),
            "{html}"
        );
        assert_eq!(html.matches("</li>").count(), 1);
    }

    #[test]
    fn an_address_that_is_not_http_never_becomes_a_link_or_an_image() {
        for address in
            ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example", ""]
        {
            let html =
                row(&TrackFacts { url: Some(address.into()), image_url: Some(address.into()), ..facts() }
                    .into());
            assert!(!html.contains("<a ") && !html.contains("<img"), "{html}");
        }
        let html = row(&TrackFacts { url: Some("https://x.example/\"><script>".into()), ..facts() }.into());
        assert!(!html.contains("<script>"), "{html}");
    }
}
