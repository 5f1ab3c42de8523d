//! The checks of what lies elsewhere: clocks, apps, subscriptions, and our own front door seen from outside.

use super::model::{Finding, Grant};
use super::wire;
use crate::base::clock::{Clock, SharedClock};
use crate::clients::spotify::SpotifyAccounts;
use crate::clients::twitch::{Helix, Subscription, TwitchAccounts};
use crate::clients::{AppCell, AppFault};
use crate::config::{Config, EventSub};
use reqwest::{Client, Url};
use std::net::IpAddr;

/// What Twitch counts as working.
const ENABLED: &str = "enabled";
/// What is subscribed to for each streamer, and what matters most.
const ONLINE: &str = "stream.online";

/// Compares clocks.
pub(super) async fn clock(config: &Config, http: &Client, clock: &dyn Clock) -> Finding {
    let (twitch, spotify) = tokio::join!(
        wire::ahead_of(http, config.twitch.api_url.as_str(), clock),
        wire::ahead_of(http, config.spotify.api_url.as_str(), clock)
    );
    let heard: Vec<_> = [("Twitch", twitch), ("Spotify", spotify)]
        .into_iter()
        .filter_map(|(service, skew)| Some((service, skew?)))
        .collect();
    super::rules::clock(&heard)
}

/// Whether Spotify knows our app.
pub(super) async fn spotify(config: &Config, http: &Client, cell: AppCell) -> Finding {
    const NAME: &str = "spotify";
    let Some(app) = cell.get() else {
        return Finding::note(
            NAME,
            "There is no Spotify app of this instance; each streamer brings their own.",
        );
    };
    let accounts = SpotifyAccounts::new(http.clone(), config.spotify.accounts_url.as_str(), cell);
    let kind = kind(app.client_secret.is_some());
    let remedy =
        "Copy client id and secret anew from developer.spotify.com/dashboard, into the config or at /setup.";
    app_found(NAME, "Spotify", kind, accounts.try_out(&app).await, remedy)
}

/// Whether Twitch knows our app, and whether it tells us of streams.
pub(super) async fn twitch(
    config: &Config,
    http: &Client,
    cell: AppCell,
    clock: SharedClock,
    (grants, public_url): (&[Grant], &Url),
) -> Vec<Finding> {
    const NAME: &str = "twitch";
    let (id_url, api_url) = (config.twitch.id_url.as_str(), config.twitch.api_url.as_str());
    let Some(app) = cell.get() else {
        let remedy =
            "Make an app at dev.twitch.tv/console/apps, and enter it at /setup or as twitch.client_id.";
        return vec![Finding::warning(NAME, "There is no Twitch app, so nobody can log in.", remedy)];
    };
    let accounts = TwitchAccounts::new(http.clone(), id_url, api_url, cell.clone());
    let tried = accounts.try_out(&app).await;
    let is_known = tried.is_ok();
    let remedy = "Copy client id and secret anew from dev.twitch.tv/console/apps, into the config or at /setup; an app \
                  without a secret must be public.";
    let found = app_found(NAME, "Twitch", kind(app.client_secret.is_some()), tried, remedy);
    let eventsub = match config.twitch.eventsub {
        EventSub::Websocket => Some(sockets()),
        EventSub::Webhook if !is_known => None,
        EventSub::Webhook => {
            let helix = Helix::new(http, api_url, id_url, cell, clock);
            Some(webhooks(&helix, grants, public_url).await)
        }
    };
    [found].into_iter().chain(eventsub).collect()
}

fn kind(has_secret: bool) -> &'static str {
    if has_secret { "client id and secret" } else { "client id" }
}

fn app_found(
    name: &'static str,
    company: &str,
    kind: &str,
    tried: Result<(), AppFault>,
    remedy: &str,
) -> Finding {
    match tried {
        Ok(()) => Finding::ok(name, format!("{company} accepts the {kind}.")),
        Err(AppFault::NoAnswer(why)) => Finding::warning(
            name,
            format!("Whether {company} accepts the {kind} is not known: {why}."),
            format!("Check the connection of this machine to {company}, and try again."),
        ),
        Err(fault) => {
            Finding::failure(name, format!("{company} does not accept the {kind}: {fault}."), remedy)
        }
    }
}

fn sockets() -> Finding {
    Finding::ok(
        "eventsub",
        "Twitch tells of streams over a WebSocket, which the server opens for each login.",
    )
}

/// Whether Twitch delivers here what was subscribed to.
async fn webhooks(helix: &Helix, grants: &[Grant], public_url: &Url) -> Finding {
    let callback = format!("{}/webhooks/twitch", public_url.as_str().trim_end_matches('/'));
    match helix.subscriptions().await {
        Err(error) => Finding::warning(
            "eventsub",
            format!("Which subscriptions there are is not known: {error}."),
            "Check the connection of this machine to Twitch, and try again.",
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
