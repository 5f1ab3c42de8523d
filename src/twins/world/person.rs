//! A person with an account at both companies.

use super::broadcast::Broadcast;
use super::item::Heard;
use super::player::Player;

/// How many ended plays are kept for each person.
const KEPT: usize = 1_000;

/// A person: a Twitch channel and a Spotify account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Twitch's id, digits.
    pub twitch_id: String,
    /// Twitch's login, lower case.
    pub login: String,
    /// As shown by both companies.
    pub name: String,
    /// Spotify's id of the account.
    pub spotify_id: String,
    /// Whether this person let the Twitch app in, which makes subscriptions about them free.
    pub knows_twitch_app: bool,
    pub(super) player: Player,
    pub(super) heard: Vec<Heard>,
    pub(super) broadcasts: Vec<Broadcast>,
}

impl Person {
    /// A person who does nothing yet.
    pub(super) fn new(login: &str, number: u64, spotify_id: String) -> Self {
        Self {
            twitch_id: (1_000 + number).to_string(),
            login: login.to_owned(),
            name: capitalized(login),
            spotify_id,
            knows_twitch_app: false,
            player: Player::default(),
            heard: Vec::new(),
            broadcasts: Vec::new(),
        }
    }

    /// Remembers plays that are over.
    pub(super) fn remember(&mut self, plays: impl IntoIterator<Item = Heard>) {
        self.heard.extend(plays);
        self.heard.drain(..self.heard.len().saturating_sub(KEPT));
    }
}

/// The login a text stands for: lower case letters, digits and `_`, 25 at most, `someone` if nothing is left.
pub(super) fn login_of(text: &str) -> String {
    let kept =
        text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(25).collect();
    Some(kept).filter(|login: &String| !login.is_empty()).unwrap_or_else(|| "someone".to_owned())
}

/// The login with a capital.
pub(super) fn capitalized(login: &str) -> String {
    let mut letters = login.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
