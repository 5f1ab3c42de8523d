//! The control page: a person plays fate. Every button is an act, every act goes the way of the script and of
//! tests.

mod buttons;
mod view;

use super::act::{Act, Deed};
use super::consent::page;
use super::perform::{order_sockets, perform};
use super::shared::Order;
use super::shared::Shared;
use super::wire::Params;
use super::world::Cue;
use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

const CSS: &str = include_str!("../../../web/twins/twins.css");
const JS: &str = include_str!("../../../web/twins/twins.js");

#[derive(Template)]
#[template(path = "control.html", config = "web/twins/askama.toml")]
struct ControlPage {
    cards: Vec<Card>,
    state: view::State,
    titles: Vec<String>,
}

struct Card {
    person: view::Person,
    groups: Vec<buttons::Group>,
}

/// The page and what it needs.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(show))
        .route("/twins.css", get(|| asset("text/css; charset=utf-8", CSS)))
        .route("/twins.js", get(|| asset("text/javascript; charset=utf-8", JS)))
        .route("/control/state", get(state))
        .route("/control/act", post(act))
        .route("/control/play", post(play))
        .route("/control/persons", post(appear))
        .route("/control/sockets", post(reconnect))
}

fn asset(kind: &'static str, body: &'static str) -> Ready<Response> {
    ready(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body).into_response())
}

async fn show(State(shared): State<Arc<Shared>>) -> Response {
    let (mut state, titles) = shared.with(|world, now| {
        let titles = world.catalogue.tracks().map(|(_, track)| track.name.clone()).collect();
        (view::state(world, now), titles)
    });
    let card = |person: view::Person| Card { groups: buttons::groups(&person.login), person };
    let cards = std::mem::take(&mut state.persons).into_iter().map(card).collect();
    page(&ControlPage { cards, state, titles })
}

async fn state(State(shared): State<Arc<Shared>>) -> Json<view::State> {
    Json(shared.with(view::state))
}

async fn act(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let Ok(act) = serde_json::from_str::<Act>(form.text("act")) else {
        return (StatusCode::BAD_REQUEST, "this is no act").into_response();
    };
    done(&shared, &act)
}

/// Plays or queues a track by its title, for so many seconds if given.
async fn play(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    let title = form.text("title").trim();
    let found = shared.with(|world, _| world.catalogue.find(title));
    let Some(track) = found else { return (StatusCode::NOT_FOUND, "no track of this title").into_response() };
    let seconds: Option<u32> = form.text("seconds").parse().ok();
    let lasting = |seconds: u32| Cue::lasting(track, Duration::from_secs(seconds.max(1).into()));
    let cue = seconds.map_or_else(|| Cue::from(track), lasting);
    let deed = if form.text("how") == "queue" { Deed::Queue(cue) } else { Deed::Play(cue) };
    done(&shared, &Act::of(form.text("login"), deed))
}

async fn appear(State(shared): State<Arc<Shared>>, Form(form): Form<Params>) -> Response {
    done(&shared, &Act::of(form.text("login"), Deed::Appear))
}

async fn reconnect(State(shared): State<Arc<Shared>>) -> Redirect {
    order_sockets(&shared, || Order::Reconnect);
    Redirect::to("/#eventsub")
}

fn done(shared: &Arc<Shared>, act: &Act) -> Response {
    perform(shared, act);
    let login = shared.with(|world, _| world.add_person(&act.login).login.clone());
    Redirect::to(&format!("/#{login}")).into_response()
}

#[cfg(test)]
mod tests {
    use crate::base::clock::SystemClock;
    use crate::twins::{Twins, World};
    use serde_json::Value;

    #[tokio::test]
    async fn a_button_of_the_page_does_what_it_says() {
        let any = "127.0.0.1:0".parse().expect("an address");
        let twins = Twins::start(any, World::demo(1, 1.0), SystemClock::shared()).await.expect("a free port");
        let no_redirect = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(no_redirect).build().expect("a client");
        let at = |path: &str| format!("{}{path}", twins.control_url());
        let page = http.get(at("")).send().await.expect("a page").text().await.expect("text");
        let act = r#"{"login":"ann","deed":"go_live","kind":"live"}"#;
        assert!(page.contains(&act.replace('"', "&#34;")), "the page has the button");
        let answer = http.post(at("control/act")).form(&[("act", act)]).send().await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (303, &"/#ann".parse().expect("text"))
        );
        let odd =
            [("login", "ann"), ("title", "<b>Bold</b> & \"Quoted\""), ("seconds", "90"), ("how", "play")];
        assert_eq!(http.post(at("control/play")).form(&odd).send().await.expect("an answer").status(), 303);
        let state: Value =
            http.get(at("control/state")).send().await.expect("JSON").json().await.expect("JSON");
        assert!(state["persons"][0]["live_since"].is_string());
        assert_eq!(state["persons"][0]["playing"]["duration_ms"], 90_000);
        let page = http.get(at("")).send().await.expect("a page").text().await.expect("text");
        assert!(!page.contains("<b>Bold"), "titles are text");
        for (path, form) in [("control/act", ("act", "{}")), ("control/play", ("title", "No such title"))] {
            assert!(
                http.post(at(path)).form(&[form]).send().await.expect("an answer").status().is_client_error()
            );
        }
        twins.stop().await;
    }
}
