//! Why a call to Twitch gave nothing.

use crate::clients::no_answer;

/// One kind for each thing that can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum TwitchError {
    /// There is no app yet to call as.
    #[error("twitch.client_id or twitch.client_secret is not set")]
    NoApp,
    /// Without a secret a call needs somebody's token, and there is none that is good.
    #[error("nobody has logged in whose token Twitch accepts")]
    NoGrant,
    /// 401: the token is dead; a new one may help.
    #[error("Twitch refused the token")]
    Unauthorized,
    /// 409: the subscription is there already.
    #[error("Twitch has that already")]
    Conflict,
    /// Another refusal, with Twitch's message.
    #[error("Twitch answered {status}: {message}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// The message of the body, when there is one.
        message: String,
    },
    /// No answer at all, or one that cannot be read.
    #[error("Twitch did not answer: {0}")]
    NoAnswer(&'static str),
}

impl From<reqwest::Error> for TwitchError {
    fn from(error: reqwest::Error) -> Self {
        Self::NoAnswer(if error.is_decode() { "unreadable answer" } else { no_answer(&error) })
    }
}
