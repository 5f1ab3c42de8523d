//! What the doctor asks other machines. Nothing is left behind there: a token that was given is given back.

use crate::base::clock::{Clock, Instant};
use crate::clients::twitch::Subscription;
use chrono::{DateTime, TimeDelta};
use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A refresh token that nobody was ever given.
const NO_TOKEN: &str = "airlog-doctor";
/// So many pages of subscriptions are looked at.
const PAGES: usize = 50;

/// What a service says of an app.
#[derive(Debug)]
pub(super) enum Answer {
    /// It knows the app.
    Known,
    /// It does not.
    Refused,
    /// It says nothing about that.
    Unclear(String),
}

/// An app at one of the two companies.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
}

#[derive(Deserialize)]
struct Token {
    access_token: SecretString,
}

#[derive(Deserialize)]
struct Problem {
    error: String,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Subscription>,
    #[serde(default)]
    pagination: Pagination,
}

#[derive(Deserialize, Default)]
struct Pagination {
    #[serde(default)]
    cursor: Option<String>,
}

/// How far our clock is ahead of a server's; none when it does not say.
pub(super) async fn skew(http: &Client, url: &str, clock: &dyn Clock) -> Option<TimeDelta> {
    let asked = clock.now();
    let answer = http.head(url).send().await.ok()?;
    let heard = clock.now();
    Some(super::rules::skew(date(answer.headers())?, asked, heard))
}

fn date(headers: &HeaderMap) -> Option<Instant> {
    DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok().map(|date| date.to_utc())
}

/// What Spotify says of an app that shows a refresh token which nobody was given: it looks at the app first.
pub(super) async fn spotify_app(http: &Client, accounts_url: &str, app: &App) -> Answer {
    let request = http.post(format!("{accounts_url}/api/token"));
    let form = [("grant_type", "refresh_token"), ("refresh_token", NO_TOKEN)];
    let request = match &app.client_secret {
        Some(secret) => request.basic_auth(&app.client_id, Some(secret.expose_secret())).form(&form),
        None => request.form(&[form.as_slice(), &[("client_id", &app.client_id)]].concat()),
    };
    let (status, body) = match said(request).await {
        Ok(answer) => answer,
        Err(why) => return Answer::Unclear(why),
    };
    match serde_json::from_str::<Problem>(&body) {
        Ok(Problem { error }) if error == "invalid_grant" => Answer::Known,
        Ok(Problem { error }) if error.ends_with("client") => Answer::Refused,
        _ => Answer::Unclear(format!("it answered {status}")),
    }
}

/// A token of the app itself, from Twitch; to be given back.
pub(super) async fn twitch_token(
    http: &Client,
    id_url: &str,
    client_id: &str,
    secret: &SecretString,
) -> Result<SecretString, Answer> {
    let form = [
        ("client_id", client_id),
        ("client_secret", secret.expose_secret()),
        ("grant_type", "client_credentials"),
    ];
    let (status, body) =
        said(http.post(format!("{id_url}/token")).form(&form)).await.map_err(Answer::Unclear)?;
    match status {
        200 => serde_json::from_str::<Token>(&body)
            .map(|token| token.access_token)
            .map_err(|_| Answer::Unclear("its answer holds no token".to_owned())),
        400 | 401 | 403 => Err(Answer::Refused),
        status => Err(Answer::Unclear(format!("it answered {status}"))),
    }
}

/// Gives a token back. One that is not taken ends by itself.
pub(super) async fn give_back(http: &Client, id_url: &str, client_id: &str, token: &SecretString) {
    let form = [("client_id", client_id), ("token", token.expose_secret())];
    let _ = said(http.post(format!("{id_url}/revoke")).form(&form)).await;
}

/// What Twitch says of an app without a secret that asks for a device code. Nobody enters the code, so it ends by itself.
pub(super) async fn twitch_public(http: &Client, id_url: &str, client_id: &str) -> Answer {
    let form = [("client_id", client_id), ("scopes", "")];
    match said(http.post(format!("{id_url}/device")).form(&form)).await {
        Ok((200, _)) => Answer::Known,
        Ok((400 | 401 | 403, _)) => Answer::Refused,
        Ok((status, _)) => Answer::Unclear(format!("it answered {status}")),
        Err(why) => Answer::Unclear(why),
    }
}

/// All EventSub subscriptions of an app that are delivered by webhook.
pub(super) async fn subscriptions(
    http: &Client,
    api_url: &str,
    client_id: &str,
    token: &SecretString,
) -> Result<Vec<Subscription>, String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let request = http.get(format!("{api_url}/eventsub/subscriptions"));
        let request = request.bearer_auth(token.expose_secret()).header("Client-Id", client_id);
        let request = if after.is_empty() { request } else { request.query(&[("after", &after)]) };
        let (status, body) = said(request).await?;
        let page: Page = serde_json::from_str(&body).map_err(|_| format!("it answered {status}"))?;
        all.extend(page.data);
        match page.pagination.cursor.filter(|cursor| !cursor.is_empty() && *cursor != after) {
            Some(cursor) => after = cursor,
            None => break,
        }
    }
    Ok(all)
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
