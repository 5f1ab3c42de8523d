//! `/auth/…`: out to Twitch and Spotify and back, and the way out. Everything ends on the dashboard, or on a page that says
//! what was in the way.

use super::consent::Answer;
use super::device_pass::Pass;
use super::flows::Flows;
use super::journey::AWAY;
use super::me::{LoggedIn, Me, Posted};
use super::rules::WayBack;
use super::view::{Notice, SPOTIFY, TWITCH};
use super::{Accounts, Logins, paste};
use crate::base::token;
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, is_same_origin, private};
use crate::i18n::Locale;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// How long a browser keeps its cookie; whether it is good is decided here.
pub(super) const KEPT: i64 = 400 * 86_400;
/// No word of theirs for an error is longer.
const LONGEST_WORD: usize = 40;

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
    /// The cookie of who has typed the setup code, or a login code.
    pub setup_cookie: SecretCookie,
    /// How often anybody may be wrong about a code.
    pub wrong_codes: Limits<()>,
    /// Under which URL people reach us, without a slash at the end.
    pub public_url: String,
    /// The origin of that.
    pub public_origin: String,
    /// The site to which Spotify sends people back, without a slash at the end.
    pub spotify_site: String,
}

#[derive(Deserialize)]
pub(super) struct Start {
    pub(super) timezone: Option<String>,
    /// Whether the browser has been sent here from another name of ours.
    #[serde(default)]
    moved: bool,
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
        .merge(paste::routes())
        .merge(super::device_pages::routes())
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
    me: Result<Me, AppError>,
    Query(start): Query<Start>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let me = match me {
        Err(AppError::Unauthorized) => return Ok(login_page(locale)),
        me => me?,
    };
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

impl Start {
    /// Where the browser says it lives.
    pub(super) fn zone(&self) -> Option<Tz> {
        self.timezone.as_deref().and_then(|name| name.parse().ok())
    }

    /// A path of ours, with what this start has said.
    fn path(&self, path: &str) -> String {
        self.zone().map_or_else(|| path.to_owned(), |zone| format!("{path}?timezone={}", zone.name()))
    }
}

impl Entrance {
    /// The page that asks for a code.
    pub(super) async fn asking_code(&self, locale: Locale, is_wrong: bool) -> Result<Notice, AppError> {
        let awaits_owner = self.flows.awaits_owner().await.map_err(anyhow::Error::new)?;
        let is_owner = awaits_owner || !self.flows.is_public();
        Ok(if is_owner {
            Notice::asking_code(locale, is_wrong)
        } else {
            Notice::asking_pass(locale, is_wrong)
        })
    }

    /// What this browser has shown, if anything.
    pub(super) fn pass(&self, headers: &HeaderMap) -> Option<Pass> {
        self.flows.passes().read(self.setup_cookie.read(headers)?.expose_secret())
    }

    /// What this browser is known by: the same for flows that it begins side by side.
    pub(super) fn browser(&self, headers: &HeaderMap) -> SecretString {
        self.away_cookie.read(headers).unwrap_or_else(token::random)
    }

    fn answer(&self, callback: Callback, headers: &HeaderMap) -> Option<Answer> {
        let browser = self.away_cookie.read(headers)?;
        let error = callback.error.map(|error| word(&error));
        Some(Answer { browser, state: callback.state?, code: callback.code, error })
    }
}

/// A word as the two companies write it, whatever else stood there.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_lowercase() || *letter == '_').take(LONGEST_WORD).collect()
}
