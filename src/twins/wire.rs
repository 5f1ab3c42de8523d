//! Small things of HTTP that both companies need: parameters, tokens in headers, JSON answers.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;

/// Parameters of a query or a form; a name may come more than once.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// The first parameter of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first parameter of this name, or nothing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All parameters of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All parameters.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// The text of a header, if it is text.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// What stands behind a scheme such as `Bearer` in the `Authorization` header.
pub(super) fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (given, rest) = header(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// A JSON answer.
pub(super) fn json(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
}

/// A text.
pub(super) fn text(status: u16, body: &'static str) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body).into_response()
}

/// The address `base` with more parameters in its query.
pub(super) fn with_query(base: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = base.to_owned();
    for (name, value) in parameters {
        let separator = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{separator}{name}={}", encoded(value));
    }
    url
}

/// A text, percent-encoded for a query.
pub(super) fn encoded(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
