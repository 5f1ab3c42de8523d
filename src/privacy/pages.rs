//! `/privacy` for everybody, `/dashboard/account` for whoever is logged in.

use super::Privacy;
use super::view::{self, Account};
use crate::accounts::{Inside, Me, Nothing, Oneself, Posted};
use crate::http::{AppError, Known, Page, Site, private};
use crate::i18n::Locale;
use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

pub(super) fn router() -> Router<Privacy> {
    Router::new()
        .route("/privacy", get(privacy))
        .route("/dashboard/account", get(account))
        .route("/dashboard/account/delete", post(leave))
        .route("/dashboard/account/logout", post(log_out))
}

/// What somebody types who really wants to leave.
#[derive(Deserialize)]
struct Leaving {
    #[serde(default)]
    login: String,
}

async fn privacy(site: Site, known: Known, locale: Locale) -> Response {
    Page::new(locale, view::privacy(locale, &site)).answer(&known)
}

async fn account(
    State(privacy): State<Privacy>,
    Inside(Oneself(me)): Inside<Oneself>,
    locale: Locale,
) -> Result<Response, AppError> {
    Ok(private(locale, StatusCode::OK, privacy.view(&me, locale, false).await?.render()))
}

async fn leave(
    State(privacy): State<Privacy>,
    locale: Locale,
    Posted { me: Oneself(me), form }: Posted<Leaving, Oneself>,
) -> Result<Response, AppError> {
    if form.login.trim().to_lowercase() != me.user.login {
        let page = privacy.view(&me, locale, true).await?.render();
        return Ok(private(locale, StatusCode::BAD_REQUEST, page));
    }
    let departure = privacy.delete(&me.user).await?.ok_or(AppError::Unauthorized)?;
    let cookie = AppendHeaders([(SET_COOKIE, privacy.login_cookie.clear())]);
    Ok((cookie, private(locale, StatusCode::OK, view::gone(&departure, locale))).into_response())
}

async fn log_out(
    State(privacy): State<Privacy>,
    Posted { me: Oneself(me), .. }: Posted<Nothing, Oneself>,
) -> Result<Response, AppError> {
    privacy.log_out_everywhere(&me.user).await?;
    let cookie = AppendHeaders([(SET_COOKIE, privacy.login_cookie.clear())]);
    Ok((cookie, Redirect::to("/")).into_response())
}

impl Privacy {
    async fn view(&self, me: &Me, locale: Locale, is_wrong: bool) -> anyhow::Result<Account> {
        let owner = self.accounts.owner().await.context("reading whose house this is")?;
        Ok(Account {
            locale,
            ways: me.ways("account"),
            login: me.user.login.clone(),
            name: me.user.name.clone(),
            token: me.form_token(),
            is_owner: owner == Some(me.user.id),
            is_wrong,
        })
    }
}
