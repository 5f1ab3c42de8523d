//! The fields of the form with all that can be chosen in each, and what is chosen. Pure.

use super::form::kind_of;
use super::words::{self, ACCENTS};
use crate::i18n::{Locale, messages};
use crate::overlay::model::{Font, Look};

/// The form, filled in with a look.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) look: Look,
    /// The game behind it.
    pub(super) scene: &'static str,
    pub(super) locale: Locale,
}

/// One of the values of a field.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) word: &'static str,
    pub(super) is_chosen: bool,
}

/// One of the accents.
pub(super) struct Accent {
    pub(super) value: &'static str,
    pub(super) word: &'static str,
    pub(super) colour: String,
    pub(super) is_chosen: bool,
}

impl Fields {
    /// What the usual parts depend on.
    pub(super) fn kind(&self) -> &'static str {
        kind_of(self.look.source, self.look.style)
    }

    pub(super) fn choices(&self, key: &str) -> Vec<Choice> {
        let choice = |value| {
            let (word, is_chosen) = (words::word(key, value, self.locale), self.is_chosen(key, value));
            Choice { value, word, is_chosen }
        };
        words::values(key).into_iter().map(choice).collect()
    }

    fn is_chosen(&self, key: &str, value: &str) -> bool {
        let look = &self.look;
        let chosen = match key {
            "source" => look.source.word(),
            "style" => look.style.word(),
            "theme" => look.theme.word(),
            "align" => look.align.word(),
            "hide" => look.hide.word(),
            "anim" => look.anim.word(),
            "marquee" => look.marquee.word(),
            "font" => look.font.as_ref().map_or("", Font::name),
            "overlay_lang" => look.lang.map_or("", Locale::tag),
            "scene" => self.scene,
            _ => return look.show.iter().any(|part| part.word() == value),
        };
        chosen == value
    }

    /// The value of a field for a number.
    pub(super) fn value(&self, key: &str) -> String {
        match key {
            "count" => self.look.count.to_string(),
            "scale" => self.look.scale.to_string(),
            "hide_after" => self.look.hide_after.to_string(),
            _ => self.look.delay.to_string(),
        }
    }

    /// The accents to choose from: the theme's, then some others.
    pub(super) fn accents(&self) -> Vec<Accent> {
        let asked = self.look.asked_accent.map(|asked| asked.to_string());
        let themes = Accent {
            value: "",
            word: &messages(self.locale).overlay.accent_theme,
            colour: self.look.theme.accent().to_string(),
            is_chosen: asked.is_none(),
        };
        let others = ACCENTS.into_iter().map(|value| {
            let (word, colour) = (words::colour(value, self.locale), format!("#{value}"));
            Accent { value, word, is_chosen: asked.as_ref() == Some(&colour), colour }
        });
        [themes].into_iter().chain(others).collect()
    }

    pub(super) fn has_own_accent(&self) -> bool {
        self.look.asked_accent.is_some_and(|asked| !ACCENTS.contains(&&asked.to_string()[1..]))
    }

    pub(super) fn own_accent(&self) -> String {
        self.look.asked_accent.unwrap_or(self.look.theme.accent()).to_string()
    }

    pub(super) fn has_own_font(&self) -> bool {
        !self.own_font().is_empty()
    }

    pub(super) fn own_font(&self) -> &str {
        let name = self.look.font.as_ref().map_or("", Font::name);
        if words::values("font").contains(&name) { "" } else { name }
    }
}
