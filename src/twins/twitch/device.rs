//! Twitch's way in for whoever has no browser to send away: a code for the app, a page for the person.

use super::gate::broken;
use crate::twins::consent::page;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, encoded, json, text};
use crate::twins::world::{Company, DeviceRequest, Endpoint};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "activate.html", config = "web/twins/askama.toml")]
struct ActivatePage<'a> {
    asked: Option<&'a DeviceRequest>,
    is_answered: bool,
    people: &'a [(String, String)],
}

/// `POST /device`
pub(super) async fn ask(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let place = shared.url("/twitch/activate");
    let answer = shared.with(|world, now| {
        attempt(world, Endpoint::DeviceCode, None, now, broken, |world| {
            let client = form.text("client_id");
            if world.app(Company::Twitch, client).is_none() {
                return json(400, json!({"status": 400, "message": "invalid client"}));
            }
            let scopes = form.text("scopes").split_whitespace().map(str::to_owned).collect();
            let asked = world.ask_device(client, scopes, now);
            let uri = format!("{place}?public=true&device-code={}", encoded(&asked.user_code));
            json(
                200,
                json!({
                    "device_code": asked.device_code,
                    "expires_in": (asked.expires_at - now).num_seconds(),
                    "interval": world.pace.device_interval.as_secs(),
                    "user_code": asked.user_code,
                    "verification_uri": uri,
                }),
            )
        })
    });
    or_hang(&shared, answer).await
}

/// The page on which a person says yes or no.
pub(super) async fn show(State(shared): State<Arc<Shared>>, Query(params): Query<Params>) -> Response {
    let (asked, people) = shared.with(|world, now| {
        let people: Vec<_> = world.persons().iter().map(|p| (p.login.clone(), p.name.clone())).collect();
        (world.asked_device(params.text("device-code"), now).cloned(), people)
    });
    page(&ActivatePage { asked: asked.as_ref(), is_answered: false, people: &people })
}

/// What the person says there.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let code = form.text("device-code");
    if shared.with(|world, now| world.answer_device(code, form.get("login"), now)) {
        page(&ActivatePage { asked: None, is_answered: true, people: &[] })
    } else {
        text(400, "This code is not valid")
    }
}
