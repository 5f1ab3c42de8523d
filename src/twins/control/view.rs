//! What the control page and its JSON show of the world.

use crate::base::clock::Instant;
use crate::twins::world::{Endpoint, Fault, Item, ItemKind, Scene, Sight, World, seconds};
use chrono::SecondsFormat;
use serde::Serialize;

/// What is seen of one person.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) twitch_id: String,
    /// Since when on air, as Twitch writes it.
    pub(super) live_since: Option<String>,
    pub(super) stream_id: Option<String>,
    pub(super) playing: Playing,
    /// What waits in the queue, in words; empty when nothing does.
    pub(super) next: String,
    pub(super) faults: Vec<String>,
    /// Looks at the player, both endpoints together.
    pub(super) looks: u64,
    pub(super) refreshes: u64,
}

/// What is on, in words and numbers.
#[derive(Debug, Serialize)]
pub(super) struct Playing {
    /// `track`, `local`, `episode`, `ad`, `unknown`, `private`, `nothing` or `no_device`.
    pub(super) kind: &'static str,
    /// Playing, paused, or why there is nothing to see.
    pub(super) state: &'static str,
    pub(super) title: String,
    pub(super) artist: String,
    pub(super) cover: String,
    pub(super) progress_ms: u128,
    pub(super) duration_ms: u128,
}

/// One subscription.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) kind: String,
    pub(super) about: String,
    pub(super) standing: &'static str,
    pub(super) transport: &'static str,
}

/// One call.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    pub(super) at: String,
    pub(super) endpoint: String,
    pub(super) login: String,
    pub(super) status: u16,
}

/// All that is seen.
#[derive(Debug, Serialize)]
pub(super) struct State {
    pub(super) now: Instant,
    pub(super) persons: Vec<Person>,
    pub(super) subscriptions: Vec<Told>,
    pub(super) calls: Vec<Asked>,
}

/// How many calls are shown.
const CALLS: usize = 12;

/// Everything, as it is now.
pub(super) fn state(world: &mut World, now: Instant) -> State {
    let logins: Vec<String> = world.persons().iter().map(|person| person.login.clone()).collect();
    State {
        now,
        persons: logins.iter().filter_map(|login| person(world, login, now)).collect(),
        subscriptions: subscriptions(world),
        calls: world.recent_calls().rev().take(CALLS).map(asked).collect(),
    }
}

fn person(world: &mut World, login: &str, now: Instant) -> Option<Person> {
    let (playing, next) = (playing(world, login, now), next(world, login, now));
    let person = world.person(login)?;
    let on = world.broadcast(login);
    Some(Person {
        login: person.login.clone(),
        name: person.name.clone(),
        twitch_id: person.twitch_id.clone(),
        live_since: on.map(|on| seconds(on.started_at)),
        stream_id: on.map(|on| on.id.clone()),
        playing,
        next,
        faults: world.faults_of(login, now).iter().map(fault).collect(),
        looks: world.calls_of(login, Endpoint::Player) + world.calls_of(login, Endpoint::CurrentlyPlaying),
        refreshes: world.calls_of(login, Endpoint::RefreshGrant),
    })
}

fn playing(world: &mut World, login: &str, now: Instant) -> Playing {
    match world.look(login, now) {
        Sight::On(scene) => on(&scene),
        Sight::NoDevice => nothing("no_device", "Device lost"),
        Sight::Nothing if world.is_private(login) => nothing("private", "Private session"),
        Sight::Nothing => nothing("nothing", "Silence"),
    }
}

fn next(world: &mut World, login: &str, now: Instant) -> String {
    let waiting = world.waiting(login, now);
    // Isolated, so that a title written from the right does not turn its neighbours around.
    let isolated = |item: &Item| format!("\u{2068}{}\u{2069}", item.kind.name());
    let titles: Vec<String> = waiting.iter().map(isolated).collect();
    if titles.is_empty() { String::new() } else { format!("Next: {}", titles.join(" · ")) }
}

fn on(scene: &Scene) -> Playing {
    let (kind, cover, title) = match &scene.item.kind {
        ItemKind::Track(track) => ("track", track.album.id.as_str(), scene.item.kind.name()),
        ItemKind::Local { .. } => ("local", "local", scene.item.kind.name()),
        ItemKind::Episode { .. } => ("episode", "podcast", scene.item.kind.name()),
        ItemKind::Ad => ("ad", "ad", "Advertisement"),
        ItemKind::Unknown => ("unknown", "unknown", "Unknown"),
    };
    Playing {
        kind,
        state: if scene.is_playing { "Playing" } else { "Paused" },
        title: title.to_owned(),
        artist: scene.item.kind.artist(),
        cover: format!("/spotify/covers/{cover}.svg"),
        progress_ms: scene.progress.as_millis(),
        duration_ms: scene.item.length.as_millis(),
    }
}

fn nothing(kind: &'static str, state: &'static str) -> Playing {
    let (title, artist, cover) =
        ("Nothing to see".to_owned(), String::new(), "/spotify/covers/silence.svg".to_owned());
    Playing { kind, state, title, artist, cover, progress_ms: 0, duration_ms: 1 }
}

fn fault(fault: &Fault) -> String {
    let kind = fault.kind.words();
    fault.endpoint.map_or_else(|| kind.clone(), |endpoint| format!("{kind} at {endpoint:?}"))
}

fn subscriptions(world: &World) -> Vec<Told> {
    let about = |id: &str| world.person_by_twitch_id(id).map_or_else(|| id.to_owned(), |p| p.login.clone());
    let told = |s: &crate::twins::Subscription| Told {
        kind: s.wish.kind.clone(),
        about: about(s.wish.condition["broadcaster_user_id"].as_str().unwrap_or_default()),
        standing: s.standing.word(),
        transport: s.wish.transport.word(),
    };
    world.subscriptions().iter().map(told).collect()
}

fn asked(call: &crate::twins::Call) -> Asked {
    Asked {
        at: call.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        endpoint: format!("{:?}", call.endpoint),
        login: call.login.clone().unwrap_or_default(),
        status: call.status,
    }
}
