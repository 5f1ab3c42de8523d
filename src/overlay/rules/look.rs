//! A query read as a look, and written again. Whatever stands in a query, the answer is a look: on stream there are no
//! errors to show, so a value that makes no sense leaves things as they were.

use super::accent;
use crate::i18n::Locale;
use crate::overlay::model::{Align, Anim, Font, Hide, Look, Marquee, Part, Scale, Source, Style, Theme};
use form_urlencoded::Serializer;
use std::ops::RangeInclusive;

/// The most seconds of a delay, or until a track goes.
const LONGEST: u16 = 600;
/// How many tracks may be listed.
const COUNTS: RangeInclusive<u8> = 1..=20;
/// How many are, where nothing is said.
const USUAL_COUNT: u8 = 5;
/// Hundredths of the usual size.
const SCALES: RangeInclusive<u16> = 50..=300;
/// The most letters of a font's name.
const LONGEST_FONT: usize = 40;
/// The height in pixels that a listed track takes.
const ROW: u32 = 80;

/// The keys and values of a query, with or without `?`.
#[must_use]
pub fn pairs_of(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl Look {
    /// The usual look of a source, for somebody whose browser asks for this language.
    #[must_use]
    pub fn usual(source: Source, locale: Locale) -> Self {
        Self {
            source,
            style: Style::default(),
            theme: Theme::default(),
            asked_accent: None,
            font: None,
            align: Align::default(),
            scale: Scale::default(),
            hide: Hide::default(),
            hide_after: 0,
            show: usual_parts(source, Style::default()),
            anim: Anim::default(),
            marquee: Marquee::default(),
            lang: None,
            locale,
            browser: locale,
            delay: 0,
            demo: false,
            count: USUAL_COUNT,
            preset: None,
        }
    }

    /// What a query says, for somebody whose browser asks for this language. The first value of a key that makes sense
    /// counts.
    #[must_use]
    pub fn of(source: Source, pairs: &[(String, String)], locale: Locale) -> Self {
        Self::usual(source, locale).with(pairs)
    }

    /// The same look with what a query says on top of it.
    #[must_use]
    pub fn with(mut self, pairs: &[(String, String)]) -> Self {
        let is_usual = self.show == usual_parts(self.source, self.style);
        for (key, value) in pairs.iter().rev() {
            self.set(key, value);
        }
        // What nobody has chosen is the style's own.
        if is_usual && !pairs.iter().any(|(key, value)| key == "show" && parts(value).is_some()) {
            self.show = usual_parts(self.source, self.style);
        }
        // So that a colour that is the theme's own changes with the theme.
        self.asked_accent = self.asked_accent.filter(|accent| *accent != self.theme.accent());
        self
    }

    fn set(&mut self, key: &str, value: &str) {
        let value = value.trim();
        match key {
            "style" if self.source == Source::NowPlaying => put(&mut self.style, Style::of(value)),
            "count" if self.source == Source::Tracks => put(&mut self.count, count(value)),
            "theme" => put(&mut self.theme, Theme::of(value)),
            "accent" => put_or_none(&mut self.asked_accent, value, accent::read),
            "font" => put_or_none(&mut self.font, value, font),
            "align" => put(&mut self.align, Align::of(value)),
            "scale" => put(&mut self.scale, scale(value)),
            "hide" => put(&mut self.hide, Hide::of(value)),
            "hide_after" => put(&mut self.hide_after, seconds(value)),
            "show" => put(&mut self.show, parts(value)),
            "anim" => put(&mut self.anim, Anim::of(value)),
            "marquee" => put(&mut self.marquee, Marquee::of(value)),
            "delay" => put(&mut self.delay, seconds(value)),
            "demo" => put(&mut self.demo, truth(value)),
            "preset" => put(&mut self.preset, value.parse().ok().map(Some)),
            "lang" => put_or_none(&mut self.lang, value, Locale::from_tag),
            _ => {}
        }
        self.locale = self.lang.unwrap_or(self.browser);
    }

    /// The query that says this look, without `?`: only what differs from the usual, in one order.
    #[must_use]
    pub fn query(&self) -> String {
        let usual = Self::usual(self.source, self.browser);
        let mut query = Query(Serializer::new(String::new()));
        query.says("preset", &self.preset, &None, |id| id.map(|id| id.to_string()).unwrap_or_default());
        query.says("style", &self.style, &usual.style, |style| style.word().to_owned());
        query.says("theme", &self.theme, &usual.theme, |theme| theme.word().to_owned());
        query.says("accent", &self.asked_accent, &None, |accent| {
            accent.map(|accent| accent.to_string()[1..].to_owned()).unwrap_or_default()
        });
        query.says("font", &self.font, &None, |font| {
            font.as_ref().map(|font| font.0.clone()).unwrap_or_default()
        });
        query.says("align", &self.align, &usual.align, |align| align.word().to_owned());
        query.says("scale", &self.scale, &usual.scale, Scale::to_string);
        query.says("hide", &self.hide, &usual.hide, |hide| hide.word().to_owned());
        query.says("hide_after", &self.hide_after, &usual.hide_after, u16::to_string);
        query.says("show", &self.show, &usual_parts(self.source, self.style), |parts| words(parts, ","));
        query.says("anim", &self.anim, &usual.anim, |anim| anim.word().to_owned());
        query.says("marquee", &self.marquee, &usual.marquee, |marquee| marquee.word().to_owned());
        query.says("count", &self.count, &usual.count, u8::to_string);
        query.says("delay", &self.delay, &usual.delay, u16::to_string);
        query.says("lang", &self.lang, &None, |lang| {
            lang.map(|lang| lang.tag().to_owned()).unwrap_or_default()
        });
        query.says("demo", &self.demo, &usual.demo, |_| "1".to_owned());
        // A comma needs no escape, and nothing but `show` has one.
        query.0.finish().replace("%2C", ",")
    }

    /// What is shown, as the page has it: words between spaces.
    #[must_use]
    pub fn shown(&self) -> String {
        words(&self.show, " ")
    }

    /// The font as CSS has it in `font-family`; empty for the house's.
    #[must_use]
    pub fn font_family(&self) -> String {
        match self.font.as_ref().map(Font::name) {
            None => String::new(),
            Some("sans") => "system-ui, sans-serif".to_owned(),
            Some("serif") => "ui-serif, Georgia, serif".to_owned(),
            Some("mono") => "ui-monospace, Consolas, monospace".to_owned(),
            Some("rounded") => "ui-rounded, \"Nunito\", \"Arial Rounded MT Bold\", sans-serif".to_owned(),
            Some(name) => format!("\"{name}\", system-ui, sans-serif"),
        }
    }

    /// The size that a browser source should have, in pixels: width and height. It grows with the scale, because nothing is
    /// drawn higher than its source; what goes over the whole width grows in height alone.
    #[must_use]
    pub fn source_size(&self) -> (u32, u32) {
        let (width, height) = match (self.source, self.style) {
            (Source::Tracks, _) => (480, ROW * u32::from(self.count)),
            (_, Style::Card) => (650, 170),
            (_, Style::Minimal) => (650, 120),
            (_, Style::Vinyl) => (760, 200),
            (_, Style::Bar) => return (1920, self.scaled(72)),
            (_, Style::Ticker) => return (1920, self.scaled(56)),
        };
        (self.scaled(width), self.scaled(height))
    }

    /// What is smaller than usual stands in a source of the usual size.
    fn scaled(&self, length: u32) -> u32 {
        (length * u32::from(self.scale.0)).div_ceil(100).max(length)
    }
}

/// A query that is written key by key.
struct Query(Serializer<'static, String>);

impl Query {
    fn says<T: PartialEq>(&mut self, key: &str, value: &T, usual: &T, written: impl Fn(&T) -> String) {
        if value != usual {
            self.0.append_pair(key, &written(value));
        }
    }
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Nothing at all takes back what a preset says.
fn put_or_none<T>(place: &mut Option<T>, value: &str, read: impl Fn(&str) -> Option<T>) {
    if value.is_empty() {
        *place = None;
    } else {
        put(place, read(value).map(Some));
    }
}

/// What is shown where nothing is said.
fn usual_parts(source: Source, style: Style) -> Vec<Part> {
    match (source, style) {
        (Source::Tracks, _) => vec![Part::Cover, Part::Title, Part::Artist],
        (_, Style::Minimal) => vec![Part::Title, Part::Artist],
        _ => vec![Part::Cover, Part::Title, Part::Artist, Part::Progress],
    }
}

fn words(parts: &[Part], between: &str) -> String {
    parts.iter().map(|part| part.word()).collect::<Vec<_>>().join(between)
}

/// None when nothing would be left to show.
fn parts(value: &str) -> Option<Vec<Part>> {
    let named: Vec<&str> = value.split(',').map(str::trim).collect();
    let parts: Vec<Part> = Part::ALL.iter().copied().filter(|part| named.contains(&part.word())).collect();
    (!parts.is_empty()).then_some(parts)
}

fn font(value: &str) -> Option<Font> {
    let name = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter == '-';
    let fits = (1..=LONGEST_FONT).contains(&name.chars().count()) && name.chars().all(is_letter);
    fits.then_some(Font(name))
}

/// From `1`, `1.5` or `.75`; more than two decimals are cut off.
fn scale(value: &str) -> Option<Scale> {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, "0"));
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return None;
    }
    let whole: u16 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let decimals: u16 = format!("{decimals:0<2}")[..2].parse().ok()?;
    let hundredths = whole.checked_mul(100)?.checked_add(decimals)?;
    SCALES.contains(&hundredths).then_some(Scale(hundredths))
}

fn seconds(value: &str) -> Option<u16> {
    value.parse().ok().filter(|seconds| *seconds <= LONGEST)
}

fn count(value: &str) -> Option<u8> {
    value.parse().ok().filter(|count| COUNTS.contains(count))
}

fn truth(value: &str) -> Option<bool> {
    match value {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
