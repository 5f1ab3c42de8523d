//! Twitch's id service: consent, tokens of all grants, validation, revocation. Device codes have a file of their own.

use super::gate::broken;
use crate::base::clock::Instant;
use crate::twins::consent;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, authorization, json};
use crate::twins::world::{Company, DeviceError, Endpoint, Grant, World};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /authorize`
pub(super) async fn ask(State(shared): State<Arc<Shared>>, Query(params): Query<Params>) -> Response {
    consent::ask(&shared, Company::Twitch, &params)
}

/// What the person says on that page.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, Form(params): Form<Params>) -> Response {
    consent::answer(&shared, Company::Twitch, &params)
}

/// `POST /token`
pub(super) async fn token(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let answer = shared.with(|world, now| {
        let owner = world.refresh_owner(Company::Twitch, form.text("refresh_token"));
        let login = owner.and_then(|owner| owner.login.clone());
        attempt(world, Endpoint::TwitchToken, login, now, broken, |world| {
            answered(granted(world, &form, now))
        })
    });
    or_hang(&shared, answer).await
}

/// `GET /validate`
pub(super) async fn validate(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let token =
        authorization(&headers, "OAuth").or_else(|| authorization(&headers, "Bearer")).unwrap_or_default();
    let answer = shared.with(|world, now| {
        let login =
            world.bearer(Company::Twitch, token, now).ok().and_then(|(bearer, _)| bearer.login.clone());
        attempt(world, Endpoint::Validate, login, now, broken, |world| answered(validated(world, token, now)))
    });
    or_hang(&shared, answer).await
}

/// `POST /revoke`
pub(super) async fn revoke(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let answer = shared.with(|world, now| {
        attempt(world, Endpoint::Revoke, None, now, broken, |world| {
            let client = form.text("client_id");
            if world.app(Company::Twitch, client).is_none() {
                return answered(Err((404, "client does not exist")));
            }
            let gone = world.revoke_twitch_token(form.text("token"), client);
            if gone { StatusCode::OK.into_response() } else { answered(Err((400, "Invalid token"))) }
        })
    });
    or_hang(&shared, answer).await
}

type Answer = Result<Value, (u16, &'static str)>;

fn answered(answer: Answer) -> Response {
    match answer {
        Ok(body) => json(200, body),
        Err((status, message)) => json(status, json!({"status": status, "message": message})),
    }
}

fn granted(world: &mut World, form: &Params, now: Instant) -> Answer {
    let client = form.text("client_id").to_owned();
    let app = world.app(Company::Twitch, &client).ok_or((400, "invalid client"))?;
    let (secret, is_public) = (form.get("client_secret"), app.is_public());
    if secret.is_some_and(|secret| secret != app.secret) {
        return Err((403, "invalid client secret"));
    }
    match form.text("grant_type") {
        "urn:ietf:params:oauth:grant-type:device_code" => by_device(world, form, &client, now),
        "refresh_token" if is_public || secret.is_some() => refreshed(world, form, &client, now),
        "client_credentials" | "authorization_code" | "refresh_token" if secret.is_none() => {
            Err((400, "missing client secret"))
        }
        "client_credentials" => Ok(app_token(&world.grant_app(Company::Twitch, &client, now))),
        "authorization_code" => redeemed(world, form, &client, now),
        "" => Err((400, "missing grant type")),
        _ => Err((400, "invalid grant type")),
    }
}

fn refreshed(world: &mut World, form: &Params, client: &str, now: Instant) -> Answer {
    let old =
        form.get("refresh_token").filter(|token| !token.is_empty()).ok_or((400, "missing refresh token"))?;
    let grant = world.refresh(Company::Twitch, old, client, now).ok_or((400, "Invalid refresh token"))?;
    let refresh_token = grant.refresh_token.clone().unwrap_or_else(|| old.to_owned());
    Ok(user_token(&Grant { refresh_token: Some(refresh_token), ..grant }))
}

fn by_device(world: &mut World, form: &Params, client: &str, now: Instant) -> Answer {
    match world.redeem_device(form.text("device_code"), client, now) {
        Ok(bearer) => Ok(user_token(&world.grant(Company::Twitch, bearer, now))),
        Err(DeviceError::Pending) => Err((400, "authorization_pending")),
        Err(DeviceError::Invalid) => Err((400, "invalid device code")),
    }
}

fn redeemed(world: &mut World, form: &Params, client: &str, now: Instant) -> Answer {
    let code =
        world.redeem(Company::Twitch, form.text("code"), now).ok_or((400, "Invalid authorization code"))?;
    if code.bearer.client_id != client {
        return Err((400, "Invalid authorization code"));
    }
    if code.redirect_uri != form.text("redirect_uri") {
        return Err((400, "Parameter redirect_uri does not match registered URI"));
    }
    Ok(user_token(&world.grant(Company::Twitch, code.bearer, now)))
}

fn validated(world: &World, token: &str, now: Instant) -> Answer {
    let Ok((bearer, until)) = world.bearer(Company::Twitch, token, now) else {
        return Err((401, "invalid access token"));
    };
    let mut body = json!({
        "client_id": bearer.client_id,
        "scopes": bearer.scopes,
        "expires_in": (until - now).num_seconds(),
    });
    if let Some(person) = bearer.login.as_deref().and_then(|login| world.person(login)) {
        body["login"] = json!(person.login);
        body["user_id"] = json!(person.twitch_id);
    }
    Ok(body)
}

fn app_token(grant: &Grant) -> Value {
    json!({
        "access_token": grant.access_token,
        "expires_in": grant.expires_in.as_secs(),
        "token_type": "bearer",
    })
}

fn user_token(grant: &Grant) -> Value {
    json!({
        "access_token": grant.access_token,
        "expires_in": grant.expires_in.as_secs(),
        "refresh_token": grant.refresh_token,
        "scope": grant.scopes,
        "token_type": "bearer",
    })
}
