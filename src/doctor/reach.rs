//! The checks of what lies elsewhere: clocks, apps, subscriptions, and our own front door seen from outside.

use super::model::{Finding, Grant};
use super::wire::{self, Answer, App};
use crate::base::clock::Clock;
use crate::clients::twitch::Subscription;
use crate::config::{Config, EventSub};
use reqwest::{Client, Url};
use secrecy::SecretString;
use std::net::IpAddr;

/// What Twitch counts as working.
const ENABLED: &str = "enabled";
/// What is subscribed to for each streamer, and what matters most.
const ONLINE: &str = "stream.online";

/// Compares clocks.
pub(super) async fn clock(config: &Config, http: &Client, clock: &dyn Clock) -> Finding {
    let (twitch, spotify) = tokio::join!(
        wire::skew(http, config.twitch.api_url.as_str(), clock),
        wire::skew(http, config.spotify.api_url.as_str(), clock)
    );
    let heard: Vec<_> = [("Twitch", twitch), ("Spotify", spotify)]
        .into_iter()
        .filter_map(|(service, skew)| Some((service, skew?)))
        .collect();
    super::rules::clock(&heard)
}

/// Whether Spotify knows our app.
pub(super) async fn spotify(config: &Config, http: &Client, app: Option<App>) -> Finding {
    const NAME: &str = "spotify";
    let Some(app) = app else {
        return Finding::note(
            NAME,
            "There is no Spotify app of this instance; each streamer brings their own.",
        );
    };
    let kind = if app.client_secret.is_some() { "client id and secret" } else { "client id" };
    match wire::spotify_app(http, config.spotify.accounts_url.as_str(), &app).await {
        Answer::Known => Finding::ok(NAME, format!("Spotify accepts the {kind}.")),
        Answer::Refused => Finding::failure(
            NAME,
            format!("Spotify does not accept the {kind}."),
            "Copy spotify.client_id and spotify.client_secret anew from developer.spotify.com/dashboard.",
        ),
        Answer::Unclear(why) => Finding::warning(
            NAME,
            format!("Whether Spotify accepts the {kind} is not known: {why}."),
            "Check the connection of this machine to accounts.spotify.com, and try again.",
        ),
    }
}

/// Whether Twitch knows our app, and whether it tells us of streams.
pub(super) async fn twitch(
    config: &Config,
    http: &Client,
    app: Option<App>,
    grants: &[Grant],
    public_url: &Url,
) -> Vec<Finding> {
    const NAME: &str = "twitch";
    let id_url = config.twitch.id_url.as_str();
    let Some(App { client_id, client_secret }) = app else {
        let remedy = "Make an app at dev.twitch.tv/console/apps, and set twitch.client_id; a public one needs no secret.";
        return vec![Finding::warning(NAME, "There is no Twitch app, so nobody can log in.", remedy)];
    };
    let Some(secret) = client_secret else {
        let known = wire::twitch_public(http, id_url, &client_id).await;
        return vec![twitch_app(&known, "client id"), sockets(config)];
    };
    match wire::twitch_token(http, id_url, &client_id, &secret).await {
        Err(answer) => vec![twitch_app(&answer, "client id and secret")],
        Ok(token) => {
            let known = twitch_app(&Answer::Known, "client id and secret");
            let eventsub = match config.twitch.eventsub {
                EventSub::Websocket => sockets(config),
                EventSub::Webhook => webhooks(config, http, (&client_id, &token), grants, public_url).await,
            };
            wire::give_back(http, id_url, &client_id, &token).await;
            vec![known, eventsub]
        }
    }
}

fn twitch_app(answer: &Answer, kind: &str) -> Finding {
    const NAME: &str = "twitch";
    match answer {
        Answer::Known => Finding::ok(NAME, format!("Twitch accepts the {kind}.")),
        Answer::Refused => Finding::failure(
            NAME,
            format!("Twitch does not accept the {kind}."),
            "Copy twitch.client_id and twitch.client_secret anew from dev.twitch.tv/console/apps; an app without a \
             secret must be public.",
        ),
        Answer::Unclear(why) => Finding::warning(
            NAME,
            format!("Whether Twitch accepts the {kind} is not known: {why}."),
            "Check the connection of this machine to id.twitch.tv, and try again.",
        ),
    }
}

fn sockets(config: &Config) -> Finding {
    const NAME: &str = "eventsub";
    if config.twitch.eventsub == EventSub::Webhook {
        return Finding::failure(
            NAME,
            "Webhooks need the secret of the Twitch app.",
            "Set twitch.client_secret, or twitch.eventsub = \"websocket\".",
        );
    }
    Finding::ok(NAME, "Twitch tells of streams over a WebSocket, which the server opens for each login.")
}

/// Whether Twitch delivers here what was subscribed to.
async fn webhooks(
    config: &Config,
    http: &Client,
    (client_id, token): (&str, &SecretString),
    grants: &[Grant],
    public_url: &Url,
) -> Finding {
    const NAME: &str = "eventsub";
    let callback = format!("{}/webhooks/twitch", public_url.as_str().trim_end_matches('/'));
    match wire::subscriptions(http, config.twitch.api_url.as_str(), client_id, token).await {
        Err(why) => Finding::warning(
            NAME,
            format!("Which subscriptions there are is not known: {why}."),
            "Check the connection of this machine to api.twitch.tv, and try again.",
        ),
        Ok(listed) => subscribed(&listed, grants, &callback),
    }
}

/// Whether each streamer's going live is delivered to us.
fn subscribed(listed: &[Subscription], grants: &[Grant], callback: &str) -> Finding {
    const NAME: &str = "eventsub";
    let ours = listed.iter().filter(|one| one.transport.callback.as_deref() == Some(callback));
    let working: Vec<&Subscription> = ours.clone().filter(|one| one.status == ENABLED).collect();
    if let Some(dead) = ours.clone().find(|one| one.status != ENABLED) {
        return Finding::warning(
            NAME,
            format!("Twitch does not deliver {} to {callback}: {}.", dead.kind, dead.status),
            "Check that Twitch reaches that address over HTTPS on port 443; the server then subscribes again by itself.",
        );
    }
    let is_told = |grant: &Grant| {
        let about = |one: &&Subscription| one.condition.get("broadcaster_user_id") == Some(&grant.twitch_id);
        working.iter().any(|one| one.kind == ONLINE && about(one))
    };
    let missing: Vec<&str> = grants
        .iter()
        .filter(|grant| grant.enabled && !is_told(grant))
        .map(|grant| grant.login.as_str())
        .collect();
    if missing.is_empty() {
        return Finding::ok(NAME, format!("{} subscriptions are delivered to {callback}.", working.len()));
    }
    Finding::warning(
        NAME,
        format!("Twitch would not tell us when these go live: {}.", missing.join(", ")),
        "The server subscribes when it runs; start it, and look again.",
    )
}

/// Whether our front door is found where people look for it.
pub(super) async fn public_url(http: &Client, public_url: &Url) -> Finding {
    const NAME: &str = "public_url";
    let site = public_url.as_str().trim_end_matches('/');
    match wire::said(http.get(format!("{site}/health/live"))).await {
        Ok((200, body)) if body.trim() == "live" => {
            Finding::ok(NAME, format!("The server answers at {site}."))
        }
        Ok((200, _)) => Finding::failure(
            NAME,
            format!("Something else than Airlog answers at {site}."),
            "Correct server.public_url, or what the proxy passes on to Airlog.",
        ),
        Ok((status, _)) => Finding::warning(
            NAME,
            format!("{site} answers with status {status}."),
            "Check that the server runs, and that the proxy passes everything on to it.",
        ),
        Err(why) if is_here(public_url) => {
            Finding::note(NAME, format!("Nobody answers at {site}: {why}. The server does not seem to run."))
        }
        Err(why) => Finding::warning(
            NAME,
            format!("Nobody answers at {site}: {why}."),
            "Check that the server runs, that the name leads to it, and the certificate; from within a network the \
             outside is sometimes out of reach.",
        ),
    }
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
