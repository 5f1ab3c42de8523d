//! The apps that are entered at the setup, and what may be wrong with them.

use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;

/// The company that an app is registered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// Where people log in.
    Twitch,
    /// Where accounts are linked.
    Spotify,
}

/// An app, whole.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its client id.
    pub client_id: String,
    /// Its secret; a public client has none.
    pub client_secret: Option<SecretString>,
}

/// What the config says of an app: it comes before whatever is entered.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Its client id.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<SecretString>,
}

/// What was typed into a form; what is empty was left out.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The client id.
    pub client_id: String,
    /// The secret.
    pub client_secret: SecretString,
    /// Whether a stored secret is to be forgotten.
    pub forgets: bool,
}

/// Why what was typed is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no client id.
    NoId,
    /// No client id looks like that.
    OddId,
    /// No secret looks like that.
    OddSecret,
    /// The company knows no such app.
    UnknownId,
    /// The secret is not that app's.
    WrongSecret,
    /// The app has a secret, and it was left out.
    NeedsSecret,
    /// The company refuses it in words of its own.
    Refused(String),
    /// The company could not be asked.
    NoAnswer(String),
}

impl Company {
    /// A word for it that never changes: in the database, in forms, and in the names of the config's keys.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Twitch => "twitch",
            Self::Spotify => "spotify",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Twitch => "Twitch",
            Self::Spotify => "Spotify",
        }
    }
}

impl fmt::Display for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Typed {
    /// What was typed, without spaces that came along when it was pasted.
    #[must_use]
    pub fn trimmed(client_id: &str, client_secret: &SecretString, forgets: bool) -> Self {
        let client_secret = client_secret.expose_secret().trim().into();
        Self { client_id: client_id.trim().to_owned(), client_secret, forgets }
    }
}
