//! What goes wrong, where, for whom and how often.

use crate::base::clock::Instant;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The calls the twins know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// Spotify accounts: a code for tokens.
    CodeGrant,
    /// Spotify accounts: a refresh.
    RefreshGrant,
    /// Spotify `GET /me`.
    Me,
    /// Spotify `GET /me/player`.
    Player,
    /// Spotify `GET /me/player/currently-playing`.
    CurrentlyPlaying,
    /// Spotify `GET /me/player/recently-played`.
    RecentlyPlayed,
    /// Spotify `GET /me/player/queue`.
    Queue,
    /// Spotify `GET /me/player/devices`.
    Devices,
    /// Twitch id `POST /token`, every grant.
    TwitchToken,
    /// Twitch id `POST /device`.
    DeviceCode,
    /// Twitch id `GET /validate`.
    Validate,
    /// Twitch id `POST /revoke`.
    Revoke,
    /// Helix `GET /users`.
    Users,
    /// Helix `GET /streams`.
    Streams,
    /// Helix `/eventsub/subscriptions`, every method.
    Subscriptions,
}

impl Endpoint {
    /// Whether it is part of Spotify's Web API (not of its accounts service).
    #[must_use]
    pub fn is_spotify_api(self) -> bool {
        matches!(
            self,
            Self::Me
                | Self::Player
                | Self::CurrentlyPlaying
                | Self::RecentlyPlayed
                | Self::Queue
                | Self::Devices
        )
    }
}

/// What a 429 says about when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// Seconds.
    Seconds(u64),
    /// An HTTP date that many seconds from now.
    Date(u64),
    /// No header.
    Absent,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 401 `The access token expired`.
    TokenExpired,
    /// 401 `Invalid access token`.
    TokenInvalid,
    /// 401 `Permissions missing`.
    PermissionsMissing,
    /// 403 `Insufficient client scope`.
    ScopeMissing,
    /// 403 `Forbidden`.
    Forbidden,
    /// 403 with reason `PREMIUM_REQUIRED`.
    PremiumRequired,
    /// 403, a text: the person is not on the app's list.
    NotAllowListed,
    /// 403, a text: the app's owner has no subscription any more.
    OwnerLapsed,
    /// 404 with reason `NO_ACTIVE_DEVICE`.
    NoActiveDevice,
    /// 404 `Resource not found`.
    NotFound,
    /// 429, the rate limit.
    RateLimited(RetryAfter),
    /// 429 with reason `QUOTA_EXCEEDED`.
    QuotaExceeded(RetryAfter),
    /// A bare status with a short body: 500, 502, 503, 504.
    Status(u16),
    /// No answer for as long as [`super::pace::Pace::hang`] says.
    Hang,
    /// 200 with JSON of another shape.
    Nonsense,
    /// 200 with JSON that breaks off.
    Torn,
    /// 200 with JSON of the right shape and numbers that no calendar counts with.
    Poison,
    /// 200 with a web page.
    Html,
    /// 200 with nothing in it: Get Streams while somebody is live.
    Empty,
    /// 400 `invalid_grant`, for the grants.
    InvalidGrant,
}

impl FaultKind {
    /// In words, for people.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::TokenExpired | Self::TokenInvalid => "token refused".to_owned(),
            Self::PermissionsMissing | Self::ScopeMissing => "scope missing".to_owned(),
            Self::Forbidden => "forbidden".to_owned(),
            Self::PremiumRequired => "Premium required".to_owned(),
            Self::NotAllowListed => "not on the app's list".to_owned(),
            Self::OwnerLapsed => "the app's owner has no Premium".to_owned(),
            Self::NoActiveDevice => "no active device".to_owned(),
            Self::NotFound => "not found".to_owned(),
            Self::RateLimited(after) => format!("rate limit{}", after.words()),
            Self::QuotaExceeded(after) => format!("quota exceeded{}", after.words()),
            Self::Status(status) => format!("status {status}"),
            Self::Hang => "no answer".to_owned(),
            Self::Nonsense | Self::Torn | Self::Poison => "nonsense".to_owned(),
            Self::Html => "a web page instead of JSON".to_owned(),
            Self::Empty => "empty answers".to_owned(),
            Self::InvalidGrant => "invalid grant".to_owned(),
        }
    }
}

impl RetryAfter {
    fn words(self) -> String {
        match self {
            Self::Seconds(seconds) | Self::Date(seconds) => format!(", {seconds} s"),
            Self::Absent => String::new(),
        }
    }
}

/// How often it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// The next call only.
    Once,
    /// The next n calls.
    Next(u32),
    /// For so many milliseconds.
    Millis(u64),
    /// Until it is cleared.
    UntilCleared,
}

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Where; without it, in all of Spotify's Web API.
    pub endpoint: Option<Endpoint>,
    /// How often.
    pub times: Times,
}

impl Fault {
    /// A fault of all of Spotify's Web API, until it is cleared.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, endpoint: None, times: Times::UntilCleared }
    }

    /// The same at one endpoint.
    #[must_use]
    pub fn at(self, endpoint: Endpoint) -> Self {
        Self { endpoint: Some(endpoint), ..self }
    }

    /// The same so often.
    #[must_use]
    pub fn times(self, times: Times) -> Self {
        Self { times, ..self }
    }

    /// The same for the next call only.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(Times::Once)
    }

    /// A rate limit that lasts as long as it says.
    #[must_use]
    pub fn rate_limit(seconds: u64) -> Self {
        let kind = FaultKind::RateLimited(RetryAfter::Seconds(seconds));
        Self::new(kind).times(Times::Millis(seconds.saturating_mul(1_000)))
    }

    fn strikes(&self, endpoint: Endpoint) -> bool {
        self.endpoint.map_or_else(|| endpoint.is_spotify_api(), |here| here == endpoint)
    }
}

#[derive(Debug, Clone)]
struct Installed {
    login: Option<String>,
    fault: Fault,
    left: Option<u32>,
    until: Option<Instant>,
}

/// All that goes wrong at the moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Vec<Installed>);

impl Faults {
    /// From now on it goes wrong, for `login` or for everybody.
    pub(super) fn install(&mut self, login: Option<String>, fault: Fault, now: Instant) {
        let (left, until) = match fault.times {
            Times::Once => (Some(1), None),
            Times::Next(n) => (Some(n), None),
            Times::Millis(millis) => (None, Some(now + Duration::from_millis(millis.min(MOST_MILLIS)))),
            Times::UntilCleared => (None, None),
        };
        self.0.push(Installed { login, fault, left, until });
    }

    /// Nothing goes wrong any more for `login`, or for anybody.
    pub(super) fn clear(&mut self, login: Option<&str>) {
        self.0.retain(|fault| login.is_some() && fault.login.as_deref() != login);
    }

    /// Somebody has another login from now on.
    pub(super) fn rename(&mut self, login: &str, to: &str) {
        let theirs = self.0.iter_mut().filter(|fault| fault.login.as_deref() == Some(login));
        theirs.for_each(|fault| fault.login = Some(to.to_owned()));
    }

    /// What goes wrong with this call, if anything; counts it.
    pub(super) fn trip(
        &mut self,
        endpoint: Endpoint,
        login: Option<&str>,
        now: Instant,
    ) -> Option<FaultKind> {
        self.0.retain(|fault| fault.left != Some(0) && fault.until.is_none_or(|until| now < until));
        let theirs = |fault: &Installed| fault.login.is_none() || fault.login.as_deref() == login;
        let struck = self.0.iter_mut().find(|fault| theirs(fault) && fault.fault.strikes(endpoint))?;
        struck.left = struck.left.map(|left| left - 1);
        Some(remaining(struck.fault.kind, struck.until, now))
    }

    /// What goes wrong for `login` now.
    pub(super) fn of<'a>(&'a self, login: &'a str, now: Instant) -> impl Iterator<Item = &'a Fault> {
        let on =
            move |fault: &&Installed| fault.left != Some(0) && fault.until.is_none_or(|until| now < until);
        self.0.iter().filter(move |fault| fault.login.as_deref() == Some(login)).filter(on).map(|f| &f.fault)
    }
}

/// A hundred years, so that no sum of an instant and a wish overflows.
const MOST_MILLIS: u64 = 100 * 365 * 86_400_000;

/// A limit that ends tells the time that is left of it.
fn remaining(kind: FaultKind, until: Option<Instant>, now: Instant) -> FaultKind {
    let Some(left) = until.and_then(|until| (until - now).to_std().ok()) else { return kind };
    let left = left.as_secs() + u64::from(left.subsec_millis() > 0);
    match kind {
        FaultKind::RateLimited(RetryAfter::Seconds(_)) => FaultKind::RateLimited(RetryAfter::Seconds(left)),
        FaultKind::QuotaExceeded(RetryAfter::Seconds(_)) => {
            FaultKind::QuotaExceeded(RetryAfter::Seconds(left))
        }
        kind => kind,
    }
}
