//! `/auth/twitch/device`: a login by device code, from the code to the dashboard. The page shows how it stands each time it
//! is asked for, so a reload, and a browser without JavaScript that reloads by itself, get there as well as its script.

use super::arrival::{failed, to_dashboard};
use super::consent::FlowError;
use super::device::DeviceState;
use super::device_view::DevicePage;
use super::entrance::{Entrance, KEPT, Start};
use super::model::DeviceLogin;
use super::view::TWITCH;
use crate::http::{AppError, is_same_origin, private};
use crate::i18n::Locale;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono_tz::Tz;
use secrecy::SecretString;
use serde::Serialize;

/// How long a browser remembers which login it has begun, in seconds: longer than any code is good.
const AWAY: i64 = 3_600;

#[derive(Serialize)]
struct Standing {
    /// `waiting`, or `over`: then the page has something new to say.
    state: &'static str,
}

pub(super) fn routes() -> Router<Entrance> {
    Router::new().route("/auth/twitch/device", get(show).post(begin_anew))
}

/// What the page's script asks while it waits, so often that it is no login by itself.
pub fn device_router(entrance: Entrance) -> Router {
    Router::new().route("/auth/twitch/device/status", get(stands)).with_state(entrance)
}

async fn show(
    State(entrance): State<Entrance>,
    Query(start): Query<Start>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    if entrance.flows.twitch.has_secret() {
        return Ok(Redirect::to(TWITCH.start).into_response());
    }
    let browser = entrance.browser(&headers);
    let page = match entrance.flows.device_stands(&browser).await {
        Ok(DeviceState::Confirmed) => return Ok(entrance.lets_device_in(&browser, &headers, locale).await),
        Ok(DeviceState::Nothing) => return entrance.begins(&browser, start.zone(), &headers, locale).await,
        Ok(DeviceState::Waiting(login)) => DevicePage::waiting(locale, &login),
        Ok(over) => DevicePage::over(locale, &over),
        Err(error) => return Ok(failed(&error, TWITCH, locale)),
    };
    Ok(entrance.shows_device(&browser, &page))
}

/// Begins anew in place of a login that is over, or that somebody does not want to go on with.
async fn begin_anew(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    if !is_same_origin(&headers, &entrance.public_origin) {
        return Err(AppError::Forbidden);
    }
    if !entrance.flows.is_public() {
        return Ok(Redirect::to(TWITCH.start).into_response());
    }
    let browser = entrance.browser(&headers);
    entrance.begins(&browser, None, &headers, locale).await
}

async fn stands(State(entrance): State<Entrance>, headers: HeaderMap) -> Response {
    let stands = match entrance.away_cookie.read(&headers) {
        Some(browser) => entrance.flows.device_stands(&browser).await,
        None => Ok(DeviceState::Nothing),
    };
    let waits = matches!(stands, Ok(DeviceState::Waiting(_)));
    let state = if waits { "waiting" } else { "over" };
    ([(CACHE_CONTROL, "no-store")], Json(Standing { state })).into_response()
}

impl Entrance {
    /// Shows a code to a browser that may begin a login; asks for what it takes otherwise.
    async fn begins(
        &self,
        browser: &SecretString,
        timezone: Option<Tz>,
        headers: &HeaderMap,
        locale: Locale,
    ) -> Result<Response, AppError> {
        let begun: Result<DeviceLogin, FlowError> = match self.pass(headers) {
            Some(pass) => self.flows.device_begins(browser, timezone, &pass).await,
            None if self.flows.is_public() => {
                return Ok(private(locale, StatusCode::OK, self.asking_code(locale, false).await?.render()));
            }
            None => Err(FlowError::NotConfigured("twitch.client_id")),
        };
        Ok(match begun {
            Ok(login) => self.shows_device(browser, &DevicePage::waiting(locale, &login)),
            Err(error) => failed(&error, TWITCH, locale),
        })
    }

    fn shows_device(&self, browser: &SecretString, page: &DevicePage) -> Response {
        let cookie = AppendHeaders([(SET_COOKIE, self.away_cookie.set(browser, AWAY))]);
        (cookie, private(page.locale, StatusCode::OK, page.render())).into_response()
    }

    /// A login is confirmed. The browser keeps the login code of that person: who it is has been shown.
    async fn lets_device_in(&self, browser: &SecretString, headers: &HeaderMap, locale: Locale) -> Response {
        let (user, login) = match self.flows.device_ends(browser).await {
            Ok(Some(ended)) => ended,
            Ok(None) => return failed(&FlowError::Unknown, TWITCH, locale),
            Err(error) => return failed(&error, TWITCH, locale),
        };
        tracing::info!(streamer = %user.login, "logged in by device code");
        self.forget(headers).await;
        self.accounts.changed();
        let pass = self.flows.passes().login_code(&user.login);
        to_dashboard([
            self.login_cookie.set(&login, KEPT),
            self.setup_cookie.set(&pass, KEPT),
            self.away_cookie.clear(),
        ])
    }
}
