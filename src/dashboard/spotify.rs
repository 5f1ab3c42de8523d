//! `/dashboard/spotify`: the link to Spotify, its test, and the app that a streamer brings. A form leads back to the page,
//! which says what was done.

use super::Dashboard;
use super::spotify_view::Page;
use super::spotify_words::{done, not_taken};
use super::view::Answer;
use crate::accounts::{BroughtApp, Inside, LinkView, Me, NotTaken, Nothing, Posted};
use crate::audit::{By, Deed};
use crate::base::id::UserId;
use crate::http::{AppError, private};
use crate::i18n::Locale;
use crate::live::Trial;
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/spotify", get(page))
        .route("/dashboard/spotify/test", post(test))
        .route("/dashboard/spotify/app", post(bring))
        .route("/dashboard/spotify/forget", post(forget))
}

#[derive(Deserialize)]
struct Asked {
    /// What has just been done.
    done: Option<String>,
    /// There is when somebody has just linked.
    linked: Option<String>,
}

#[derive(Deserialize)]
struct Brought {
    client_id: String,
    #[serde(default)]
    client_secret: SecretString,
}

async fn page(
    State(dashboard): State<Dashboard>,
    Inside(me): Inside<Me>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    let said = asked.done.as_deref().and_then(|what| done(what, locale));
    let answer = said.map(|said| Answer { text: said.text, is_bad: false });
    let page = dashboard.spotify_page(&me, locale, asked.linked.is_some(), answer).await?;
    Ok(private(locale, StatusCode::OK, page.render()))
}

async fn test(
    State(dashboard): State<Dashboard>,
    Posted { me, .. }: Posted<Nothing>,
) -> Result<Response, AppError> {
    dashboard.controls.test_link(me.user.id).await?;
    Ok(Redirect::to("/dashboard/spotify#test").into_response())
}

async fn bring(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Brought>,
) -> Result<Response, AppError> {
    let secret = form.client_secret.expose_secret().trim().to_owned();
    let client_secret = Some(secret).filter(|secret| !secret.is_empty()).map(SecretString::from);
    let app = BroughtApp { client_id: form.client_id.trim().to_owned(), client_secret };
    let (user, client_id) = (me.user.id, app.client_id.clone());
    match dashboard.brought.take(user, app).await {
        Ok(is_known) => {
            dashboard.audit.note(user, &By::Streamer, Deed::AppBrought, &client_id).await;
            Ok(back(if is_known { "saved" } else { "unchecked" }))
        }
        Err(NotTaken::Internal(error)) => Err(error.into()),
        Err(why) => dashboard.refuse_app(&me, locale, &why).await,
    }
}

async fn forget(
    State(dashboard): State<Dashboard>,
    Posted { me, .. }: Posted<Nothing>,
) -> Result<Response, AppError> {
    let user = me.user.id;
    if dashboard.brought.forget(user).await.context("forgetting an app")? {
        dashboard.audit.note(user, &By::Streamer, Deed::AppForgotten, "").await;
    }
    Ok(back("removed"))
}

/// Back to the page, where it was.
fn back(done: &str) -> Response {
    Redirect::to(&format!("/dashboard/spotify?done={done}#own")).into_response()
}

impl Dashboard {
    /// The page once more, with why an app was not taken.
    async fn refuse_app(&self, me: &Me, locale: Locale, why: &NotTaken) -> Result<Response, AppError> {
        let answer = Answer { text: not_taken(why, locale), is_bad: true };
        let page = self.spotify_page(me, locale, false, Some(answer)).await?;
        Ok(private(locale, StatusCode::BAD_REQUEST, page.render()))
    }

    async fn spotify_page(
        &self,
        me: &Me,
        locale: Locale,
        has_linked: bool,
        answer: Option<Answer>,
    ) -> anyhow::Result<Page> {
        let id = me.user.id;
        let link = self.accounts.link(id).await.context("reading a link")?;
        let trial = self.trial(id, link.as_ref(), has_linked).await?;
        Ok(Page {
            locale,
            now: self.clock.now(),
            user: me.user.clone(),
            ways: me.ways("spotify"),
            token: me.form_token(),
            purse: link.as_ref().map(|link| self.controls.purse(&link.client_id)),
            link,
            own: self.brought.of(id).await?,
            house: self.brought.spotify.own_client_id(),
            redirect_uri: self.redirect_uri.clone(),
            trial,
            answer,
        })
    }

    /// The last test of this link. One that has just been made is tested, once.
    async fn trial(
        &self,
        user: UserId,
        link: Option<&LinkView>,
        has_linked: bool,
    ) -> anyhow::Result<Option<Trial>> {
        let id = link.map(|link| link.id);
        match self.controls.last_test(user).filter(|trial| trial.link == id) {
            None if has_linked && id.is_some() => self.controls.test_link(user).await.map(Some),
            last => Ok(last),
        }
    }
}
