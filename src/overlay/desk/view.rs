//! The configurator: plain data in, HTML out. It reads nothing and knows no clock.

use super::fields::Fields;
use super::form::Chosen;
use super::place::Place;
use super::words;
use crate::accounts::{User, Visibility};
use crate::base::id::PresetId;
use crate::http::{Layout, Ways};
use crate::i18n::{Locale, Messages, fill, messages};
use crate::overlay::model::{Look, Preset};
use askama::Template;
use secrecy::{ExposeSecret as _, SecretString};

/// Stands for a key that is not shown.
const MASK: &str = "••••••••";

/// What the page shows.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) locale: Locale,
    pub(super) user: &'a User,
    pub(super) ways: Ways,
    /// What each form repeats.
    pub(super) token: String,
    pub(super) chosen: &'a Chosen,
    /// The preset that is open.
    pub(super) open: Option<&'a Preset>,
    /// All there are, the oldest first.
    pub(super) presets: &'a [Preset],
    /// The key of the private address.
    pub(super) key: Option<SecretString>,
    pub(super) place: &'a Place,
    /// Whether nothing plays.
    pub(super) is_silent: bool,
    /// What has just been done, or could not be.
    pub(super) answer: Option<Answer>,
}

/// What is said about what somebody has just done.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) is_bad: bool,
    /// What was typed and not saved, to be corrected.
    pub(super) typed: Option<Typed>,
}

impl Answer {
    /// Whether it belongs beside what was typed.
    fn is_about_preset(&self) -> bool {
        self.typed.is_some()
    }
}

/// A preset as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) css: String,
    pub(super) is_bad_name: bool,
    pub(super) is_bad_css: bool,
}

/// A preset in the list.
struct Kept<'a> {
    id: PresetId,
    name: &'a str,
    source: &'static str,
    is_open: bool,
}

/// The private address, and how it is shown.
struct Secret {
    url: String,
    masked: String,
}

#[derive(Template)]
#[template(path = "overlay-desk.html")]
struct DeskTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    locale: Locale,
    user: &'a User,
    ways: &'a Ways,
    token: &'a str,
    said: Option<&'a Answer>,
    fields: Fields,
    size: (u32, u32),
    source_size: (u32, u32),
    preview: String,
    is_private: bool,
    /// What leads to a new key, where there is one.
    roll: Option<&'static str>,
    is_demo: bool,
    is_rehearsal: bool,
    secret: Option<Secret>,
    url: String,
    send: String,
    note: String,
    state: String,
    open: Option<&'a Preset>,
    presets: Vec<Kept<'a>>,
    typed: Typed,
    reach: Vec<String>,
}

impl View<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let title = fill(&m.error.title, "title", &m.ways.overlay);
        let (state, look) = (self.chosen.query(), self.chosen.look(self.open, self.locale));
        let addressed = self.addressed();
        let template = DeskTemplate {
            page: Layout::new(self.locale, &title, &title).asked(asking(String::new(), &[&state])),
            m,
            locale: self.locale,
            user: self.user,
            ways: &self.ways,
            token: &self.token,
            said: self.answer.as_ref(),
            size: look.source_size(),
            source_size: addressed.source_size(),
            preview: self.preview(&look),
            is_private: self.is_private(),
            roll: self.roll(),
            is_demo: self.is_demo(),
            is_rehearsal: self.chosen.is_rehearsal(),
            secret: self.key().map(|key| self.secret(key, &addressed)),
            url: self.address(&self.user.login, &addressed),
            send: asking("/dashboard/overlay/scene.json".to_owned(), &[&state]),
            note: self.note(&look),
            state,
            open: self.open,
            presets: self.presets.iter().map(|preset| self.kept(preset)).collect(),
            typed: self.typed(),
            reach: self.place.advice(self.locale),
            fields: Fields { look, scene: self.chosen.scene(), locale: self.locale },
        };
        template.render().expect("the template writes to memory only")
    }

    fn is_private(&self) -> bool {
        self.user.visibility == Visibility::Private
    }

    /// The key that it takes to see the list.
    fn key(&self) -> Option<&SecretString> {
        self.key.as_ref().filter(|_| self.is_private())
    }

    /// What a new key is offered as: whoever has seen the one there is may wait for the list to be private again.
    fn roll(&self) -> Option<&'static str> {
        let m = &messages(self.locale).overlay;
        self.key.as_ref().map(|_| if self.is_private() { m.roll.as_str() } else { m.roll_private.as_str() })
    }

    /// What the address shows: an open preset as it was saved, else what is chosen.
    fn addressed(&self) -> Look {
        let look = match self.open {
            Some(_) => self.chosen.opening_only().look(self.open, self.locale),
            None => self.chosen.look(None, self.locale),
        };
        Look { demo: self.chosen.is_rehearsal(), ..look }
    }

    /// The address of what is addressed, for `whom`: a login, or a key with what stands before it.
    pub(super) fn address(&self, whom: &str, addressed: &Look) -> String {
        let said = match self.open {
            Some(preset) => {
                let usual = Look::usual(addressed.source, self.locale);
                Look { preset: Some(preset.id), demo: addressed.demo, ..usual }.query()
            }
            None => addressed.query(),
        };
        let path = format!("{}/overlay/{whom}/{}", self.place.origin, addressed.source.word());
        asking(path, &[&said])
    }

    /// The address to give to OBS: the private one where there is one and the list is private.
    pub(super) fn address_for_obs(&self) -> (String, Look) {
        let addressed = self.addressed();
        let whom = self.key().map_or(self.user.login.clone(), |key| format!("k/{}", key.expose_secret()));
        (self.address(&whom, &addressed), addressed)
    }

    fn secret(&self, key: &SecretString, addressed: &Look) -> Secret {
        let address = |key: &str| self.address(&format!("k/{key}"), addressed);
        Secret { url: address(key.expose_secret()), masked: address(MASK) }
    }

    /// Where nobody may look at what plays, tracks are invented.
    fn is_demo(&self) -> bool {
        let is_shut = self.is_private() && self.key.is_none();
        is_shut || self.chosen.is_demo(self.is_silent)
    }

    /// Path and query of the preview.
    fn preview(&self, look: &Look) -> String {
        let key = self.key().filter(|_| !self.is_demo());
        let whom = key.map_or(self.user.login.clone(), |key| format!("k/{}", key.expose_secret()));
        let said = match self.open {
            // All fields, so that they go over what the preset says.
            Some(preset) => format!("preset={}&{}", preset.id, self.chosen.overlay_query()),
            None => look.query(),
        };
        let demo = if self.is_demo() { "demo=1" } else { "" };
        asking(format!("/overlay/{whom}/{}", look.source.word()), &[said.trim_end_matches('&'), demo])
    }

    /// What there is to know about the address and the accent.
    fn note(&self, look: &Look) -> String {
        let m = &messages(self.locale).overlay;
        let about = self.open.map(|preset| {
            let kept = self.chosen.opening_only().look(self.open, self.locale);
            let text = if kept == *look { &m.note_preset } else { &m.note_unsaved };
            fill(text, "name", &preset.name)
        });
        let is_other = look.asked_accent.is_some_and(|asked| asked != look.accent());
        let accent = is_other.then(|| fill(&m.note_accent, "colour", &look.accent().to_string()));
        about.into_iter().chain(accent).collect::<Vec<_>>().join(" ")
    }

    fn kept<'p>(&self, preset: &'p Preset) -> Kept<'p> {
        let is_open = self.open.is_some_and(|open| open.id == preset.id);
        let source = words::word("source", preset.source.word(), self.locale);
        Kept { id: preset.id, name: &preset.name, source, is_open }
    }

    fn typed(&self) -> Typed {
        let typed = self.answer.as_ref().and_then(|answer| answer.typed.clone());
        let kept = |preset: &Preset| Typed {
            name: preset.name.clone(),
            css: preset.css.clone(),
            ..Typed::default()
        };
        typed.or_else(|| self.open.map(kept)).unwrap_or_default()
    }
}

/// A path with these parts of a query.
fn asking(path: String, parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if said.is_empty() { path } else { format!("{path}?{}", said.join("&")) }
}

impl DeskTemplate<'_> {
    fn names(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        words::names(self.locale)
    }

    /// The steps that stand in one message.
    fn steps(steps: &str) -> impl Iterator<Item = &str> {
        steps.split('|')
    }
}
