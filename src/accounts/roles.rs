//! Who else may do something for a streamer: people who help them, and programs that hold a key. Pure.

use crate::base::clock::Instant;
use crate::base::id::KeyId;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// The most letters that a login of Twitch has.
const LONGEST_LOGIN: usize = 25;
/// The most letters that a key's name has.
const LONGEST_NAME: usize = 50;

/// As many people as may help one streamer.
pub(super) const MOST_MODERATORS: usize = 50;
/// As many keys as one streamer may have.
pub(super) const MOST_KEYS: usize = 20;
/// How often it is noted that a key is used.
pub(super) const USE_NOTED: TimeDelta = TimeDelta::minutes(1);
/// What every key begins with, so that people and scanners know one when they see it.
pub(super) const KEY_PREFIX: &str = "airlog_";

/// What somebody may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// See how things are, and follow the list before the public does.
    Read,
    /// Hide, restore, correct and add plays.
    Curate,
    /// Start, stop and pause tracking.
    Track,
    /// Change settings.
    Settings,
}

impl Power {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Read, Self::Curate, Self::Track, Self::Settings];

    /// The word for it: a promise to other programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Curate => "curate",
            Self::Track => "track",
            Self::Settings => "settings",
        }
    }

    /// Whether whoever helps a streamer may do this.
    #[must_use]
    pub fn is_for_moderators(self) -> bool {
        self != Self::Settings
    }
}

/// What a key is good for: at least one power. As text, the words with a space in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Power>);

/// Words that name no powers, or none at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key's scopes are one or more of \"read\", \"curate\", \"track\" and \"settings\"")]
pub struct BadScopes;

impl Scopes {
    /// What these words name.
    ///
    /// # Errors
    /// When there is none, or one is no power.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, BadScopes> {
        let power = |word: &str| Power::ALL.into_iter().find(|power| power.word() == word).ok_or(BadScopes);
        let powers: BTreeSet<Power> = words.into_iter().map(power).collect::<Result<_, _>>()?;
        if powers.is_empty() { Err(BadScopes) } else { Ok(Self(powers)) }
    }

    /// Whether this is among them.
    #[must_use]
    pub fn allow(&self, power: Power) -> bool {
        self.0.contains(&power)
    }

    /// Their words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|power| power.word())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(" "))
    }
}

impl FromStr for Scopes {
    type Err = BadScopes;

    fn from_str(text: &str) -> Result<Self, BadScopes> {
        Self::of(text.split_whitespace())
    }
}

/// Somebody who helps a streamer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    /// The login that the streamer named, by which the role is taken away again.
    pub named: String,
    /// What Twitch calls them now, as far as we know.
    pub login: String,
    /// Twitch's id, once it is known: from then on the role is that person's, whoever has the login.
    pub twitch_id: Option<String>,
    /// Since when.
    pub since: Instant,
}

/// A key of a program: all that is known of it once it has been shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Ours.
    pub id: KeyId,
    /// What the streamer calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Scopes,
    /// When it was made.
    pub made_at: Instant,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Instant>,
}

impl ApiKey {
    /// Whether it is time to note that it is used.
    pub(super) fn is_noted_at(&self, now: Instant) -> bool {
        self.last_used_at.is_none_or(|last| now - last >= USE_NOTED)
    }
}

/// The login that somebody typed, as Twitch has it; none when Twitch could not have given it out.
#[must_use]
pub fn login_of(typed: &str) -> Option<String> {
    let login = typed.trim().trim_start_matches('@').to_lowercase();
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    ((1..=LONGEST_LOGIN).contains(&login.len()) && login.bytes().all(fits)).then_some(login)
}

/// The name that somebody gives a key; none when it is none.
#[must_use]
pub fn key_name_of(typed: &str) -> Option<String> {
    let name = typed.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn scopes_are_words_that_name_powers() {
        let scopes: Scopes = "track read track".parse().expect("scopes");
        assert_eq!(scopes.to_string(), "read track");
        assert!(scopes.allow(Power::Track) && !scopes.allow(Power::Settings));
        for bad in ["", " ", "read everything", "READ"] {
            assert_eq!(bad.parse::<Scopes>(), Err(BadScopes), "{bad:?}");
        }
    }

    #[test]
    fn moderators_have_every_power_but_settings() {
        let powers = Power::ALL.into_iter().filter(|power| power.is_for_moderators());
        assert_eq!(powers.collect::<Vec<_>>(), [Power::Read, Power::Curate, Power::Track]);
    }

    #[test]
    fn a_login_is_read_as_people_type_it() {
        assert_eq!(login_of(" @Ann_1 ").as_deref(), Some("ann_1"));
        for bad in ["", "@", "an n", "ann/bob", "änn", "a\0b", &"x".repeat(26)] {
            assert_eq!(login_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_key_has_a_name_that_can_be_read() {
        assert_eq!(key_name_of(" Stream Deck ").as_deref(), Some("Stream Deck"));
        for bad in ["", "  ", "a\nb", "a\0b", &"é".repeat(51)] {
            assert_eq!(key_name_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_use_of_a_key_is_noted_once_a_minute() {
        let at = |second: i64| DateTime::from_timestamp(1_795_204_800 + second, 0).expect("an instant");
        let scopes = "read".parse().expect("scopes");
        let (id, name) = (KeyId::random(at(0)), "x".to_owned());
        let key = ApiKey { id, name, scopes, made_at: at(0), last_used_at: None };
        assert!(key.is_noted_at(at(0)));
        let used = ApiKey { last_used_at: Some(at(0)), ..key };
        assert!(!used.is_noted_at(at(59)) && used.is_noted_at(at(60)));
    }
}
