//! How a request that cannot be answered is told: `application/problem+json` under `/api`, a page elsewhere.
//!
//! A handler returns an [`AppError`] and knows neither the language nor which of the two it is: the
//! frame around all handlers decides, in one place, by [`Dress`]. It dresses what the framework refuses as well: a query that does not
//! parse, a method that is not there. Internal errors are logged here, once, and never shown.

use super::layout::{Layout, locale_of};
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// The most of a refusal's own words that is passed on, in bytes.
const LONGEST_DETAIL: usize = 4096;

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such thing, or the asker may not know that there is.
    #[error("not found")]
    NotFound,
    /// The request makes no sense; `detail` tells a developer what is wrong with it.
    #[error("bad request: {detail}")]
    BadRequest {
        /// What is wrong and what is allowed, in English.
        detail: String,
    },
    /// Only for people who are logged in.
    #[error("not logged in")]
    Unauthorized,
    /// Known, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// Over a limit.
    #[error("too many requests")]
    TooMany {
        /// When asking again makes sense.
        retry_after: Duration,
    },
    /// Something we need is away for now.
    #[error("unavailable")]
    Unavailable,
    /// A defect or a surprise: logged, never shown.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// What may be told of an [`AppError`]: it has been logged where that is due, and holds no secret.
#[derive(Debug, Clone)]
struct Failure {
    status: StatusCode,
    detail: Option<String>,
    retry_after: Option<Duration>,
}

/// The body of RFC 9457.
#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl AppError {
    /// The answer for programs: `application/problem+json`.
    #[must_use]
    pub fn into_problem(self) -> Response {
        self.told().problem()
    }

    /// The answer for people: a page in their language.
    #[must_use]
    pub fn into_page(self, locale: Locale) -> Response {
        self.told().page(locale)
    }

    fn told(self) -> Failure {
        if let Self::Internal(error) = &self {
            tracing::error!(error = format!("{error:#}"), "a request failed");
        }
        let status = self.status();
        let retry_after = match self {
            Self::TooMany { retry_after } => Some(retry_after),
            _ => None,
        };
        let detail = match self {
            Self::BadRequest { detail } => Some(detail),
            _ => None,
        };
        Failure { status, detail, retry_after }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for AppError {
    /// A bare status that carries the failure along, for [`Dress`] to tell it.
    fn into_response(self) -> Response {
        let failure = self.told();
        let mut response = failure.status.into_response();
        response.extensions_mut().insert(failure);
        response
    }
}

impl Failure {
    fn problem(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let problem =
            Problem { r#type: "about:blank", title, status: self.status.as_u16(), detail: self.detail };
        let mut response = (self.status, Json(problem)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        later(response, self.retry_after)
    }

    fn page(self, locale: Locale) -> Response {
        let page = ErrorPage { locale, status: self.status }.render();
        later((self.status, Html(page)).into_response(), self.retry_after)
    }
}

/// Says when to come back, in whole seconds, at least one.
fn later(mut response: Response, retry_after: Option<Duration>) -> Response {
    if let Some(wait) = retry_after {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    response
}

/// As what a failure of this request is told: as a problem to programs, as a page in the visitor's language to people.
pub(super) struct Dress {
    for_programs: bool,
    locale: Locale,
}

impl Dress {
    /// Of an answer to this request.
    pub(super) fn of(request: &Request) -> Self {
        let for_programs = is_for_programs(request.uri().path());
        Self { for_programs, locale: locale_of(request.uri(), request.headers()) }
    }

    /// The answer, told so if it is a failure.
    pub(super) async fn tell(self, response: Response) -> Response {
        if !(response.status().is_client_error() || response.status().is_server_error()) {
            return response;
        }
        tell(with_failure(response).await, self.for_programs, self.locale)
    }
}

/// Has a bare refusal of the framework carry a failure; its line of text becomes the detail.
async fn with_failure(mut response: Response) -> Response {
    let status = response.status();
    if !is_bare(&response) {
        return response;
    }
    let body = to_bytes(std::mem::take(response.body_mut()), LONGEST_DETAIL).await.unwrap_or_default();
    let detail = Some(String::from_utf8_lossy(&body).into_owned());
    let detail = detail.filter(|detail| status.is_client_error() && !detail.is_empty());
    response.extensions_mut().insert(Failure { status, detail, retry_after: None });
    response
}

/// Whether an error has neither been told as a problem or a page, nor is one that [`tell`] will tell.
fn is_bare(response: &Response) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    is_error
        && response.extensions().get::<Failure>().is_none()
        && kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}

/// Whether a path is asked by programs: `/api/…` and `/apis/…`.
fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/apis/")
}

fn tell(mut response: Response, for_programs: bool, locale: Locale) -> Response {
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    let mut told = if for_programs { failure.problem() } else { failure.page(locale) };
    if let Some(methods) = response.headers_mut().remove(ALLOW) {
        told.headers_mut().insert(ALLOW, methods);
    }
    told
}

/// The page for what went wrong; with status 404 it is the page for what is not there.
#[derive(Debug, Clone, Copy)]
pub struct ErrorPage {
    /// The language of the page.
    pub locale: Locale,
    /// What went wrong.
    pub status: StatusCode,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    status: StatusCode,
    title: &'a str,
    hint: &'a str,
}

impl ErrorPage {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        let m = messages(self.locale);
        let (title, hint) = words(self.status, m);
        let page = Layout::new(self.locale, fill(&m.error.title, "title", title), hint);
        let template = ErrorTemplate { page, m, status: self.status, title, hint };
        template.render().expect("the template writes to memory only")
    }
}

/// What a page says about a status: a title and one sentence.
fn words(status: StatusCode, m: &Messages) -> (&str, &str) {
    let m = &m.error;
    match status {
        StatusCode::NOT_FOUND => (&m.not_found, &m.not_found_hint),
        StatusCode::UNAUTHORIZED => (&m.unauthorized, &m.unauthorized_hint),
        StatusCode::FORBIDDEN => (&m.forbidden, &m.forbidden_hint),
        StatusCode::TOO_MANY_REQUESTS => (&m.too_many, &m.too_many_hint),
        StatusCode::SERVICE_UNAVAILABLE => (&m.unavailable, &m.unavailable_hint),
        status if status.is_client_error() => (&m.bad_request, &m.bad_request_hint),
        _ => (&m.internal, &m.internal_hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_program_gets_a_problem_that_says_what_is_wrong() {
        let response =
            AppError::BadRequest { detail: "`date` must be YYYY-MM-DD or today".into() }.into_problem();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&body(response).await).expect("JSON");
        assert_eq!(problem["status"], 400);
        assert_eq!(problem["detail"], "`date` must be YYYY-MM-DD or today");
    }

    #[tokio::test]
    async fn details_of_an_internal_error_are_shown_to_nobody() {
        let secret = || AppError::from(anyhow::anyhow!("password=hunter2"));
        assert!(!body(secret().into_problem()).await.contains("hunter2"));
        assert!(!body(secret().into_page(Locale::En)).await.contains("hunter2"));
    }

    #[tokio::test]
    async fn who_is_too_fast_is_told_when_to_come_back() {
        let response = AppError::TooMany { retry_after: Duration::from_millis(1_200) }.into_problem();
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }

    #[tokio::test]
    async fn one_error_is_a_problem_for_programs_and_a_page_for_people() {
        let problem = tell(AppError::NotFound.into_response(), is_for_programs("/api/v1/x"), Locale::Fr);
        assert_eq!(problem.headers()[CONTENT_TYPE], "application/problem+json");
        let page = tell(AppError::NotFound.into_response(), is_for_programs("/streamers/x"), Locale::Fr);
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        let html = body(page).await;
        assert!(html.contains("<html lang=\"fr\"") && html.contains("Page introuvable"), "{html}");
    }

    #[tokio::test]
    async fn what_is_no_failure_passes_untouched() {
        assert_eq!(body(tell("fine".into_response(), false, Locale::En)).await, "fine");
    }
}
