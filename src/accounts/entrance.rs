//! What every way in and out needs: whom to ask, which cookies, under which names people come.

use super::device_pass::Pass;
use super::flows::Flows;
use super::view::Notice;
use super::{Accounts, Logins};
use crate::base::token;
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, private};
use crate::i18n::Locale;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// How long a browser keeps its cookie; whether it is good is decided here.
pub(super) const KEPT: i64 = 400 * 86_400;
/// No word of theirs for an error is longer.
const LONGEST_WORD: usize = 40;

/// What the room's handlers need.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// Sends away and takes back.
    pub flows: Flows,
    /// People.
    pub accounts: Accounts,
    /// Who is logged in.
    pub logins: Logins,
    /// The cookie of who is logged in.
    pub login_cookie: SecretCookie,
    /// The cookie of who was sent away.
    pub away_cookie: SecretCookie,
    /// The cookie of who has typed the setup code, or a login code.
    pub setup_cookie: SecretCookie,
    /// How often anybody may be wrong about a code.
    pub wrong_codes: Limits<()>,
    /// Under which URL people reach us, without a slash at the end.
    pub public_url: String,
    /// The origin of that.
    pub public_origin: String,
    /// The site to which Spotify sends people back, without a slash at the end.
    pub spotify_site: String,
}

#[derive(Deserialize)]
pub(super) struct Start {
    pub(super) timezone: Option<String>,
    /// Whether the browser has been sent here from another name of ours.
    #[serde(default)]
    pub(super) moved: bool,
}

impl Start {
    /// Where the browser says it lives.
    pub(super) fn zone(&self) -> Option<Tz> {
        self.timezone.as_deref().and_then(|name| name.parse().ok())
    }

    /// A path of ours, with what this start has said.
    pub(super) fn path(&self, path: &str) -> String {
        self.zone().map_or_else(|| path.to_owned(), |zone| format!("{path}?timezone={}", zone.name()))
    }
}

impl Entrance {
    /// The page that asks for a code.
    pub(super) async fn asking_code(&self, locale: Locale, is_wrong: bool) -> Result<Notice, AppError> {
        let awaits_owner = self.flows.awaits_owner().await.map_err(anyhow::Error::new)?;
        let is_owner = awaits_owner || !self.flows.is_public();
        Ok(if is_owner {
            Notice::asking_code(locale, is_wrong)
        } else {
            Notice::asking_pass(locale, is_wrong)
        })
    }

    /// What this browser has shown, if anything.
    pub(super) fn pass(&self, headers: &HeaderMap) -> Option<Pass> {
        self.flows.passes().read(self.setup_cookie.read(headers)?.expose_secret())
    }

    /// What this browser is known by: the same for flows that it begins side by side.
    pub(super) fn browser(&self, headers: &HeaderMap) -> SecretString {
        self.away_cookie.read(headers).unwrap_or_else(token::random)
    }
}

/// What somebody sees who has to log in first.
#[must_use]
pub fn login_page(locale: Locale) -> Response {
    private(locale, StatusCode::UNAUTHORIZED, Notice::asking_login(locale).render())
}

/// A word as the two companies write it, whatever else stood there.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_lowercase() || *letter == '_').take(LONGEST_WORD).collect()
}
