//! What the doctor asks other machines besides what clients ask.

use super::rules::skew;
use crate::base::clock::{Clock, Instant};
use chrono::{DateTime, TimeDelta};
use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, RequestBuilder};

/// How far our clock is ahead of a server's; none when it does not say.
pub(super) async fn ahead_of(http: &Client, url: &str, clock: &dyn Clock) -> Option<TimeDelta> {
    let asked = clock.now();
    let answer = http.head(url).send().await.ok()?;
    let heard = clock.now();
    Some(skew(date(answer.headers())?, asked, heard))
}

fn date(headers: &HeaderMap) -> Option<Instant> {
    DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok().map(|date| date.to_utc())
}

/// Status and body of an answer; why there is none, without the address, which may hold a secret.
pub(super) async fn said(request: RequestBuilder) -> Result<(u16, String), String> {
    let silent = |error: reqwest::Error| {
        let why = if error.is_timeout() { "it did not answer in time" } else { "it cannot be reached" };
        why.to_owned()
    };
    let answer = request.send().await.map_err(silent)?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await.map_err(silent)?))
}
