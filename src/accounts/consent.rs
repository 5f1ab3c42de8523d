//! A browser that is sent away for a consent, what it comes back with, and why that may be of no use.

use crate::clients::oauth::OAuthError;
use crate::clients::twitch::TwitchError;
use crate::db::DbError;
use chrono_tz::Tz;
use secrecy::SecretString;

/// A browser on its way: what it alone holds, and where it comes back to.
#[derive(Debug, Clone, Copy)]
pub struct Traveller<'a> {
    /// A random text in a cookie of that browser.
    pub browser: &'a SecretString,
    /// Our address for the answer.
    pub redirect_uri: &'a str,
    /// Where it came by, as an origin, if that is not where the answer goes: it is sent on to there.
    pub came_by: Option<&'a str>,
}

/// Somebody on the way in, as far as it was known when they set out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer<'a> {
    /// Where the browser says it lives.
    pub(super) timezone: Option<Tz>,
    /// Whether it held the setup code.
    pub(super) has_code: bool,
    /// Who alone may come in, by login.
    pub(super) login: Option<&'a str>,
}

/// What a browser comes back with.
#[derive(Debug)]
pub struct Answer {
    /// A random text in a cookie of that browser.
    pub browser: SecretString,
    /// Which consent this answers.
    pub state: SecretString,
    /// Good for tokens, once; none when the person said no, or something was wrong.
    pub code: Option<SecretString>,
    /// Why there is none, in a word of theirs.
    pub error: Option<String>,
}

/// Why a flow did not end as it should.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The config lacks what it takes.
    #[error("{0} is not set")]
    NotConfigured(&'static str),
    /// No such consent is awaited from this browser (any more).
    #[error("no such consent is awaited from this browser")]
    Unknown,
    /// The person said no.
    #[error("the person said no")]
    Denied,
    /// Twitch or Spotify sends the person back with this word, and no code.
    #[error("it says {0:?}")]
    SentBack(String),
    /// Spotify does not know the app that the streamer has brought.
    #[error("the streamer's own app is not accepted: {0}")]
    BadBroughtApp(String),
    /// This person may not log in here.
    #[error("{0} may not log in here")]
    NotAllowed(String),
    /// Twitch or Spotify did not accept the code.
    #[error("the code was not accepted")]
    Refused,
    /// The app's credentials are wrong.
    #[error("the app's credentials are wrong: {0}")]
    BadClient(String),
    /// Trouble that may pass.
    #[error("{0}")]
    Trouble(String),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A defect, or a surprise.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<OAuthError> for FlowError {
    fn from(error: OAuthError) -> Self {
        match error {
            OAuthError::Refused => Self::Refused,
            OAuthError::BadClient(why) => Self::BadClient(why),
            OAuthError::Transient(why) => Self::Trouble(why),
        }
    }
}

impl From<TwitchError> for FlowError {
    fn from(error: TwitchError) -> Self {
        Self::Trouble(error.to_string())
    }
}
