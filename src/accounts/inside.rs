//! Pages behind the login: whoever is not logged in is shown the way in instead.

use super::entrance::login_page;
use crate::http::AppError;
use crate::http::layout::locale_of;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

/// Somebody who opens such a page, as `T` admits them. For pages only: a form or a program is told 401.
#[derive(Debug, Clone)]
pub struct Inside<T>(pub T);

impl<S: Send + Sync, T: FromRequestParts<S, Rejection = AppError>> FromRequestParts<S> for Inside<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(parts, state).await.map(Self).map_err(|error| match error {
            AppError::Unauthorized => login_page(locale_of(&parts.uri, &parts.headers)),
            error => error.into_response(),
        })
    }
}
