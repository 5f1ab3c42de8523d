//! Each key of a query with values that make sense and others that do not, and what holds of any query.

use super::*;
use proptest::prelude::*;

fn look(query: &str) -> Look {
    Look::of(Source::NowPlaying, &pairs_of(query), Locale::En)
}

fn tracks(query: &str) -> Look {
    Look::of(Source::Tracks, &pairs_of(query), Locale::En)
}

/// What is asked, and what is understood: the query that says it.
const NOW_PLAYING: &[(&str, &str)] = &[
    ("", ""),
    ("style=card", ""),
    ("style=bar", "style=bar"),
    ("style=minimal", "style=minimal"),
    ("style=ticker", "style=ticker"),
    ("style=vinyl", "style=vinyl"),
    ("style=hologram", ""),
    ("style=BAR", ""),
    ("style=bar&style=card", "style=bar"),
    ("style=hologram&style=bar", "style=bar"),
    ("theme=light", "theme=light"),
    ("theme=glass", "theme=glass"),
    ("theme=", ""),
    ("accent=%2300ff00", "accent=00ff00"),
    ("accent=0F0", "accent=00ff00"),
    ("accent=ff6a4d", ""),
    ("accent=ff6a4d&theme=light", "theme=light&accent=ff6a4d"),
    ("accent=d93a1f&theme=light", "theme=light"),
    ("accent=red", ""),
    ("accent=0f0f", ""),
    ("font=Fira+Sans", "font=Fira+Sans"),
    ("font=+Fira++Sans+", "font=Fira+Sans"),
    ("font=%E5%A4%9C", "font=%E5%A4%9C"),
    ("font=mono", "font=mono"),
    ("font=a;b", ""),
    ("font=%22x%22", ""),
    ("font=url(x)", ""),
    ("font=+", ""),
    ("align=right", "align=right"),
    ("align=bottom-right", "align=bottom-right"),
    ("align=middle", ""),
    ("scale=1.00", ""),
    ("scale=1.5", "scale=1.5"),
    ("scale=.75", "scale=0.75"),
    ("scale=2.999", "scale=2.99"),
    ("scale=3", "scale=3"),
    ("scale=3.01", ""),
    ("scale=0.49", ""),
    ("scale=-1", ""),
    ("scale=1e0", ""),
    ("scale=.", ""),
    ("scale=NaN", ""),
    ("scale=99999", ""),
    ("scale=1.é", ""),
    ("hide=paused", ""),
    ("hide=never", "hide=never"),
    ("hide=always", ""),
    ("hide_after=20", "hide_after=20"),
    ("hide_after=600", "hide_after=600"),
    ("hide_after=601", ""),
    ("hide_after=-1", ""),
    ("hide_after=1.5", ""),
    ("show=artist,title", "show=title,artist"),
    ("show=label,time,album,nonsense", "show=album,time,label"),
    ("show=cover,title,artist,progress", ""),
    ("style=minimal&show=title,artist", "style=minimal"),
    ("style=minimal&show=cover,title,artist,progress", "style=minimal&show=cover,title,artist,progress"),
    ("show=title,+title", "show=title"),
    ("show=nothing", ""),
    ("show=", ""),
    ("anim=slide", ""),
    ("anim=fade", "anim=fade"),
    ("anim=pop", "anim=pop"),
    ("anim=none", "anim=none"),
    ("anim=spin", ""),
    ("marquee=always", "marquee=always"),
    ("marquee=off", "marquee=off"),
    ("marquee=on", ""),
    ("lang=fr", "lang=fr"),
    ("lang=en", "lang=en"),
    ("lang=tlh", ""),
    ("delay=0", ""),
    ("delay=30", "delay=30"),
    ("delay=601", ""),
    ("delay=soon", ""),
    ("demo=1", "demo=1"),
    ("demo=0", ""),
    ("demo=yes", ""),
    ("count=7", ""),
    ("preset=0198c0a0-0000-7000-8000-000000000000", "preset=0198c0a0-0000-7000-8000-000000000000"),
    ("preset=mine", ""),
    ("nonsense=1&&=&%ff=%", ""),
];

const TRACKS: &[(&str, &str)] = &[
    ("count=7", "count=7"),
    ("count=20", "count=20"),
    ("count=5", ""),
    ("count=0", ""),
    ("count=21", ""),
    ("count=many", ""),
    ("style=bar", ""),
    ("show=cover,title,artist", ""),
    ("show=cover,title,artist,progress", "show=cover,title,artist,progress"),
    ("theme=light&hide_after=9", "theme=light&hide_after=9"),
];

#[test]
fn each_key_takes_what_makes_sense_and_nothing_else() {
    for (asked, understood) in NOW_PLAYING {
        assert_eq!(look(asked).query(), *understood, "{asked}");
    }
    for (asked, understood) in TRACKS {
        assert_eq!(tracks(asked).query(), *understood, "{asked}");
    }
}

#[test]
fn what_a_query_says_comes_on_top_of_a_preset() {
    let preset = look("style=bar&theme=light&hide=never&accent=00ff00");
    let both = preset.with(&pairs_of("style=card&hide=nonsense&lang=fr"));
    assert_eq!(both.query(), "theme=light&accent=00ff00&hide=never&lang=fr");
    assert_eq!(both.locale, Locale::Fr);
    assert_eq!(both.with(&pairs_of("lang=")).locale, Locale::En, "as the browser asks");
}

#[test]
fn what_nobody_has_chosen_to_show_is_the_style_s_own() {
    let minimal = look("style=minimal");
    assert_eq!(minimal.shown(), "title artist");
    assert_eq!(minimal.clone().with(&pairs_of("style=card")).shown(), "cover title artist progress");
    assert_eq!(look("style=bar").with(&pairs_of("style=minimal&show=x")).shown(), "title artist");
    assert_eq!(minimal.with(&pairs_of("style=card&show=title,artist")).shown(), "title artist");
}

#[test]
fn a_font_is_a_name_or_one_of_ours() {
    let family = |query| look(query).font_family();
    assert_eq!(family(""), "");
    assert_eq!(family("font=Fira+Sans"), "\"Fira Sans\", system-ui, sans-serif");
    assert_eq!(family("font=serif"), "ui-serif, Georgia, serif");
    assert!(look(&format!("font={}", "é".repeat(40))).font.is_some());
    assert!(look(&format!("font={}", "é".repeat(41))).font.is_none());
}

#[test]
fn a_source_has_the_size_of_its_look() {
    for (query, size) in [
        ("", (650, 170)),
        ("scale=2", (1300, 340)),
        ("scale=0.5", (650, 170)),
        ("style=bar&scale=1.5", (1920, 108)),
        ("style=ticker&scale=0.5", (1920, 56)),
        ("style=vinyl", (760, 200)),
        ("style=minimal", (650, 120)),
    ] {
        assert_eq!(look(query).source_size(), size, "{query}");
    }
    assert_eq!(tracks("count=7").source_size(), (480, 560));
}

/// Any query, most of them nearly sensible ones.
fn a_query() -> impl Strategy<Value = String> {
    let key = "style|theme|accent|font|align|scale|hide|hide_after|show|anim|marquee|lang|delay|demo|count|preset|[a-z]{0,3}";
    let value = "card|bar|vinyl|light|glass|#?[0-9a-fA-F]{3}|[0-9a-f]{6}|right|[0-3](\\.[0-9]{1,3})?|[0-9]{1,3}|never|fr|en|none|off|1|\
        (cover|title|time|x)(,(label|album|artist)){0,3}|[\\w é夜ا-]{0,44}|\\PC{0,12}";
    let pair = (key, value)
        .prop_map(|(key, value)| Serializer::new(String::new()).append_pair(&key, &value).finish());
    prop_oneof![
        8 => proptest::collection::vec(pair, 0..8).prop_map(|pairs| pairs.join("&")),
        1 => "\\PC{0,60}",
    ]
}

proptest! {
    #[test]
    fn any_query_is_a_look_that_its_own_query_says_again(query in a_query(), source in 0..2_usize) {
        let source = Source::ALL[source];
        let look = Look::of(source, &pairs_of(&query), Locale::En);
        let again = Look::of(source, &pairs_of(&look.query()), Locale::En);
        prop_assert_eq!(&again, &look);
        prop_assert_eq!(again.query(), look.query());
        prop_assert!(!look.show.is_empty() && look.delay <= 600 && look.hide_after <= 600);
    }
}
