//! `/dashboard/team`: who helps, which programs hold a key, and who did what. The streamer's alone.

mod api;
mod view;
mod words;

use super::Dashboard;
use super::view::Answer;
use crate::accounts::{Inside, KeyError, Me, NamingError, Posted};
use crate::base::id::{AuditId, KeyId};
use crate::db::DbError;
use crate::http::{AppError, private};
use crate::i18n::{Locale, messages};
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use secrecy::SecretString;
use serde::Deserialize;
use view::{Helper, NewKey, Team};
use words::{refused_key, refused_name};

/// How many lines of the log the page shows at a time.
const LINES: u16 = 50;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/team", get(page))
        .route("/dashboard/team/moderators", post(name))
        .route("/dashboard/team/moderators/remove", post(remove))
        .route("/dashboard/team/keys", post(make))
        .route("/dashboard/team/keys/revoke", post(revoke))
        .merge(api::router())
}

#[derive(Deserialize)]
struct Asked {
    saved: Option<String>,
    before: Option<AuditId>,
}

#[derive(Deserialize)]
struct Named {
    login: String,
}

/// A key to be made: a box that is not ticked is not sent.
#[derive(Deserialize)]
struct Wanted {
    name: String,
    read: Option<String>,
    curate: Option<String>,
    track: Option<String>,
    settings: Option<String>,
}

#[derive(Deserialize)]
struct Revoked {
    key: String,
}

impl Wanted {
    fn scopes(&self) -> Vec<&'static str> {
        let boxes = [
            ("read", &self.read),
            ("curate", &self.curate),
            ("track", &self.track),
            ("settings", &self.settings),
        ];
        boxes.into_iter().filter(|(_, ticked)| ticked.is_some()).map(|(word, _)| word).collect()
    }
}

async fn page(
    State(dashboard): State<Dashboard>,
    Inside(me): Inside<Me>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    let saved = &messages(locale).dashboard.saved;
    let answer = asked.saved.map(|_| Answer { text: saved.clone(), is_bad: false });
    let team = dashboard.team(&me, locale, asked.before).await?;
    Ok(private(locale, StatusCode::OK, Team { answer, ..team }.render()))
}

async fn name(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Named>,
) -> Result<Response, AppError> {
    match dashboard.moderators.name(&me.user, &form.login).await {
        Ok(()) => Ok(back("moderators")),
        Err(NamingError::Database(error)) => Err(anyhow::Error::new(error).into()),
        Err(refused) => dashboard.refuses(&me, locale, refused_name(&refused, locale)).await,
    }
}

async fn remove(
    State(dashboard): State<Dashboard>,
    Posted { me, form }: Posted<Named>,
) -> Result<Response, AppError> {
    dashboard.moderators.remove(&me.user, &form.login).await.context("removing a moderator")?;
    Ok(back("moderators"))
}

/// The key is in the answer itself, which nobody keeps: it is shown this once.
async fn make(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Wanted>,
) -> Result<Response, AppError> {
    match dashboard.keys.make(me.user.id, &form.name, form.scopes()).await {
        Ok((key, secret)) => dashboard.shows(&me, locale, key.name, secret).await,
        Err(KeyError::Database(error)) => Err(anyhow::Error::new(error).into()),
        Err(refused) => dashboard.refuses(&me, locale, refused_key(&refused, locale)).await,
    }
}

async fn revoke(
    State(dashboard): State<Dashboard>,
    Posted { me, form }: Posted<Revoked>,
) -> Result<Response, AppError> {
    let key: KeyId = form.key.parse().map_err(|_| AppError::NotFound)?;
    dashboard.revoke(&me, key).await?;
    Ok(back("keys"))
}

/// Back to the page, where it was.
fn back(place: &str) -> Response {
    Redirect::to(&format!("/dashboard/team?saved={place}#{place}")).into_response()
}

impl Dashboard {
    /// Takes a key away; false when there is none. Programs that listen with it are sent away.
    async fn revoke(&self, me: &Me, key: KeyId) -> Result<bool, AppError> {
        let revoked = self.keys.revoke(me.user.id, key).await.context("revoking a key")?;
        self.accounts.changed();
        Ok(revoked)
    }

    async fn team(&self, me: &Me, locale: Locale, before: Option<AuditId>) -> anyhow::Result<Team> {
        let user = me.user.id;
        Ok(Team {
            locale,
            user: me.user.clone(),
            ways: me.ways("team"),
            token: me.form_token(),
            moderators: self.helpers(me).await.context("reading moderators")?,
            keys: self.keys.of(user).await.context("reading keys")?,
            log: self.audit.lines(user, before, LINES).await.context("reading the audit log")?,
            before,
            new_key: None,
            answer: None,
        })
    }

    /// Who helps, each with the login code that they need if they need one.
    async fn helpers(&self, me: &Me) -> Result<Vec<Helper>, DbError> {
        let mut helpers = Vec::new();
        for moderator in self.moderators.of(&me.user).await? {
            let code = self.moderators.login_code(&me.user, &moderator).await?;
            helpers.push(Helper { moderator, code });
        }
        Ok(helpers)
    }

    /// The page once more, with why something was not done.
    async fn refuses(&self, me: &Me, locale: Locale, text: String) -> Result<Response, AppError> {
        let answer = Some(Answer { text, is_bad: true });
        let team = Team { answer, ..self.team(me, locale, None).await? };
        Ok(private(locale, StatusCode::BAD_REQUEST, team.render()))
    }

    async fn shows(
        &self,
        me: &Me,
        locale: Locale,
        name: String,
        secret: SecretString,
    ) -> Result<Response, AppError> {
        let team = Team { new_key: Some(NewKey { name, secret }), ..self.team(me, locale, None).await? };
        Ok(private(locale, StatusCode::OK, team.render()))
    }
}
