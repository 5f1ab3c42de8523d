//! The page on which a person lets an app in, for both companies: choose who you are, or say no.

use super::shared::Shared;
use super::wire::{Params, with_query};
use super::world::{CodeRequest, Company, World};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "consent.html", config = "web/twins/askama.toml")]
struct ConsentPage<'a> {
    company: &'static str,
    request: &'a CodeRequest,
    people: Vec<(String, String)>,
    parameters: &'a [(String, String)],
}

/// Why nobody is asked: told here, or told to the app.
enum Wrong {
    Here(&'static str),
    ToApp(&'static str),
}

/// The page, or what is wrong with the request.
pub(super) fn ask(shared: &Arc<Shared>, company: Company, params: &Params) -> Response {
    let asked =
        shared.with(|world, _| request(world, company, params).map(|request| (request, people(world))));
    match asked {
        Ok((request, people)) => {
            let parameters = params.pairs();
            page(&ConsentPage { company: name(company), request: &request, people, parameters })
        }
        Err(wrong) => refuse(&wrong, params),
    }
}

/// The person's answer, on its way back to the app.
pub(super) fn answer(shared: &Arc<Shared>, company: Company, params: &Params) -> Response {
    let Some(login) = params.get("login") else { return refuse(&Wrong::ToApp("access_denied"), params) };
    let code = shared
        .with(|world, now| request(world, company, params).map(|request| world.consent(login, request, now)));
    match code {
        Ok(code) => back(params, "code", &code),
        Err(wrong) => refuse(&wrong, params),
    }
}

fn request(world: &World, company: Company, params: &Params) -> Result<CodeRequest, Wrong> {
    let client_id = params.text("client_id").to_owned();
    world.app(company, &client_id).ok_or(Wrong::Here("INVALID_CLIENT: Invalid client"))?;
    let redirect_uri = params.text("redirect_uri").to_owned();
    if !may_redirect(company, &redirect_uri) || !world.may_redirect(&client_id, &redirect_uri) {
        return Err(Wrong::Here("INVALID_CLIENT: Invalid redirect URI"));
    }
    if params.text("response_type") != "code" {
        return Err(Wrong::ToApp("unsupported_response_type"));
    }
    let challenge = challenge(company, params)?;
    let scopes = params.text("scope").split_whitespace().map(str::to_owned).collect();
    Ok(CodeRequest { company, client_id, redirect_uri, scopes, challenge })
}

/// Spotify takes S256 challenges only; Twitch documents none.
fn challenge(company: Company, params: &Params) -> Result<Option<String>, Wrong> {
    match (company, params.get("code_challenge")) {
        (Company::Twitch, _) | (_, None) => Ok(None),
        (_, Some(_)) if params.text("code_challenge_method") != "S256" => {
            Err(Wrong::ToApp("invalid_request"))
        }
        (_, Some(challenge)) => Ok(Some(challenge.to_owned())),
    }
}

/// HTTPS, or HTTP on a loopback literal; Twitch also takes `localhost`.
fn may_redirect(company: Company, uri: &str) -> bool {
    let hosts: &[&str] = match company {
        Company::Spotify => &["127.0.0.1", "[::1]"],
        Company::Twitch => &["127.0.0.1", "[::1]", "localhost"],
    };
    let loopback = |host: &&str| {
        uri.strip_prefix("http://")
            .and_then(|rest| rest.strip_prefix(host))
            .is_some_and(|rest| rest.starts_with([':', '/']))
    };
    uri.starts_with("https://") || hosts.iter().any(loopback)
}

fn refuse(wrong: &Wrong, params: &Params) -> Response {
    match wrong {
        Wrong::Here(message) => (StatusCode::BAD_REQUEST, *message).into_response(),
        Wrong::ToApp(error) => back(params, "error", error),
    }
}

fn back(params: &Params, name: &str, value: &str) -> Response {
    let mut query = vec![(name, value)];
    query.extend(params.get("state").map(|state| ("state", state)));
    Redirect::to(&with_query(params.text("redirect_uri"), &query)).into_response()
}

fn people(world: &World) -> Vec<(String, String)> {
    world.persons().iter().map(|person| (person.login.clone(), person.name.clone())).collect()
}

fn name(company: Company) -> &'static str {
    match company {
        Company::Spotify => "Spotify",
        Company::Twitch => "Twitch",
    }
}

/// A rendered page.
pub(super) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => Html(body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
