//! Spotify's accounts service: consent and the token endpoint.

use super::errors::broken;
use crate::base::clock::Instant;
use crate::twins::consent;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, authorization, json};
use crate::twins::world::{Code, Company, Endpoint, Grant, World};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// `GET /authorize`
pub(super) async fn ask(State(shared): State<Arc<Shared>>, Query(params): Query<Params>) -> Response {
    consent::ask(&shared, Company::Spotify, &params)
}

/// What the person says on that page.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, Form(params): Form<Params>) -> Response {
    consent::answer(&shared, Company::Spotify, &params)
}

/// `POST /api/token`
pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Params>,
) -> Response {
    let answer = shared.with(|world, now| {
        let refreshes = form.text("grant_type") == "refresh_token";
        let endpoint = if refreshes { Endpoint::RefreshGrant } else { Endpoint::CodeGrant };
        let owner = world.refresh_owner(Company::Spotify, form.text("refresh_token"));
        let login = owner.and_then(|owner| owner.login.clone());
        attempt(world, endpoint, login, now, broken, |world| answered(granted(world, &headers, &form, now)))
    });
    or_hang(&shared, answer).await
}

type Denied = (&'static str, &'static str);

/// How the app proved who it is.
struct Client {
    id: String,
    confidential: bool,
}

fn answered(answer: Result<Grant, Denied>) -> Response {
    match answer {
        Ok(grant) => json(200, body(&grant)),
        Err((error, description)) => json(400, json!({"error": error, "error_description": description})),
    }
}

fn body(grant: &Grant) -> Value {
    let mut body = json!({
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "scope": grant.scopes.join(" "),
        "expires_in": grant.expires_in.as_secs(),
    });
    if let Some(refresh_token) = &grant.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    body
}

fn granted(world: &mut World, headers: &HeaderMap, form: &Params, now: Instant) -> Result<Grant, Denied> {
    let client = client(world, headers, form)?;
    match form.text("grant_type") {
        "authorization_code" => redeemed(world, form, &client, now),
        "refresh_token" => world
            .refresh(Company::Spotify, form.text("refresh_token"), &client.id, now)
            .ok_or(("invalid_grant", "Refresh token revoked")),
        _ => Err(("unsupported_grant_type", "grant_type parameter is missing or unknown")),
    }
}

fn client(world: &World, headers: &HeaderMap, form: &Params) -> Result<Client, Denied> {
    let unknown = ("invalid_client", "Invalid client");
    if let Some(basic) = authorization(headers, "Basic") {
        let decoded = BASE64.decode(basic.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = decoded.as_deref().and_then(|text| text.split_once(':')).ok_or(unknown)?;
        let app = world.app(Company::Spotify, pair.0).ok_or(unknown)?;
        let proven = app.secret == pair.1;
        return proven
            .then(|| Client { id: app.id.clone(), confidential: true })
            .ok_or((unknown.0, "Invalid client secret"));
    }
    let app = world.app(Company::Spotify, form.text("client_id")).ok_or(unknown)?;
    Ok(Client { id: app.id.clone(), confidential: false })
}

fn redeemed(world: &mut World, form: &Params, client: &Client, now: Instant) -> Result<Grant, Denied> {
    let code = world
        .redeem(Company::Spotify, form.text("code"), now)
        .filter(|code| code.bearer.client_id == client.id)
        .ok_or(("invalid_grant", "Invalid authorization code"))?;
    if code.redirect_uri != form.text("redirect_uri") {
        return Err(("invalid_grant", "Invalid redirect URI"));
    }
    prove(&code, form.get("code_verifier"), client)?;
    Ok(world.grant(Company::Spotify, code.bearer, now))
}

/// The verifier must fit the challenge; who gave no challenge needs the secret.
fn prove(code: &Code, verifier: Option<&str>, client: &Client) -> Result<(), Denied> {
    match (&code.challenge, verifier) {
        (None, _) if client.confidential => Ok(()),
        (None, _) => Err(("invalid_client", "Invalid client secret")),
        (Some(_), None) => Err(("invalid_request", "code_verifier required")),
        (Some(challenge), Some(verifier)) if fits(challenge, verifier) => Ok(()),
        (Some(_), Some(_)) => Err(("invalid_grant", "code_verifier was incorrect")),
    }
}

fn fits(challenge: &str, verifier: &str) -> bool {
    (43..=128).contains(&verifier.len()) && BASE64URL_NOPAD.encode(&Sha256::digest(verifier)) == challenge
}
