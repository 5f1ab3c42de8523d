//! `/auth/…`: out to Twitch and Spotify and back, and the way out. Everything ends on the dashboard, or on a page that says
//! what was in the way.

use super::consent::{Answer, FlowError, Traveller};
use super::flows::Flows;
use super::me::{Me, Posted};
use super::view::{Company, Notice, SPOTIFY, TWITCH};
use super::{Accounts, Logins};
use crate::base::token;
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, is_same_origin, private};
use crate::i18n::Locale;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// How long a browser keeps its cookie; whether it is good is decided here.
const KEPT: i64 = 400 * 86_400;
/// No word of theirs for an error is longer.
const LONGEST_WORD: usize = 40;
/// How long it remembers that it was sent away.
const AWAY: i64 = 600;

/// Where whoever has linked through an app of their own gets to.
const NEW_LINK: &str = "/dashboard/spotify?linked=1";

/// What the room's handlers need.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// Sends away and takes back.
    pub flows: Flows,
    /// People.
    pub accounts: Accounts,
    /// Who is logged in.
    pub logins: Logins,
    /// The cookie of who is logged in.
    pub login_cookie: SecretCookie,
    /// The cookie of who was sent away.
    pub away_cookie: SecretCookie,
    /// The cookie of who has typed the setup code.
    pub setup_cookie: SecretCookie,
    /// How often anybody may be wrong about the setup code.
    pub wrong_codes: Limits<()>,
    /// Under which URL people reach us, without a slash at the end.
    pub public_url: String,
    /// The origin of that.
    pub public_origin: String,
}

#[derive(Deserialize)]
struct Start {
    timezone: Option<String>,
}

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
        .with_state(entrance)
}

/// What somebody sees who has to log in first.
#[must_use]
pub fn login_page(locale: Locale) -> Response {
    private(locale, StatusCode::UNAUTHORIZED, Notice::asking_login(locale).render())
}

async fn login(
    State(entrance): State<Entrance>,
    Query(start): Query<Start>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let has_code = entrance.has_code(&headers);
    if !has_code && entrance.flows.awaits_owner().await.map_err(anyhow::Error::new)? {
        return Ok(private(locale, StatusCode::OK, Notice::asking_code(locale, false).render()));
    }
    Ok(entrance.sends_to_twitch(&headers, start.timezone.as_deref(), has_code, locale).await)
}

/// Takes the setup code. It leads on by a link, because a form of ours may lead to our own pages only.
async fn show_code(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    locale: Locale,
    Form(typed): Form<Code>,
) -> Result<Response, AppError> {
    if !is_same_origin(&headers, &entrance.public_origin) {
        return Err(AppError::Forbidden);
    }
    let is_owned = entrance.flows.owner().await.map_err(anyhow::Error::new)?.is_some();
    if is_owned || !entrance.flows.is_setup_code(&typed.code) {
        entrance.wrong_codes.check(&())?;
        return Ok(private(locale, StatusCode::FORBIDDEN, Notice::asking_code(locale, true).render()));
    }
    let cookie = AppendHeaders([(SET_COOKIE, entrance.setup_cookie.set(&typed.code.into(), AWAY))]);
    let page = private(locale, StatusCode::OK, Notice::greeting_owner(locale).render());
    Ok((cookie, page).into_response())
}

async fn logged_in(
    State(entrance): State<Entrance>,
    Query(callback): Query<Callback>,
    headers: HeaderMap,
    locale: Locale,
) -> Response {
    let ended = match entrance.answer(callback, &headers) {
        Some(answer) => entrance.flows.login_ends(answer).await,
        None => Err(FlowError::Unknown),
    };
    match ended {
        Ok((user, login)) => {
            tracing::info!(streamer = %user.login, "logged in");
            entrance.forget(&headers).await;
            entrance.accounts.changed();
            to_dashboard([entrance.login_cookie.set(&login, KEPT), entrance.setup_cookie.clear()])
        }
        Err(error) => failed(&error, TWITCH, locale),
    }
}

async fn link(
    State(entrance): State<Entrance>,
    me: Result<Me, AppError>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let me = match me {
        Err(AppError::Unauthorized) => return Ok(login_page(locale)),
        me => me?,
    };
    let (browser, redirect_uri) = (entrance.browser(&headers), entrance.callback(SPOTIFY));
    let traveller = Traveller { browser: &browser, redirect_uri: &redirect_uri };
    let begun = entrance.flows.link_begins(traveller, me.user.id).await;
    Ok(entrance.sends(begun, &browser, SPOTIFY, locale))
}

async fn linked(
    State(entrance): State<Entrance>,
    me: Result<Me, AppError>,
    Query(callback): Query<Callback>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let me = match me {
        Err(AppError::Unauthorized) => return Ok(login_page(locale)),
        me => me?,
    };
    let ended = match entrance.answer(callback, &headers) {
        Some(answer) => entrance.flows.link_ends(answer, me.user.id).await,
        None => Err(FlowError::Unknown),
    };
    match ended {
        Ok(is_brought) => {
            tracing::info!(streamer = %me.user.login, is_brought, "Spotify is linked");
            entrance.accounts.changed();
            // Whether an app of one's own does what it should shows at once: that page tests a link that is new.
            Ok(if is_brought { Redirect::to(NEW_LINK).into_response() } else { to_dashboard([]) })
        }
        Err(error) => Ok(failed(&error, SPOTIFY, locale)),
    }
}

async fn logout(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    entrance.forget(&headers).await;
    entrance.accounts.changed();
    let cookie = AppendHeaders([(SET_COOKIE, entrance.login_cookie.clear())]);
    Ok((cookie, Redirect::to("/")).into_response())
}

impl Entrance {
    async fn sends_to_twitch(
        &self,
        headers: &HeaderMap,
        timezone: Option<&str>,
        is_owner: bool,
        locale: Locale,
    ) -> Response {
        let (browser, redirect_uri) = (self.browser(headers), self.callback(TWITCH));
        let traveller = Traveller { browser: &browser, redirect_uri: &redirect_uri };
        let zone: Option<Tz> = timezone.and_then(|name| name.parse().ok());
        let begun = self.flows.login_begins(traveller, zone, is_owner).await;
        self.sends(begun, &browser, TWITCH, locale)
    }

    fn sends(
        &self,
        begun: Result<reqwest::Url, FlowError>,
        browser: &SecretString,
        company: Company,
        locale: Locale,
    ) -> Response {
        match begun {
            Ok(page) => {
                let cookie = AppendHeaders([(SET_COOKIE, self.away_cookie.set(browser, AWAY))]);
                (cookie, Redirect::to(page.as_str())).into_response()
            }
            Err(error) => failed(&error, company, locale),
        }
    }

    fn has_code(&self, headers: &HeaderMap) -> bool {
        let typed = self.setup_cookie.read(headers);
        typed.is_some_and(|code| self.flows.is_setup_code(code.expose_secret()))
    }

    /// What this browser is known by: the same for flows that it begins side by side.
    fn browser(&self, headers: &HeaderMap) -> SecretString {
        self.away_cookie.read(headers).unwrap_or_else(token::random)
    }

    fn answer(&self, callback: Callback, headers: &HeaderMap) -> Option<Answer> {
        let browser = self.away_cookie.read(headers)?;
        let error = callback.error.map(|error| word(&error));
        Some(Answer { browser, state: callback.state?, code: callback.code, error })
    }

    fn callback(&self, company: Company) -> String {
        format!("{}{}/callback", self.public_url, company.start)
    }

    /// A browser's earlier login is good for nothing any more.
    async fn forget(&self, headers: &HeaderMap) {
        if let Some(token) = self.login_cookie.read(headers)
            && let Err(error) = self.logins.end(token.expose_secret()).await
        {
            tracing::warn!(%error, "a login is not ended");
        }
    }
}

/// A word as the two companies write it, whatever else stood there.
fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_lowercase() || *letter == '_').take(LONGEST_WORD).collect()
}

fn failed(error: &FlowError, company: Company, locale: Locale) -> Response {
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

fn to_dashboard<const N: usize>(cookies: [HeaderValue; N]) -> Response {
    (AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), Redirect::to("/dashboard")).into_response()
}
