//! What is well and what is not, where that can be said from what is at hand. Pure.

use super::model::{Finding, Grant, Link};
use crate::accounts::rules::{LinkAge, SPOTIFY_SCOPES, link_age};
use crate::accounts::{GrantStatus, LinkStatus};
use crate::base::clock::Instant;
use crate::config::Server;
use chrono::TimeDelta;
use reqwest::Url;
use std::net::IpAddr;

/// So far a clock may be off unnoticed; half as much again, and times in the list are visibly wrong.
const CLOCK_SLACK: TimeDelta = TimeDelta::seconds(2);
/// From here on signatures and logins fail.
const CLOCK_WRONG: TimeDelta = TimeDelta::seconds(30);

/// How far our clock is ahead of one that said what time it is, to the second, between our question and its answer;
/// negative when it is behind. Zero when nobody can tell.
#[must_use]
pub fn skew(said: Instant, asked: Instant, heard: Instant) -> TimeDelta {
    let until = said + TimeDelta::seconds(1);
    if asked > until {
        asked - until
    } else if heard < said {
        heard - said
    } else {
        TimeDelta::zero()
    }
}

/// How well this machine's clock goes, as far as the services that were asked say.
#[must_use]
pub fn clock(heard: &[(&'static str, TimeDelta)]) -> Finding {
    const NAME: &str = "clock";
    let Some((service, worst)) = heard.iter().max_by_key(|(_, skew)| skew.abs()) else {
        return Finding::note(
            NAME,
            "Neither Twitch nor Spotify said what time it is, so the clock was not compared.",
        );
    };
    let seconds = worst.abs().as_seconds_f64();
    let way = if *worst > TimeDelta::zero() { "ahead of" } else { "behind" };
    let sentence = format!("The clock of this machine is {seconds:.1} s {way} that of {service}.");
    let remedy = "Switch on the synchronisation of time (for example `timedatectl set-ntp true`).";
    match worst.abs() {
        off if off > CLOCK_WRONG => Finding::failure(NAME, sentence, remedy),
        off if off > CLOCK_SLACK => Finding::warning(NAME, sentence, remedy),
        _ => {
            let all: Vec<&str> = heard.iter().map(|(service, _)| *service).collect();
            Finding::ok(NAME, format!("The clock of this machine agrees with that of {}.", all.join(" and ")))
        }
    }
}

/// Whether Twitch and Spotify send people back to this address.
#[must_use]
pub fn redirects(public_url: &Url, listens_on: u16) -> Finding {
    const NAME: &str = "redirects";
    let site = public_url.as_str().trim_end_matches('/');
    let host = public_url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let port = public_url.port_or_known_default().unwrap_or(80);
    if public_url.scheme() == "https" || address.is_ok_and(|address| address.is_loopback()) {
        let sentence = format!(
            "The redirect URIs to register are {site}/auth/twitch/callback at Twitch and \
             {site}/auth/spotify/callback at Spotify."
        );
        return Finding::ok(NAME, sentence);
    }
    if host == "localhost" || host.ends_with(".localhost") {
        return Finding::warning(
            NAME,
            format!("Spotify does not send anybody back to {site}: it takes no localhost."),
            format!(
                "Set server.public_url to http://127.0.0.1:{port}, and register that address at Spotify."
            ),
        );
    }
    Finding::warning(
        NAME,
        format!(
            "Spotify and Twitch send nobody back to {site}: they take HTTPS, or HTTP on this very machine."
        ),
        format!(
            "Put HTTPS in front and set server.public_url to it; or log in and link on this machine at \
             http://127.0.0.1:{listens_on}, or paste the address that the browser ends on."
        ),
    )
}

/// Whether those whose word about addresses is believed are plausible.
#[must_use]
pub fn proxies(server: &Server, public_url: &Url) -> Finding {
    const NAME: &str = "proxies";
    let everywhere = |address: &str| {
        let address: Option<IpAddr> = address.parse().ok();
        address.is_some_and(|address| server.trusted_proxies.iter().any(|network| network.contains(address)))
    };
    if everywhere("8.8.8.8") || everywhere("2606:4700:4700::1111") {
        return Finding::failure(
            NAME,
            "server.trusted_proxies holds addresses of the open internet: whoever calls from there can claim to be anybody.",
            "Name only the address of the proxy itself, such as 127.0.0.1.",
        );
    }
    match (public_url.scheme() == "https", server.trusted_proxies.is_empty()) {
        (true, true) => Finding::warning(
            NAME,
            "server.public_url is HTTPS, so a proxy stands in front, but none is trusted: all visitors count as one address.",
            "Put the proxy's address into server.trusted_proxies, such as [\"127.0.0.1\"].",
        ),
        (false, false) => Finding::note(
            NAME,
            "Proxies are trusted, but server.public_url is not HTTPS; they are only needed behind a proxy.",
        ),
        (true, false) => Finding::ok(NAME, "The trusted proxies are in private networks."),
        (false, true) => Finding::ok(NAME, "No proxy is trusted, and none is needed."),
    }
}

/// Whether the links to Spotify work, and for how long.
#[must_use]
pub fn links(links: &[Link], now: Instant) -> Finding {
    const NAME: &str = "links";
    let names = |is_so: &dyn Fn(&Link) -> bool| -> Vec<&str> {
        links.iter().filter(|link| is_so(link)).map(|link| link.login.as_str()).collect()
    };
    let is_over = |link: &Link| {
        link.status == LinkStatus::ReconnectNeeded || link_age(link.authorized_at, now) == LinkAge::Over
    };
    let lost = names(&is_over);
    if !lost.is_empty() {
        let sentence = format!("Spotify no longer accepts the link of {}.", lost.join(", "));
        return Finding::warning(NAME, sentence, "They link Spotify again on their dashboard.");
    }
    let lacking = names(&|link| lacks_scopes(&link.scopes));
    if !lacking.is_empty() {
        let sentence = format!("The link of {} lacks a permission that tracking needs.", lacking.join(", "));
        let remedy = "They link Spotify again on their dashboard and agree to both permissions.";
        return Finding::warning(NAME, sentence, remedy);
    }
    let ending = names(&|link| matches!(link_age(link.authorized_at, now), LinkAge::Ending { .. }));
    if !ending.is_empty() {
        let sentence =
            format!("The link of {} ends within two weeks: a link lives for half a year.", ending.join(", "));
        return Finding::warning(NAME, sentence, "They renew it on their dashboard; that takes one click.");
    }
    match links.len() {
        0 => Finding::note(NAME, "Nobody has linked Spotify yet."),
        1 => Finding::ok(NAME, "The one link to Spotify works, as far as is known."),
        many => Finding::ok(NAME, format!("All {many} links to Spotify work, as far as is known.")),
    }
}

/// One that was put in by command says nothing about what it may do.
fn lacks_scopes(scopes: &str) -> bool {
    let granted: Vec<&str> = scopes.split_whitespace().collect();
    !granted.is_empty() && SPOTIFY_SCOPES.iter().any(|scope| !granted.contains(scope))
}

/// Whether Twitch accepts the logins; EventSub by WebSocket needs one for each streamer.
#[must_use]
pub fn logins(grants: &[Grant], needs_each: bool) -> Finding {
    const NAME: &str = "logins";
    let names = |is_so: &dyn Fn(&Grant) -> bool| -> Vec<&str> {
        grants.iter().filter(|grant| is_so(grant)).map(|grant| grant.login.as_str()).collect()
    };
    let remedy = "They log in with Twitch again.";
    let refused =
        names(&|grant| grant.enabled && grant.status.is_some_and(|status| status != GrantStatus::Valid));
    if !refused.is_empty() {
        let sentence = format!("Twitch no longer accepts the login of {}.", refused.join(", "));
        return Finding::warning(NAME, sentence, remedy);
    }
    let missing = names(&|grant| grant.enabled && grant.status.is_none());
    if needs_each && !missing.is_empty() {
        let sentence = format!(
            "{} never logged in with Twitch, and over WebSocket Twitch tells of a stream only with the streamer's login.",
            missing.join(", ")
        );
        return Finding::warning(NAME, sentence, "They log in with Twitch once, or Airlog uses webhooks.");
    }
    match grants.len() {
        0 => Finding::note(NAME, "Nobody streams here yet."),
        1 => Finding::ok(NAME, "The one login with Twitch is accepted, as far as is known."),
        many => Finding::ok(NAME, format!("All {many} logins with Twitch are accepted, as far as is known.")),
    }
}

#[cfg(test)]
mod tests;
