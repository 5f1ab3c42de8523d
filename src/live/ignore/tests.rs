//! What rules are made of, and what they ignore.

use super::*;
use crate::base::clock::Instant;
use proptest::prelude::*;

const ID: &str = "37i9dQZF1DX0XUsuxWHRQd";

fn rule(kind: Kind, text: &str) -> IgnoreRule {
    let value = read(kind, text).expect("a rule");
    IgnoreRule { id: RuleId::derived(Instant::UNIX_EPOCH, &[text]), kind, value }
}

fn track(artists: &[&str]) -> Track {
    Track {
        uri: "spotify:track:a".into(),
        provider_id: None,
        name: "A".into(),
        artists: artists.iter().map(|artist| (*artist).to_owned()).collect(),
        album: None,
        duration_ms: 1,
        url: None,
        image_url: None,
    }
}

fn whence(context: Option<&str>, device: Option<&str>) -> Whence {
    Whence { context: context.map(str::to_owned), device: device.map(str::to_owned) }
}

#[test]
fn a_playlist_is_known_however_it_is_pasted() {
    for text in [
        format!("https://open.spotify.com/playlist/{ID}?si=0123abc&pt=4"),
        format!("  http://open.spotify.com/intl-de/playlist/{ID}/ "),
        format!("open.spotify.com/playlist/{ID}#top"),
        format!("spotify:playlist:{ID}"),
        format!("spotify:user:ann:playlist:{ID}"),
        ID.to_owned(),
    ] {
        assert_eq!(read(Kind::Playlist, &text), Ok(format!("spotify:playlist:{ID}")), "{text}");
    }
}

#[test]
fn what_is_no_playlist_is_said_to_be_none() {
    for text in [
        format!("https://open.spotify.com/album/{ID}"),
        format!("spotify:artist:{ID}"),
        format!("https://example.org/playlist/{ID}"),
        "https://open.spotify.com/playlist/short".to_owned(),
        "https://open.spotify.com/playlist/".to_owned(),
        "my playlist".to_owned(),
        "?".to_owned(),
        "ééééééééééé".to_owned(),
    ] {
        assert_eq!(read(Kind::Playlist, &text), Err(BadRule::NoPlaylist), "{text}");
    }
    assert_eq!(read(Kind::Playlist, "  "), Err(BadRule::Empty));
}

#[test]
fn a_name_is_kept_as_typed_without_what_surrounds_it() {
    assert_eq!(read(Kind::Device, "  Küche \n"), Ok("Küche".to_owned()));
    assert_eq!(read(Kind::Artist, ""), Err(BadRule::Empty));
    assert_eq!(read(Kind::Artist, "a\0b"), Err(BadRule::NoName));
    assert_eq!(read(Kind::Device, &"é".repeat(301)), Err(BadRule::NoName));
}

#[test]
fn a_rule_ignores_what_it_names_and_nothing_else() {
    let (uri, other) = (format!("spotify:playlist:{ID}"), "spotify:playlist:0000000000000000000000");
    let old = format!("spotify:user:ann:playlist:{ID}");
    let rules = [rule(Kind::Playlist, &uri)];
    let of = |context: Option<&str>| ignores(&rules, &track(&["X"]), &whence(context, Some("Desk")));
    assert!(of(Some(&uri)) && of(Some(&old)));
    assert!(!of(Some(other)) && !of(None) && !of(Some(&format!("spotify:album:{ID}"))));

    let rules = [rule(Kind::Device, "KÜCHE ")];
    let on = |device: Option<&str>| ignores(&rules, &track(&["Küche"]), &whence(None, device));
    assert!(on(Some(" küche")) && !on(Some("Küche 2")) && !on(None));

    let rules = [rule(Kind::Artist, "maren vale")];
    let by = |artists: &[&str]| ignores(&rules, &track(artists), &Whence::default());
    assert!(by(&["Odd Numbers", "Maren Vale"]));
    assert!(!by(&["Maren Valentine"]) && !by(&["Maren"]) && !by(&[]));
    assert!(!ignores(&[], &track(&["Maren Vale"]), &Whence::default()));
}

proptest! {
    #[test]
    fn whatever_is_pasted_does_no_harm_and_what_is_kept_reads_as_itself(text in ".*") {
        for kind in Kind::ALL {
            if let Ok(value) = read(kind, &text) {
                prop_assert_eq!(read(kind, &value), Ok(value.clone()));
                prop_assert!(Kind::of(kind.word()) == Some(kind));
            }
        }
    }
}
