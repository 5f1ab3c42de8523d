//! People, their settings and their links.

use crate::base::clock::Instant;
use crate::base::id::{LinkId, UserId};
use chrono::TimeDelta;
use chrono_tz::Tz;
use secrecy::SecretString;
use std::fmt;
use std::str::FromStr;

/// A streamer and their settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// Twitch's id, which outlives a change of login.
    pub twitch_id: String,
    /// Twitch login, lower case.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Whether they want to be followed.
    pub enabled: bool,
    /// Who may read the list.
    pub visibility: Visibility,
    /// How many days the list is kept; none keeps it for ever.
    pub retention_days: Option<i64>,
    /// Where their days begin and end.
    pub timezone: Tz,
    /// How long the public waits for what the streamer hears, in seconds.
    pub delay_seconds: i64,
    /// What becomes of the lists when they go.
    pub after_leaving: AfterLeaving,
}

/// What becomes of a streamer's lists when they take their leave of us at Twitch, or of Twitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterLeaving {
    /// They stay for as long as the streamer chose to keep them.
    Keep,
    /// They are deleted at once.
    Delete,
}

/// Who may read a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// The streamer and their moderators.
    Private,
    /// Everybody.
    Public,
}

/// A streamer to be put in, with the tokens of their Spotify account. For one who is known already, what is none here
/// stays as it is.
#[derive(Debug, Clone)]
pub struct NewStreamer {
    /// Twitch's id.
    pub twitch_id: String,
    /// Twitch login, in any case of letters.
    pub login: String,
    /// Display name; the login for a new streamer without one.
    pub name: Option<String>,
    /// Where their days begin and end; UTC for a new streamer without one.
    pub timezone: Option<Tz>,
    /// How many days the list of a new streamer is kept, none keeps it for ever. One who is known has chosen already.
    pub retention_days: Option<u16>,
    /// The Spotify app through which the account was linked.
    pub client_id: String,
    /// Access token; may be expired already.
    pub access_token: SecretString,
    /// Refresh token.
    pub refresh_token: SecretString,
}

/// A person as Twitch tells of them when they log in. For one who is known already, zone and days stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Twitch's id.
    pub twitch_id: String,
    /// Twitch login, lower case.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Where their days begin and end; UTC if nobody can guess.
    pub timezone: Option<Tz>,
    /// How many days the list is kept; none keeps it for ever.
    pub retention_days: Option<u16>,
}

/// What a linked Spotify account is known by, without its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The Spotify app through which it was linked.
    pub client_id: String,
    /// When the access token ends.
    pub expires_at: Option<Instant>,
    /// What we may do.
    pub scopes: Vec<String>,
}

/// A Spotify app that a streamer has brought, as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedApp {
    /// Its client id.
    pub client_id: String,
    /// Its secret, sealed; it needs none.
    pub client_secret: Option<String>,
    /// When it was brought, or changed.
    pub updated_at: Instant,
}

/// A link as its streamer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// Our id.
    pub id: LinkId,
    /// The Spotify app it was made through.
    pub client_id: String,
    /// Whether it works.
    pub status: LinkStatus,
    /// When the streamer said yes: the refresh token dies half a year later, whatever is done with it.
    pub authorized_at: Instant,
}

/// What has become of what Twitch granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantStatus {
    /// It works, as far as we know.
    Valid,
    /// Twitch does not accept the tokens any more: the person has to log in again.
    Refused,
    /// The person has thrown us out at Twitch, or is gone from there.
    Revoked,
}

/// The company that a browser was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// To log in.
    Twitch,
    /// To link an account.
    Spotify,
}

/// A browser that is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Whose it is.
    pub user: User,
    /// Whether the house is theirs.
    pub is_owner: bool,
    /// When it was last noted that it was here.
    pub seen_at: Instant,
}

/// A consent that a browser was sent away for. It comes back once, to the same browser, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The hash of what that browser alone holds.
    pub browser_hash: String,
    /// Where it was sent.
    pub provider: Provider,
    /// Who links an account; nobody is known yet who logs in.
    pub user: Option<UserId>,
    /// Through which app.
    pub client_id: String,
    /// Where it comes back to.
    pub redirect_uri: String,
    /// The verifier (PKCE), sealed.
    pub verifier: Option<String>,
    /// Where the browser says it lives.
    pub timezone: Option<Tz>,
    /// Whether whoever began it held the setup code.
    pub is_owner: bool,
    /// Where that browser came by, as an origin, if that is not where it comes back to.
    pub origin: Option<String>,
    /// When it is too late to come back.
    pub expires_at: Instant,
}

/// A login by device code in one browser: under way, or what has come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLogin {
    /// As which app it was begun.
    pub client_id: String,
    /// Good for tokens once it is confirmed, sealed.
    pub device_code: String,
    /// What the person compares, or types.
    pub user_code: String,
    /// Where they confirm it.
    pub verification_uri: String,
    /// How often Twitch may be asked.
    pub interval: TimeDelta,
    /// Who alone may come in, by login; none when the browser held the setup code.
    pub login: Option<String>,
    /// Where the browser says it lives.
    pub timezone: Option<Tz>,
    /// Whether it held the setup code.
    pub is_owner: bool,
    /// When Twitch was last asked.
    pub asked_at: Instant,
    /// What has come of it.
    pub outcome: Option<DeviceOutcome>,
    /// When it is too late to confirm it.
    pub expires_at: Instant,
}

/// What has come of a login by device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceOutcome {
    /// Somebody has confirmed it who may come in.
    Confirmed,
    /// The person said no, or the code was used already.
    Refused,
    /// Somebody has confirmed it who may not come in, or not in that browser.
    NotAllowed,
}

/// A streamer's connection to a Spotify account, without its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotifyLink {
    /// Our id.
    pub id: LinkId,
    /// The Spotify app it was made through: budgets and cooldowns are counted on it.
    pub client_id: String,
    /// Whether it works.
    pub status: LinkStatus,
}

/// Whether a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// It does, as far as we know.
    Connected,
    /// The streamer has to link again.
    ReconnectNeeded,
}

/// A text in the database that is none of the known states.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a known state")]
pub struct UnknownState(String);

macro_rules! states {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),* })
            }
        }
        impl FromStr for $type {
            type Err = UnknownState;
            fn from_str(text: &str) -> Result<Self, UnknownState> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(UnknownState(text.to_owned())) }
            }
        }
    };
}

states!(Visibility { Private = "private", Public = "public" });
states!(AfterLeaving { Keep = "keep", Delete = "delete" });
states!(GrantStatus { Valid = "valid", Refused = "refused", Revoked = "revoked" });
states!(DeviceOutcome { Confirmed = "confirmed", Refused = "refused", NotAllowed = "not_allowed" });
states!(Provider { Twitch = "twitch", Spotify = "spotify" });
states!(LinkStatus { Connected = "connected", ReconnectNeeded = "reconnect_needed" });
