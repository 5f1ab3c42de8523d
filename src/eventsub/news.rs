//! What events say: a reader for each, as far as we need it. Pure.

use crate::base::clock::{Instant, read_instant};
use crate::live::Broadcast;
use serde::Deserialize;
use serde_json::{Result, Value, from_value};

/// What an event says of somebody, named by Twitch's id.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct News {
    pub(super) twitch_id: String,
    pub(super) what: What,
}

/// What has happened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum What {
    /// They are on air with this.
    Online(Broadcast),
    /// They are off air.
    Offline,
    /// This is how they are called.
    Named { login: String, name: String },
    /// They have thrown our app out.
    Revoked,
}

#[derive(Deserialize)]
struct Online {
    id: String,
    #[serde(rename = "broadcaster_user_id")]
    twitch_id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(deserialize_with = "read_instant")]
    started_at: Instant,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(rename = "broadcaster_user_id")]
    twitch_id: String,
    #[serde(rename = "broadcaster_user_login")]
    login: String,
    #[serde(rename = "broadcaster_user_name")]
    name: String,
}

#[derive(Deserialize)]
struct Of {
    #[serde(alias = "broadcaster_user_id", alias = "user_id")]
    twitch_id: String,
}

/// Reads `stream.online`.
pub(super) fn online(event: Value) -> Result<News> {
    let Online { id, twitch_id, kind, started_at } = from_value(event)?;
    Ok(News { twitch_id, what: What::Online(Broadcast { twitch_id: id, kind, started_at }) })
}

/// Reads `stream.offline`.
pub(super) fn offline(event: Value) -> Result<News> {
    from_value(event).map(|Of { twitch_id }| News { twitch_id, what: What::Offline })
}

/// Reads `channel.update`: of a channel we want to know its name alone.
pub(super) fn channel(event: Value) -> Result<News> {
    let Channel { twitch_id, login, name } = from_value(event)?;
    Ok(News { twitch_id, what: What::Named { login, name } })
}

/// Reads `user.authorization.revoke`. The names of somebody who is gone are null.
pub(super) fn revoked(event: Value) -> Result<News> {
    from_value(event).map(|Of { twitch_id }| News { twitch_id, what: What::Revoked })
}
