//! `/auth/…`: out to Twitch and Spotify and back, and the way out. Everything ends on the dashboard, or on a page that says
//! what was in the way.

use super::consent::Answer;
use super::device_pass::Pass;
use super::entrance::{Entrance, Start, login_page, word};
use super::inside::Inside;
use super::journey::AWAY;
use super::me::{LoggedIn, Me, Posted};
use super::rules::WayBack;
use super::view::{Notice, SPOTIFY, TWITCH};
use super::{device_pages, paste};
use crate::http::{AppError, is_same_origin, private};
use crate::i18n::Locale;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Callback {
    state: Option<SecretString>,
    code: Option<SecretString>,
    error: Option<String>,
}

/// A form that asks for nothing but the token.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// The room's routes.
pub fn router(entrance: Entrance) -> Router {
    Router::new()
        .route("/auth/twitch", get(login).post(show_code))
        .route("/auth/twitch/callback", get(logged_in))
        .route("/auth/spotify", get(link))
        .route("/auth/spotify/callback", get(linked))
        .route("/auth/logout", post(logout))
        .merge(paste::routes())
        .merge(device_pages::routes())
        .with_state(entrance)
}

async fn login(
    State(entrance): State<Entrance>,
    Query(start): Query<Start>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    if entrance.flows.is_public() {
        return Ok(Redirect::to(&start.path("/auth/twitch/device")).into_response());
    }
    let is_owner = entrance.pass(&headers) == Some(Pass::House);
    if !is_owner && entrance.flows.awaits_owner().await.map_err(anyhow::Error::new)? {
        return Ok(private(locale, StatusCode::OK, Notice::asking_code(locale, false).render()));
    }
    let journey = entrance.journey(&headers, TWITCH);
    if journey.way == WayBack::ThereFirst && !start.moved {
        return Ok(journey.there_first(&start.path(TWITCH.start)));
    }
    let begun = entrance.flows.login_begins(journey.traveller(), start.zone(), is_owner).await;
    Ok(entrance.sends(begun, &journey, None, locale))
}

/// Takes the setup code, or a login code. It leads on by a link, because a form of ours may lead to our own pages only.
async fn show_code(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    locale: Locale,
    Form(typed): Form<Code>,
) -> Result<Response, AppError> {
    if !is_same_origin(&headers, &entrance.public_origin) {
        return Err(AppError::Forbidden);
    }
    let is_public = entrance.flows.is_public();
    let is_owned = entrance.flows.owner().await.map_err(anyhow::Error::new)?.is_some();
    let opens = |pass| is_public || (pass == Pass::House && !is_owned);
    if !entrance.flows.passes().read(&typed.code).is_some_and(opens) {
        entrance.wrong_codes.check(&())?;
        let page = entrance.asking_code(locale, true).await?;
        return Ok(private(locale, StatusCode::FORBIDDEN, page.render()));
    }
    let greeting = if entrance.flows.awaits_owner().await.map_err(anyhow::Error::new)? {
        Notice::greeting_owner(locale)
    } else {
        Notice::greeting(locale)
    };
    let cookie = AppendHeaders([(SET_COOKIE, entrance.setup_cookie.set(&typed.code.into(), AWAY))]);
    Ok((cookie, private(locale, StatusCode::OK, greeting.render())).into_response())
}

async fn logged_in(
    State(entrance): State<Entrance>,
    Query(callback): Query<Callback>,
    uri: Uri,
    headers: HeaderMap,
    locale: Locale,
) -> Response {
    match entrance.sent_on(callback.state.as_ref(), &uri, &headers).await {
        Some(on) => on,
        None => entrance.lets_in(entrance.answer(callback, &headers), &headers, locale).await,
    }
}

async fn link(
    State(entrance): State<Entrance>,
    Inside(me): Inside<Me>,
    Query(start): Query<Start>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let journey = entrance.journey(&headers, SPOTIFY);
    if journey.way == WayBack::ThereFirst && !start.moved {
        return Ok(journey.there_first(&start.path(SPOTIFY.start)));
    }
    let begun = entrance.flows.link_begins(journey.traveller(), me.user.id).await;
    Ok(entrance.sends(begun, &journey, Some(&me), locale))
}

async fn linked(
    State(entrance): State<Entrance>,
    me: Result<Me, AppError>,
    Query(callback): Query<Callback>,
    uri: Uri,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    if let Some(on) = entrance.sent_on(callback.state.as_ref(), &uri, &headers).await {
        return Ok(on);
    }
    let me = match me {
        Err(AppError::Unauthorized) => return Ok(login_page(locale)),
        me => me?,
    };
    Ok(entrance.links(entrance.answer(callback, &headers), &me, locale).await)
}

async fn logout(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    _: Posted<Nothing, LoggedIn>,
) -> Result<Response, AppError> {
    entrance.forget(&headers).await;
    entrance.accounts.changed();
    let cookie = AppendHeaders([(SET_COOKIE, entrance.login_cookie.clear())]);
    Ok((cookie, Redirect::to("/")).into_response())
}

impl Entrance {
    fn answer(&self, callback: Callback, headers: &HeaderMap) -> Option<Answer> {
        let browser = self.away_cookie.read(headers)?;
        let error = callback.error.map(|error| word(&error));
        Some(Answer { browser, state: callback.state?, code: callback.code, error })
    }
}
