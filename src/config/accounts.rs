//! `[accounts]`: who may log in.

use super::fields::Visit;
use super::kind::Kind;
use super::raw::{Raw, quoted};
use super::suggest;

/// Who may log in.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// Who may log in.
    pub allow: Allow,
}

/// Who may log in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Allow {
    /// The person who proves to hold the setup code, and nobody else from then on.
    #[default]
    Owner,
    /// These Twitch logins, in lower case, never empty.
    Logins(Vec<String>),
    /// Everyone with a Twitch account.
    Anyone,
}

impl Accounts {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("accounts.allow", &Who, &mut self.allow);
    }
}

const WORDS: [(&str, Allow); 2] = [("owner", Allow::Owner), ("anyone", Allow::Anyone)];

/// One of the two words, or a list of logins.
struct Who;

impl Kind for Who {
    type Value = Allow;

    fn read(&self, raw: &Raw) -> Option<Allow> {
        let word = raw.text().and_then(|text| WORDS.into_iter().find(|(word, _)| *word == text));
        word.map(|(_, allow)| allow).or_else(|| logins(raw.list()?))
    }

    fn write(&self, value: &Allow) -> String {
        match value {
            Allow::Owner => quoted("owner"),
            Allow::Anyone => quoted("anyone"),
            Allow::Logins(logins) => {
                let logins: Vec<_> = logins.iter().map(|login| quoted(login)).collect();
                format!("[{}]", logins.join(", "))
            }
        }
    }

    fn allowed(&self) -> String {
        "\"owner\", \"anyone\" or a list of Twitch logins, such as [\"ann\", \"bob\"]".to_owned()
    }
}

/// The logins of a list. A single name close to one of the two words is a slip, not a person to let in.
fn logins(items: Vec<String>) -> Option<Allow> {
    let slip =
        matches!(items.as_slice(), [one] if suggest::closest(one, WORDS.map(|(word, _)| word)).is_some());
    let fits = !items.is_empty() && !slip && items.iter().all(|item| is_login(item));
    fits.then(|| Allow::Logins(items.into_iter().map(|item| item.to_lowercase()).collect()))
}

fn is_login(text: &str) -> bool {
    (1..=25).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Option<Allow> {
        Who.read(&Raw::from_environment(word.to_owned()))
    }

    #[test]
    fn a_word_or_logins() {
        assert_eq!(read("owner"), Some(Allow::Owner));
        assert_eq!(read("anyone"), Some(Allow::Anyone));
        assert_eq!(read("Ann, bob_2"), Some(Allow::Logins(vec!["ann".into(), "bob_2".into()])));
        assert_eq!(read("ann"), Some(Allow::Logins(vec!["ann".into()])));
    }

    #[test]
    fn a_slip_of_the_pen_lets_nobody_in() {
        for word in ["", "ower", "Owner", "anyon", "ann;bob", "a b", "ännchen", &"a".repeat(26)] {
            assert_eq!(read(word), None, "{word:?}");
        }
    }
}
