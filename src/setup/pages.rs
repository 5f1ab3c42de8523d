//! `/setup`: the code, then the apps. While the house has no owner the setup code is the guard, wherever the browser is;
//! afterwards the owner alone is let in.

use super::model::{Company, Refusal, Typed};
use super::view::{CodePage, Panel, SetupPage};
use super::{EnterError, Setup};
use crate::accounts::rules::spotify_site;
use crate::accounts::{LoggedIn, login_page};
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, is_same_origin, private};
use crate::i18n::Locale;
use anyhow::Context as _;
use axum::extract::{Query, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// How long a browser that has shown the code is let in: apps are not made in a minute.
const KEPT: i64 = 86_400;

/// What the room's handlers need.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The room.
    pub setup: Setup,
    /// The cookie of who has typed the setup code.
    pub cookie: SecretCookie,
    /// How often anybody may be wrong about the setup code.
    pub wrong_codes: Limits<()>,
    /// Under which URL people reach us.
    pub public_url: Url,
    /// On which port we listen.
    pub port: u16,
}

#[derive(Deserialize)]
struct Arrival {
    done: Option<String>,
}

/// What was sent, by the form that it came from.
#[derive(Deserialize)]
#[serde(tag = "step", rename_all = "lowercase")]
enum Step {
    Code { code: String },
    Twitch(Fields),
    Spotify(Fields),
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: SecretString,
    forget: Option<String>,
    token: Option<String>,
}

/// Who stands before the door.
enum Caller {
    /// Whoever holds the setup code of a house without an owner.
    Holder,
    /// The owner, and what their forms repeat.
    Owner(String),
}

/// What is shown instead of the page.
enum Barred {
    /// The code is asked for.
    Code,
    /// Somebody has to log in.
    Login,
    /// This is nobody's business.
    Nothing,
}

/// The room's routes.
pub fn router(desk: Desk) -> Router {
    Router::new().route("/setup", get(show).post(enter)).with_state(desk)
}

/// Middleware: while there is nothing to log in with, whoever wants to is led to the setup, and so is whoever comes to a
/// house in which nobody streams yet.
pub async fn lead(setup: &Setup, request: Request, next: Next) -> Response {
    let is_login = ["/auth/twitch", "/auth/twitch/device", "/dashboard"].contains(&request.uri().path());
    let is_asked = request.method() == Method::GET && (is_login || request.uri().path() == "/");
    if is_asked && setup.leads(is_login).await {
        return Redirect::to("/setup").into_response();
    }
    next.run(request).await
}

async fn show(
    State(desk): State<Desk>,
    me: Option<LoggedIn>,
    Query(arrival): Query<Arrival>,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    match desk.caller(me, &headers).await? {
        Ok(caller) => {
            let done = [Company::Twitch, Company::Spotify]
                .into_iter()
                .find(|company| arrival.done.as_deref() == Some(company.word()));
            Ok(desk.page(&caller, locale, StatusCode::OK, done, None))
        }
        Err(barred) => barred.answer(locale, StatusCode::OK),
    }
}

async fn enter(
    State(desk): State<Desk>,
    me: Option<LoggedIn>,
    headers: HeaderMap,
    locale: Locale,
    Form(step): Form<Step>,
) -> Result<Response, AppError> {
    if !is_same_origin(&headers, &desk.public_url.origin().ascii_serialization()) {
        return Err(AppError::Forbidden);
    }
    let (company, fields) = match step {
        Step::Code { code } => return desk.take_code(me, &headers, &code, locale).await,
        Step::Twitch(fields) => (Company::Twitch, fields),
        Step::Spotify(fields) => (Company::Spotify, fields),
    };
    match desk.caller(me, &headers).await? {
        Ok(caller) if caller.sent(&fields) => desk.take_app(&caller, company, &fields, locale).await,
        Ok(_) => Err(AppError::Forbidden),
        Err(barred) => barred.answer(locale, StatusCode::FORBIDDEN),
    }
}

impl Caller {
    /// Whether a form is one that was made for them.
    fn sent(&self, fields: &Fields) -> bool {
        match self {
            Self::Holder => true,
            Self::Owner(token) => fields.token.as_ref() == Some(token),
        }
    }
}

impl Setup {
    /// Whether somebody is led here who wants to log in, or just comes by. While the database does not answer, nobody is.
    async fn leads(&self, is_login: bool) -> bool {
        let is_first = self.is_first().await.unwrap_or(false);
        is_first && (is_login || self.accounts.all().await.is_ok_and(|people| people.is_empty()))
    }
}

impl Desk {
    /// Who it is, or what they are shown.
    async fn caller(
        &self,
        me: Option<LoggedIn>,
        headers: &HeaderMap,
    ) -> Result<Result<Caller, Barred>, AppError> {
        let flows = &self.setup.flows;
        let owner = flows.owner().await.context("reading whose house this is")?;
        let holds = || {
            let typed = self.cookie.read(headers);
            typed.is_some_and(|code| flows.is_setup_code(code.expose_secret()))
        };
        Ok(match (owner, me) {
            (Some(owner), Some(LoggedIn(me))) if me.user.id == owner => Ok(Caller::Owner(me.form_token())),
            (Some(_), Some(_)) => Err(Barred::Nothing),
            (Some(_), None) => Err(Barred::Login),
            (None, _) if holds() => Ok(Caller::Holder),
            (None, _) => Err(Barred::Code),
        })
    }

    /// Takes the setup code, while it opens anything.
    async fn take_code(
        &self,
        me: Option<LoggedIn>,
        headers: &HeaderMap,
        code: &str,
        locale: Locale,
    ) -> Result<Response, AppError> {
        match self.caller(me, headers).await? {
            Ok(_) => return Ok(Redirect::to("/setup").into_response()),
            Err(Barred::Code) => {}
            Err(barred) => return barred.answer(locale, StatusCode::FORBIDDEN),
        }
        if !self.setup.flows.is_setup_code(code) {
            self.wrong_codes.check(&())?;
            let html = CodePage { locale, is_wrong: true }.render();
            return Ok(private(locale, StatusCode::FORBIDDEN, html));
        }
        let cookie = AppendHeaders([(SET_COOKIE, self.cookie.set(&code.into(), KEPT))]);
        Ok((cookie, Redirect::to("/setup")).into_response())
    }

    async fn take_app(
        &self,
        caller: &Caller,
        company: Company,
        fields: &Fields,
        locale: Locale,
    ) -> Result<Response, AppError> {
        let typed = Typed::trimmed(&fields.client_id, &fields.client_secret, fields.forget.is_some());
        match self.setup.enter(company, &typed).await {
            Ok(()) => {
                let done = format!("/setup?done={}#content", company.word());
                Ok(Redirect::to(&done).into_response())
            }
            Err(EnterError::Refused(why)) => {
                let status = match why {
                    Refusal::NoAnswer(_) => StatusCode::SERVICE_UNAVAILABLE,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Ok(self.page(caller, locale, status, None, Some((company, &typed.client_id, &why))))
            }
            Err(EnterError::Internal(error)) => Err(error.into()),
        }
    }

    fn page(
        &self,
        caller: &Caller,
        locale: Locale,
        status: StatusCode,
        done: Option<Company>,
        refused: Option<(Company, &str, &Refusal)>,
    ) -> Response {
        let register = &self.setup.register;
        let used = [Company::Twitch, Company::Spotify].map(|company| (company, register.in_use(company)));
        let panels = used.each_ref().map(|(company, in_use)| Panel {
            company: *company,
            given: register.given(*company),
            in_use: in_use.as_deref(),
            address: self.address(*company),
            refused: refused.filter(|(of, ..)| of == company).map(|(_, typed, why)| (typed, why)),
        });
        let token = match caller {
            Caller::Holder => None,
            Caller::Owner(token) => Some(token.clone()),
        };
        private(locale, status, SetupPage { locale, panels, done, token }.render())
    }

    /// The redirect URI that is to be registered with a company.
    fn address(&self, company: Company) -> String {
        match company {
            Company::Twitch => {
                format!("{}/auth/twitch/callback", self.public_url.origin().ascii_serialization())
            }
            Company::Spotify => {
                format!("{}/auth/spotify/callback", spotify_site(&self.public_url, self.port))
            }
        }
    }
}

impl Barred {
    fn answer(&self, locale: Locale, asking: StatusCode) -> Result<Response, AppError> {
        match self {
            Self::Code => Ok(private(locale, asking, CodePage { locale, is_wrong: false }.render())),
            Self::Login => Ok(login_page(locale)),
            Self::Nothing => Err(AppError::NotFound),
        }
    }
}
