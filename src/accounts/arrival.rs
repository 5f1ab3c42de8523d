//! Whoever is back, or cannot come back by themselves: let in, linked, or told what was in the way.

use super::consent::{Answer, FlowError};
use super::entrance::{Entrance, KEPT};
use super::journey::{AWAY, Journey};
use super::me::Me;
use super::paste;
use super::rules::WayBack;
use super::view::{Company, Notice, SPOTIFY, TWITCH};
use crate::http::private;
use crate::i18n::Locale;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use secrecy::ExposeSecret as _;

/// Where whoever has linked through an app of their own gets to.
const NEW_LINK: &str = "/dashboard/spotify?linked=1";

impl Entrance {
    /// A browser is back from Twitch.
    pub(super) async fn lets_in(
        &self,
        answer: Option<Answer>,
        headers: &HeaderMap,
        locale: Locale,
    ) -> Response {
        let ended = match answer {
            Some(answer) => self.flows.login_ends(answer).await,
            None => Err(FlowError::Unknown),
        };
        match ended {
            Ok((user, login)) => {
                tracing::info!(streamer = %user.login, "logged in");
                self.forget(headers).await;
                self.accounts.changed();
                to_dashboard([self.login_cookie.set(&login, KEPT), self.setup_cookie.clear()])
            }
            Err(error) => failed(&error, TWITCH, locale),
        }
    }

    /// A streamer's browser is back from Spotify.
    pub(super) async fn links(&self, answer: Option<Answer>, me: &Me, locale: Locale) -> Response {
        let ended = match answer {
            Some(answer) => self.flows.link_ends(answer, me.user.id).await,
            None => Err(FlowError::Unknown),
        };
        match ended {
            Ok(is_brought) => {
                tracing::info!(streamer = %me.user.login, is_brought, "Spotify is linked");
                self.accounts.changed();
                // Whether an app of one's own does what it should shows at once: that page tests a link that is new.
                if is_brought { Redirect::to(NEW_LINK).into_response() } else { to_dashboard([]) }
            }
            Err(error) => failed(&error, SPOTIFY, locale),
        }
    }

    /// Sends a browser away, or has its person read first how they get back.
    pub(super) fn sends(
        &self,
        begun: Result<reqwest::Url, FlowError>,
        journey: &Journey,
        me: Option<&Me>,
        locale: Locale,
    ) -> Response {
        let page = match begun {
            Ok(page) => page,
            Err(error) => return failed(&error, journey.company, locale),
        };
        let cookie = AppendHeaders([(SET_COOKIE, self.away_cookie.set(&journey.browser, AWAY))]);
        let answer = match journey.way {
            WayBack::ByHand => paste::before(journey, &page, me, locale),
            _ => Redirect::to(page.as_str()).into_response(),
        };
        (cookie, answer).into_response()
    }

    /// A browser's earlier login is good for nothing any more.
    pub(super) async fn forget(&self, headers: &HeaderMap) {
        if let Some(token) = self.login_cookie.read(headers)
            && let Err(error) = self.logins.end(token.expose_secret()).await
        {
            tracing::warn!(%error, "a login is not ended");
        }
    }
}

pub(super) fn failed(error: &FlowError, company: Company, locale: Locale) -> Response {
    let status = match error {
        FlowError::NotAllowed(_) => StatusCode::FORBIDDEN,
        FlowError::Unknown
        | FlowError::Denied
        | FlowError::Refused
        | FlowError::SentBack(_)
        | FlowError::BadBroughtApp(_) => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    if status.is_server_error() {
        tracing::warn!(%error, company = company.name, "a consent did not end as it should");
    }
    private(locale, status, Notice::of(error, company, locale).render())
}

pub(super) fn to_dashboard<const N: usize>(cookies: [HeaderValue; N]) -> Response {
    (AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), Redirect::to("/dashboard")).into_response()
}
