//! What stands in the way of tracking, to whom it is told and how. Pure.

use crate::base::clock::Instant;
use crate::base::id::AlertId;
use crate::i18n::Locale;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How messages are taken somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A topic of ntfy.sh or of a server like it.
    Ntfy,
    /// A webhook of Discord, or of whatever understands the same.
    Discord,
    /// Any program that takes JSON.
    Webhook,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Ntfy, Self::Discord, Self::Webhook];
}

/// Somewhere that a streamer wants messages to go.
#[derive(Debug, Clone)]
pub struct Target {
    /// Our id.
    pub id: AlertId,
    /// How messages are taken there.
    pub kind: Kind,
    /// Where; whoever knows it can write there too.
    pub url: SecretString,
    /// The language of the messages.
    pub locale: Locale,
    /// When a message last got there.
    pub last_sent_at: Option<Instant>,
    /// Why the last one did not; none when it did.
    pub last_error: Option<Failure>,
    /// What is still to be told there: it outlives a restart.
    pub pending: Option<News>,
}

/// Why tracking stands still. The words never change: programs go by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The Spotify account has to be linked again.
    ReconnectNeeded,
    /// No Spotify account is linked.
    Unlinked,
    /// Spotify wants a Premium account.
    PremiumRequired,
    /// The account is not among the users of the Spotify app.
    NotAllowListed,
    /// The owner of the Spotify app has no Premium any more.
    OwnerLapsed,
    /// The link lacks a permission.
    ScopeMissing,
    /// Spotify does not let us look, for no reason that we know.
    Forbidden,
    /// Spotify does not know the app, or its secret is wrong.
    AppRefused,
    /// Spotify asked for a rest, and a long one.
    RateLimited,
    /// Spotify does not answer, or answers nonsense.
    SpotifyDown,
    /// Airlog itself fails.
    Failing,
    /// Plays cannot be stored.
    Database,
}

impl Reason {
    /// All there are.
    pub const ALL: [Self; 12] = [
        Self::ReconnectNeeded,
        Self::Unlinked,
        Self::PremiumRequired,
        Self::NotAllowListed,
        Self::OwnerLapsed,
        Self::ScopeMissing,
        Self::Forbidden,
        Self::AppRefused,
        Self::RateLimited,
        Self::SpotifyDown,
        Self::Failing,
        Self::Database,
    ];
}

/// One reason for which tracking stands or stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// Why.
    pub reason: Reason,
    /// Since when, this time.
    pub since: Instant,
    /// When it was last told; before `since` that was another time.
    pub told_at: Option<Instant>,
    /// When it was over; none while it is not.
    pub ended_at: Option<Instant>,
}

impl Trouble {
    /// Whether it has been told this time.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.told_at.is_some_and(|at| at >= self.since)
    }
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What has come about.
    pub event: Event,
    /// Since when tracking stands still, or stood.
    pub since: Instant,
    /// When it came about.
    pub at: Instant,
}

/// What has come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Tracking stands still, for this reason.
    StandsStill(Reason),
    /// Tracking goes on; this was the reason.
    GoesOn(Reason),
    /// Somebody wants to see whether messages get there.
    Test,
}

/// Why nothing is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no address of the kind that messages can be sent to.
    #[error("it is no http or https address")]
    NoAddress,
    /// It holds a user name or a password.
    #[error("it holds a user name or a password")]
    Credentials,
    /// It leads into a private network.
    #[error("it leads into a private network")]
    Private,
    /// Nobody knows the name.
    #[error("its name is not found")]
    Unknown,
}

/// Why a message did not get somewhere. It says nothing of what was answered, beyond the status: whoever reads it might
/// read there what is not for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Messages are not sent there.
    Refused(Refusal),
    /// It took too long.
    Timeout,
    /// Nobody took the call.
    NoConnection,
    /// It sends us on, and we follow nobody.
    SentOn,
    /// It answered with this status.
    Status(u16),
}

/// A text that is none of the known words.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a known word")]
pub struct UnknownWord(String);

macro_rules! words {
    ($type:ident { $($variant:pat => $value:expr, $text:literal);* $(;)? }) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($variant => $text),* })
            }
        }
        impl FromStr for $type {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($text => Ok($value),)* _ => Err(UnknownWord(text.to_owned())) }
            }
        }
    };
}

words!(Kind {
    Self::Ntfy => Self::Ntfy, "ntfy";
    Self::Discord => Self::Discord, "discord";
    Self::Webhook => Self::Webhook, "webhook";
});

words!(Reason {
    Self::ReconnectNeeded => Self::ReconnectNeeded, "reconnect_needed";
    Self::Unlinked => Self::Unlinked, "unlinked";
    Self::PremiumRequired => Self::PremiumRequired, "premium_required";
    Self::NotAllowListed => Self::NotAllowListed, "not_allow_listed";
    Self::OwnerLapsed => Self::OwnerLapsed, "owner_lapsed";
    Self::ScopeMissing => Self::ScopeMissing, "scope_missing";
    Self::Forbidden => Self::Forbidden, "forbidden";
    Self::AppRefused => Self::AppRefused, "app_refused";
    Self::RateLimited => Self::RateLimited, "rate_limited";
    Self::SpotifyDown => Self::SpotifyDown, "spotify_down";
    Self::Failing => Self::Failing, "failing";
    Self::Database => Self::Database, "database";
});

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(Refusal::NoAddress) => "no_address",
            Self::Refused(Refusal::Credentials) => "credentials",
            Self::Refused(Refusal::Private) => "private",
            Self::Refused(Refusal::Unknown) => "unknown",
            Self::Timeout => "timeout",
            Self::NoConnection => "no_connection",
            Self::SentOn => "sent_on",
            Self::Status(status) => return write!(f, "status {status}"),
        })
    }
}

impl FromStr for Failure {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord(text.to_owned());
        Ok(match text {
            "no_address" => Self::Refused(Refusal::NoAddress),
            "credentials" => Self::Refused(Refusal::Credentials),
            "private" => Self::Refused(Refusal::Private),
            "unknown" => Self::Refused(Refusal::Unknown),
            "timeout" => Self::Timeout,
            "no_connection" => Self::NoConnection,
            "sent_on" => Self::SentOn,
            other => {
                let status = other.strip_prefix("status ").and_then(|status| status.parse().ok());
                Self::Status(status.ok_or_else(unknown)?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for reason in Reason::ALL {
            assert_eq!(reason.to_string().parse::<Reason>().expect("a reason"), reason);
            assert_eq!(serde_json::json!(reason), reason.to_string());
        }
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse::<Kind>().expect("a kind"), kind);
        }
        let refusals = [Refusal::NoAddress, Refusal::Credentials, Refusal::Private, Refusal::Unknown];
        let failures = refusals.map(Failure::Refused).into_iter().chain([
            Failure::Timeout,
            Failure::NoConnection,
            Failure::SentOn,
            Failure::Status(404),
        ]);
        for failure in failures {
            assert_eq!(failure.to_string().parse::<Failure>().expect("a failure"), failure);
        }
        assert!("status x".parse::<Failure>().is_err() && "".parse::<Kind>().is_err());
    }
}
