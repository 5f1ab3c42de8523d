//! Coming back by hand: whoever lands on an address that does not load from where they are pastes it here.

use super::consent::Answer;
use super::entrance::{Entrance, word};
use super::inside::Inside;
use super::journey::Journey;
use super::me::{Me, Posted};
use super::paste_view::PastePage;
use super::rules::landed;
use super::view::{SPOTIFY, TWITCH};
use crate::http::{AppError, is_same_origin, private};
use crate::i18n::Locale;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use reqwest::Url;
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Deserialize)]
struct Address {
    address: SecretString,
}

pub(super) fn routes() -> Router<Entrance> {
    Router::new()
        .route("/auth/twitch/paste", get(ask_login).post(log_in))
        .route("/auth/spotify/paste", get(ask_link).post(link))
}

/// What somebody reads who is about to be sent away, and will land where nothing loads.
pub(super) fn before(journey: &Journey, consent: &Url, me: Option<&Me>, locale: Locale) -> Response {
    let page = PastePage {
        locale,
        company: journey.company,
        lands_on: Some(&journey.redirect_uri),
        consent: Some(consent.as_str()),
        token: me.map(Me::form_token),
        is_wrong: false,
    };
    private(locale, StatusCode::OK, page.render())
}

async fn ask_login(locale: Locale) -> Response {
    let page = PastePage::bare(locale, TWITCH, None, false);
    private(locale, StatusCode::OK, page.render())
}

async fn log_in(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    locale: Locale,
    Form(form): Form<Address>,
) -> Result<Response, AppError> {
    if !is_same_origin(&headers, &entrance.public_origin) {
        return Err(AppError::Forbidden);
    }
    let Some(answer) = entrance.brought(&form, &headers) else {
        let page = PastePage::bare(locale, TWITCH, None, true);
        return Ok(private(locale, StatusCode::BAD_REQUEST, page.render()));
    };
    Ok(entrance.lets_in(Some(answer), &headers, locale).await)
}

async fn ask_link(Inside(me): Inside<Me>, locale: Locale) -> Result<Response, AppError> {
    let page = PastePage::bare(locale, SPOTIFY, Some(me.form_token()), false);
    Ok(private(locale, StatusCode::OK, page.render()))
}

async fn link(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    locale: Locale,
    Posted { me, form }: Posted<Address>,
) -> Response {
    let Some(answer) = entrance.brought(&form, &headers) else {
        let page = PastePage::bare(locale, SPOTIFY, Some(me.form_token()), true);
        return private(locale, StatusCode::BAD_REQUEST, page.render());
    };
    entrance.links(Some(answer), &me, locale).await
}

impl Entrance {
    /// What somebody brings by hand, in the browser that was sent away: it is looked at like any other answer.
    fn brought(&self, form: &Address, headers: &HeaderMap) -> Option<Answer> {
        use secrecy::ExposeSecret as _;
        let landed = landed(form.address.expose_secret())?;
        let browser = self.browser(headers);
        let error = landed.error.map(|error| word(&error));
        Some(Answer { browser, state: landed.state.into(), code: landed.code.map(Into::into), error })
    }
}
