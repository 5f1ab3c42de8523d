//! Whatever is about a person themselves, whether they stream here or only help: everything about them, and leaving.

use super::me::{Filler, LoggedIn, Me, asked_of};
use crate::http::AppError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Somebody who is logged in and means themselves; whoever names a streamer they help means somebody else.
#[derive(Debug, Clone)]
pub struct Oneself(pub Me);

impl<S: Send + Sync> FromRequestParts<S> for Oneself {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let asked = asked_of(parts)?;
        let LoggedIn(me) = <LoggedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let is_other = asked.is_some_and(|login| login != me.user.login);
        if is_other { Err(AppError::Forbidden) } else { Ok(Self(me)) }
    }
}

impl Filler for Oneself {
    fn form_token(&self) -> Option<String> {
        Some(self.0.form_token())
    }
}
