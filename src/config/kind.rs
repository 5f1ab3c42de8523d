//! The kinds of values: how each is read, written and described. Kinds that only one section knows stand there.

use super::raw::{Raw, quoted};
use secrecy::SecretString;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

/// What is shown in place of a secret.
pub(super) const REDACTED: &str = "\"***\"";

/// One kind of value.
pub(super) trait Kind {
    /// What it is in the program.
    type Value;

    /// The value, if `raw` is one.
    fn read(&self, raw: &Raw) -> Option<Self::Value>;

    /// The value as TOML, without its secrets.
    fn write(&self, value: &Self::Value) -> String;

    /// What may stand there, to follow "use".
    fn allowed(&self) -> String;

    /// Whether the value holds a secret: then it may come from a file of its own.
    fn secret(&self) -> bool {
        false
    }

    /// A value that was refused, as an error may show it.
    fn shown(&self, raw: &Raw) -> String {
        if self.secret() { REDACTED.to_owned() } else { raw.shown().to_owned() }
    }
}

/// A value that may be missing: written as the word, or as an empty text.
pub(super) struct Optional<K> {
    kind: K,
    none: &'static str,
}

impl<K> Optional<K> {
    /// Missing is an empty text.
    pub(super) const fn empty(kind: K) -> Self {
        Self { kind, none: "" }
    }

    /// Missing has a name.
    pub(super) const fn or(none: &'static str, kind: K) -> Self {
        Self { kind, none }
    }
}

impl<K: Kind> Kind for Optional<K> {
    type Value = Option<K::Value>;

    fn read(&self, raw: &Raw) -> Option<Self::Value> {
        match raw.text() {
            Some(text) if text.is_empty() || text == self.none => Some(None),
            _ => self.kind.read(raw).map(Some),
        }
    }

    fn write(&self, value: &Self::Value) -> String {
        value.as_ref().map_or_else(|| quoted(self.none), |value| self.kind.write(value))
    }

    fn allowed(&self) -> String {
        let none = if self.none.is_empty() { String::new() } else { format!(", or \"{}\"", self.none) };
        self.kind.allowed() + &none
    }

    fn secret(&self) -> bool {
        self.kind.secret()
    }

    fn shown(&self, raw: &Raw) -> String {
        self.kind.shown(raw)
    }
}

/// A whole number from `least` to `most`.
pub(super) struct Whole<T> {
    pub(super) least: T,
    pub(super) most: T,
}

impl<T: Copy + TryFrom<i64> + PartialOrd + std::fmt::Display> Kind for Whole<T> {
    type Value = T;

    fn read(&self, raw: &Raw) -> Option<T> {
        let number = T::try_from(raw.number()?).ok()?;
        (self.least..=self.most).contains(&number).then_some(number)
    }

    fn write(&self, value: &T) -> String {
        value.to_string()
    }

    fn allowed(&self) -> String {
        format!("a whole number from {} to {}", self.least, self.most)
    }
}

/// One of a few words.
pub(super) struct Choice<T: 'static>(pub(super) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Kind for Choice<T> {
    type Value = T;

    fn read(&self, raw: &Raw) -> Option<T> {
        let text = raw.text()?;
        self.0.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }

    fn write(&self, value: &T) -> String {
        self.0.iter().filter(|(_, known)| known == value).map(|(word, _)| quoted(word)).collect()
    }

    fn allowed(&self) -> String {
        self.0.iter().map(|(word, _)| quoted(word)).collect::<Vec<_>>().join(" or ")
    }
}

/// Yes or no.
pub(super) struct Switch;

impl Kind for Switch {
    type Value = bool;

    fn read(&self, raw: &Raw) -> Option<bool> {
        raw.switch()
    }

    fn write(&self, value: &bool) -> String {
        value.to_string()
    }

    fn allowed(&self) -> String {
        "true or false".to_owned()
    }
}

/// A public identifier: visible characters without spaces.
pub(super) struct Identifier;

impl Kind for Identifier {
    type Value = String;

    fn read(&self, raw: &Raw) -> Option<String> {
        let text = raw.text()?;
        let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| text.to_owned())
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }

    fn allowed(&self) -> String {
        "the id as the developer console shows it, without spaces".to_owned()
    }
}

/// A secret text of ASCII characters, its length within a range.
pub(super) struct Secret(pub(super) RangeInclusive<usize>);

impl Kind for Secret {
    type Value = SecretString;

    fn read(&self, raw: &Raw) -> Option<SecretString> {
        let text = raw.text()?;
        let fits = self.0.contains(&text.len()) && text.chars().all(|c| (' '..='~').contains(&c));
        fits.then(|| text.into())
    }

    fn write(&self, _: &SecretString) -> String {
        REDACTED.to_owned()
    }

    fn allowed(&self) -> String {
        format!("{} to {} ASCII characters", self.0.start(), self.0.end())
    }

    fn secret(&self) -> bool {
        true
    }
}

/// A value that is read and shown by its own `FromStr` and `Display`.
pub(super) struct Parsed<T> {
    allowed: &'static str,
    value: PhantomData<T>,
}

impl<T> Parsed<T> {
    /// `allowed` says what may stand there.
    pub(super) const fn new(allowed: &'static str) -> Self {
        Self { allowed, value: PhantomData }
    }
}

impl<T: std::str::FromStr + std::fmt::Display> Kind for Parsed<T> {
    type Value = T;

    fn read(&self, raw: &Raw) -> Option<T> {
        raw.text()?.parse().ok()
    }

    fn write(&self, value: &T) -> String {
        quoted(&value.to_string())
    }

    fn allowed(&self) -> String {
        self.allowed.to_owned()
    }
}
