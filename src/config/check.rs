//! Values that are allowed by themselves but do not go together.

use super::duration::written;
use super::error::{Cause, Place, Problem};
use super::{Config, EventSub};
use std::net::IpAddr;

/// A rule across keys: the keys it looks at, the first to be blamed, and what to say if it is broken.
struct Rule {
    keys: &'static [&'static str],
    broken: fn(&Config) -> Option<String>,
}

const RULES: [Rule; 4] = [
    Rule { keys: &["tracking.min_gap", "tracking.poll_interval"], broken: gap_within_interval },
    Rule { keys: &["twitch.eventsub"], broken: webhook_has_credentials },
    Rule { keys: &["server.public_url", "server.listen", "twitch.eventsub"], broken: webhook_is_reachable },
    Rule { keys: &["spotify.client_secret"], broken: spotify_secret_has_id },
];

/// The broken rules. Defaults break none, so at least one of a rule's keys was given somewhere.
pub(super) fn conflicts(config: &Config) -> Vec<Problem> {
    let broken = RULES.iter().filter_map(|rule| Some((rule, (rule.broken)(config)?)));
    let blamed = |keys: &[&str]| keys.iter().find_map(|key| config.origins.get(key)).cloned();
    broken
        .map(|(rule, said)| Problem {
            place: blamed(rule.keys).unwrap_or_else(|| Place::Variable(rule.keys.join(", "))),
            cause: Cause::Conflict(said),
        })
        .collect()
}

fn gap_within_interval(config: &Config) -> Option<String> {
    let (gap, interval) = (config.tracking.min_gap, config.tracking.poll_interval);
    (gap > interval).then(|| {
        let (gap, interval) = (written(gap), written(interval));
        format!("tracking.min_gap = \"{gap}\" is longer than tracking.poll_interval = \"{interval}\"; use at most that")
    })
}

fn webhook_has_credentials(config: &Config) -> Option<String> {
    let twitch = &config.twitch;
    let complete = twitch.client_id.is_some() && twitch.client_secret.is_some();
    (twitch.eventsub == EventSub::Webhook && !complete).then(|| {
        "twitch.eventsub = \"webhook\" needs twitch.client_id and twitch.client_secret; set both, or use \"websocket\""
            .to_owned()
    })
}

fn webhook_is_reachable(config: &Config) -> Option<String> {
    let url = config.server.effective_public_url(config.server.listen);
    let reachable = url.scheme() == "https" || url.host_str().is_some_and(is_loopback);
    (config.twitch.eventsub == EventSub::Webhook && !reachable).then(|| {
        "twitch.eventsub = \"webhook\" needs a server.public_url that begins with https; set it, or use \"websocket\""
            .to_owned()
    })
}

fn spotify_secret_has_id(config: &Config) -> Option<String> {
    let spotify = &config.spotify;
    (spotify.client_secret.is_some() && spotify.client_id.is_none())
        .then(|| "spotify.client_secret needs spotify.client_id; set both or none".to_owned())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use crate::config::load::testing::problems;

    #[test]
    fn values_that_do_not_go_together_are_refused() {
        let gap = "config.toml, line 2: tracking.min_gap = \"2m\" is longer than tracking.poll_interval = \"60s\"; use at most that";
        assert_eq!(problems("[tracking]\nmin_gap = \"2m\"\n", &[]), [gap]);
        let interval = "AIRLOG_TRACKING__POLL_INTERVAL: tracking.min_gap = \"5s\" is longer than tracking.poll_interval = \"1s\"; use at most that";
        assert_eq!(problems("", &[("AIRLOG_TRACKING__POLL_INTERVAL", "1s")]), [interval]);
        let webhook = "[twitch]\nclient_id = \"id\"\neventsub = \"webhook\"\n";
        let credentials = "config.toml, line 3: twitch.eventsub = \"webhook\" needs twitch.client_id and twitch.client_secret; set both, or use \"websocket\"";
        assert_eq!(problems(webhook, &[]), [credentials]);
        let site =
            [("AIRLOG_TWITCH__CLIENT_SECRET", "hush"), ("AIRLOG_SERVER__PUBLIC_URL", "http://a.example")];
        let https = "AIRLOG_SERVER__PUBLIC_URL: twitch.eventsub = \"webhook\" needs a server.public_url that begins with https; set it, or use \"websocket\"";
        assert_eq!(problems(webhook, &site), [https]);
        let spotify =
            "AIRLOG_SPOTIFY__CLIENT_SECRET: spotify.client_secret needs spotify.client_id; set both or none";
        assert_eq!(problems("", &[("AIRLOG_SPOTIFY__CLIENT_SECRET", "hush")]), [spotify]);
    }
}
