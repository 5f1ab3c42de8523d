//! What somebody has chosen, as the form of the page says it. The query of the page is all there is to remember: what the
//! preview shows, where it was scrolled from, which preset is open. Pure.

use crate::base::id::PresetId;
use crate::i18n::Locale;
use crate::overlay::model::{Look, Part, Preset, Source, Style};
use crate::overlay::rules::pairs_of;
use form_urlencoded::Serializer;

/// What the form has fields for, in the order in which it is written.
const KEYS: [&str; 23] = [
    "source",
    "preset",
    "shown",
    "scene",
    "demo",
    "rehearse",
    "style",
    "theme",
    "accent",
    "accent_own",
    "font",
    "font_own",
    "align",
    "scale",
    "hide",
    "hide_after",
    "parts_of",
    "show",
    "anim",
    "marquee",
    "overlay_lang",
    "delay",
    "count",
];
/// Fields that a look has under the same name.
const SAME: [&str; 10] =
    ["style", "theme", "align", "scale", "hide", "hide_after", "anim", "marquee", "delay", "count"];
/// The games that an overlay is looked at over.
pub(super) const SCENES: [&str; 3] = ["bright", "dark", "busy"];
/// Says that a value stands in a field of its own.
const OWN: &str = "own";
/// A field longer than this was not filled in by a person.
const LONGEST: usize = 100;
/// Nor has the form more fields than these, the parts to be shown each among them.
const MOST: usize = KEYS.len() + Part::ALL.len();

/// The form as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen(Vec<(String, String)>);

impl Chosen {
    /// From a query of the page, with or without `?`.
    pub(super) fn of(query: &str) -> Self {
        let mut pairs = pairs_of(query);
        pairs.retain(|(key, value)| KEYS.contains(&key.as_str()) && value.len() <= LONGEST);
        pairs.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key));
        pairs.dedup();
        pairs.truncate(MOST);
        Self(pairs)
    }

    /// The same without a preset that is not among these.
    pub(super) fn knowing(mut self, presets: &[Preset]) -> Self {
        if presets.iter().all(|preset| Some(preset.id) != self.preset()) {
            self.0.retain(|(key, _)| key != "preset");
        }
        self
    }

    /// The query that says the same, without `?`.
    pub(super) fn query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The same with another preset open, and what that says.
    pub(super) fn opening(&self, preset: PresetId) -> Self {
        let stays = |(key, _): &&(String, String)| ["scene", "rehearse"].contains(&key.as_str());
        let stays = self.0.iter().filter(stays).cloned();
        Self([("preset".to_owned(), preset.to_string())].into_iter().chain(stays).collect())
    }

    /// The same without what was chosen since a preset was opened.
    pub(super) fn opening_only(&self) -> Self {
        self.preset().map_or_else(Self::default, |preset| self.opening(preset))
    }

    /// The query of an overlay that says every field, without `?`.
    pub(super) fn overlay_query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The preset that is open.
    pub(super) fn preset(&self) -> Option<PresetId> {
        self.get("preset")?.parse().ok()
    }

    /// Which browser source it is about: the one that was chosen, else the one of the preset.
    pub(super) fn source(&self, open: Option<&Preset>) -> Source {
        let chosen = self.get("source").and_then(Source::of);
        chosen.or(open.map(|preset| preset.source)).unwrap_or_default()
    }

    pub(super) fn scene(&self) -> &'static str {
        let scene = self.get("scene");
        SCENES.into_iter().find(|known| scene == Some(known)).unwrap_or(SCENES[0])
    }

    /// Whether the preview has invented tracks: as the form says, else while there is nothing to see.
    pub(super) fn is_demo(&self, is_silent: bool) -> bool {
        if self.get("shown").is_some() { self.get("demo").is_some() } else { is_silent }
    }

    /// Whether the address is to have invented tracks as well.
    pub(super) fn is_rehearsal(&self) -> bool {
        self.get("rehearse").is_some()
    }

    /// What an overlay's query would have to say, field by field.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let same = SAME.into_iter().filter_map(|key| Some((key, self.get(key)?.to_owned())));
        let own = ["accent", "font"].into_iter().filter_map(|key| Some((key, self.own(key)?)));
        let shown = self.parts().map(|parts| ("show", parts));
        let lang = self.get("overlay_lang").map(|lang| ("lang", lang.to_owned()));
        same.chain(own).chain(shown).chain(lang).map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The parts to be shown. Where none was chosen beside the usual ones of the style that was there before, it is the usual
    /// ones of the style that is chosen now.
    fn parts(&self) -> Option<String> {
        let parts = self.0.iter().filter(|(key, _)| key == "show").map(|(_, value)| value.as_str());
        let parts = parts.collect::<Vec<_>>().join(",");
        let is_usual = self.get("parts_of").is_some_and(|kind| parts == usual_parts(kind));
        let now = || kind_of(self.source(None), self.get("style").and_then(Style::of).unwrap_or_default());
        let parts = if is_usual { usual_parts(now()) } else { parts };
        (!parts.is_empty()).then_some(parts)
    }

    /// A value that has a field of its own beside the choices.
    fn own(&self, key: &str) -> Option<String> {
        let chosen = self.get(key)?;
        let value = if chosen == OWN { self.get(&format!("{key}_own"))? } else { chosen };
        Some(value.to_owned())
    }

    /// How the overlay looks, over what the open preset says; it names neither the preset nor invented tracks.
    pub(super) fn look(&self, open: Option<&Preset>, locale: Locale) -> Look {
        let source = self.source(open);
        let kept = open.map(|preset| pairs_of(&preset.query)).unwrap_or_default();
        let look = Look::usual(source, locale).with(&kept).with(&self.pairs());
        Look { demo: false, preset: None, ..look }
    }
}

/// What the usual parts depend on: `tracks`, or the word of a style.
pub(super) fn kind_of(source: Source, style: Style) -> &'static str {
    if source == Source::Tracks { source.word() } else { style.word() }
}

fn usual_parts(kind: &str) -> String {
    let source = Source::of(kind).unwrap_or_default();
    let look = Look::usual(source, Locale::default()).with(&[("style".to_owned(), kind.to_owned())]);
    look.show.iter().map(|part| part.word()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn look(query: &str) -> String {
        Chosen::of(query).look(None, Locale::En).query()
    }

    fn preset(source: Source, query: &str) -> Preset {
        let (id, updated_at) = (PresetId::random(DateTime::UNIX_EPOCH), DateTime::UNIX_EPOCH);
        Preset { id, name: "Main".into(), source, query: query.into(), css: String::new(), updated_at }
    }

    #[test]
    fn the_form_says_a_look_and_nothing_that_is_usual() {
        assert_eq!(look(""), "");
        assert_eq!(look("shown=1&source=now-playing&style=card&theme=dark&accent=&font=&demo=1"), "");
        assert_eq!(
            look("style=bar&theme=light&show=title&show=time"),
            "style=bar&theme=light&show=title,time"
        );
        assert_eq!(
            look("accent=own&accent_own=%2312ab9f&font=own&font_own=Bebas+Neue"),
            "accent=12ab9f&font=Bebas+Neue"
        );
        assert_eq!(look("accent=5cc8ff&accent_own=%2312ab9f"), "accent=5cc8ff");
        assert_eq!(look("lang=fr&overlay_lang=fr"), "lang=fr");
        assert_eq!(look("style=hologram&scale=9&hide_after=-1&count=x"), "");
        assert_eq!(look("source=tracks&style=bar&count=9"), "count=9");
    }

    #[test]
    fn parts_that_nobody_chose_change_with_the_style() {
        let card = "parts_of=card&show=cover&show=title&show=artist&show=progress";
        assert_eq!(look(&format!("{card}&style=minimal")), "style=minimal");
        assert_eq!(look(&format!("{card}&source=tracks")), "");
        assert_eq!(
            look(&format!("{card}&show=time&style=bar")),
            "style=bar&show=cover,title,artist,progress,time"
        );
        assert_eq!(look("parts_of=minimal&show=title&show=artist&style=card"), "");
        let open = preset(Source::NowPlaying, "show=title");
        let seen = Chosen::of(card).look(Some(&open), Locale::En).query();
        assert_eq!(seen, "", "what a preset says is taken back");
    }

    #[test]
    fn what_is_chosen_survives_as_a_query_and_what_is_no_field_does_not() {
        let query = Chosen::of("x=y&theme=light&source=tracks&show=title&show=cover&saved=preset").query();
        assert_eq!(query, "source=tracks&theme=light&show=title&show=cover");
        assert_eq!(Chosen::of(&query).query(), query);
        assert_eq!(Chosen::of(&format!("font_own={}", "x".repeat(101))).query(), "");
    }

    #[test]
    fn the_form_goes_over_the_preset_and_can_undo_what_it_says() {
        let open = preset(Source::Tracks, "theme=light&accent=0000ff&font=Bebas+Neue&lang=fr&count=9");
        let seen = |query: &str| Chosen::of(query).look(Some(&open), Locale::En).query();
        assert_eq!(seen(""), "theme=light&accent=0000ff&font=Bebas+Neue&count=9&lang=fr");
        assert_eq!(seen("theme=dark&accent=&font=&overlay_lang=&count=5"), "");
        assert_eq!(Chosen::of("").source(Some(&open)), Source::Tracks);
        assert_eq!(Chosen::of("source=now-playing").source(Some(&open)), Source::NowPlaying);
    }

    #[test]
    fn tracks_are_invented_while_nothing_plays_unless_the_form_says_otherwise() {
        assert!(Chosen::of("").is_demo(true) && !Chosen::of("").is_demo(false));
        assert!(!Chosen::of("shown=1").is_demo(true) && Chosen::of("shown=1&demo=1").is_demo(false));
    }
}
