//! Who may log in, how old a link is, what we ask for, where Spotify sends people back to. Pure.

use crate::base::clock::Instant;
use crate::base::host::is_loopback;
use crate::config::Allow;
use chrono::TimeDelta;
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr};

/// What we ask Twitch for: nothing beyond who somebody is. The events we hear are public.
pub const TWITCH_SCOPES: [&str; 0] = [];

/// What we ask Spotify for: what plays now, and what was played while nobody looked.
pub const SPOTIFY_SCOPES: [&str; 2] = ["user-read-playback-state", "user-read-recently-played"];

/// How long a browser stays logged in that does not come back.
pub(super) const LOGIN_LASTS: TimeDelta = TimeDelta::days(30);
/// How often it is noted that a browser is still there.
pub(super) const LOGIN_NOTED: TimeDelta = TimeDelta::hours(1);
/// How long somebody may think about a consent.
pub(super) const FLOW_LASTS: TimeDelta = TimeDelta::minutes(10);

/// How long a refresh token of Spotify's lives from the moment its streamer said yes; refreshing does not prolong it.
const LINK_LASTS: TimeDelta = TimeDelta::days(182);
/// How long before that the streamer is told.
const LINK_WARNS: TimeDelta = TimeDelta::days(14);

/// Somebody who wants in.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// Their Twitch login, lower case.
    pub login: &'a str,
    /// Whether the house is theirs already.
    pub is_owner: bool,
    /// Whether they held the setup code when they set out.
    pub has_code: bool,
    /// Whether the house has an owner.
    pub is_taken: bool,
}

/// Whether somebody may log in: to stream, or to help somebody who does.
#[must_use]
pub fn lets_in(allow: &Allow, caller: Caller<'_>, helps_somebody: bool) -> bool {
    helps_somebody || admits(allow, caller)
}

/// Whether somebody may log in to have a list of their own.
#[must_use]
pub fn admits(allow: &Allow, caller: Caller<'_>) -> bool {
    match allow {
        Allow::Anyone => true,
        Allow::Logins(logins) => logins.iter().any(|login| login == caller.login),
        Allow::Owner => caller.is_owner || claims(caller),
    }
}

/// Whether this login makes somebody the owner: whoever brings the setup code first.
#[must_use]
pub fn claims(caller: Caller<'_>) -> bool {
    caller.has_code && !caller.is_taken
}

/// How old a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAge {
    /// Nothing to do yet.
    Fresh,
    /// It ends in so many days, less than one when 0: to be renewed.
    Ending {
        /// Whole days that are left.
        days: i64,
    },
    /// Its time is over.
    Over,
}

/// When a link ends that was authorized then.
#[must_use]
pub fn link_ends_at(authorized_at: Instant) -> Instant {
    authorized_at + LINK_LASTS
}

/// How old a link is that was authorized then.
#[must_use]
pub fn link_age(authorized_at: Instant, now: Instant) -> LinkAge {
    let left = link_ends_at(authorized_at) - now;
    if left <= TimeDelta::zero() {
        LinkAge::Over
    } else if left <= LINK_WARNS {
        LinkAge::Ending { days: left.num_days() }
    } else {
        LinkAge::Fresh
    }
}

/// Whether a text can be the client id of a Spotify app: 32 hexadecimal digits.
#[must_use]
pub fn is_client_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|letter| letter.is_ascii_hexdigit())
}

/// The site, without a slash at its end, to which Spotify sends people back who reach us under `public_url`, where we
/// listen on `port`. Spotify takes HTTPS, or HTTP on a loopback address, never `localhost`. Whoever comes by another
/// name over plain HTTP comes back to an address of their own machine, which leads to us on ours only.
#[must_use]
pub fn spotify_site(public_url: &Url, port: u16) -> String {
    let host = public_url.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let is_taken = public_url.scheme() == "https" || address.is_some_and(|address| address.is_loopback());
    let mut site = public_url.clone();
    // Fails for addresses without a host only, and an HTTP address has one.
    let is_home = is_taken || (host == "localhost" && site.set_ip_host(Ipv4Addr::LOCALHOST.into()).is_ok());
    if is_home {
        site.origin().ascii_serialization()
    } else {
        format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
    }
}

/// How a browser gets back to us that is sent away for a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// To where it came by.
    Here,
    /// To another name of ours, which sends it on to where it came by: there its cookies are.
    SentOn,
    /// Not from where it came by: it is to come by the other name first.
    ThereFirst,
    /// To an address that leads nowhere from where it is: the person brings us that address by hand.
    ByHand,
}

/// How a browser gets back that came by this host (and port), none if that says nothing, and is sent to `redirect_uri` after
/// the consent. A browser that came by a loopback name is on our machine, and a loopback address leads to us; one that came
/// by another name may be anywhere.
#[must_use]
pub fn way_back(came_by: Option<&str>, redirect_uri: &Url) -> WayBack {
    let back = redirect_uri.host_str().unwrap_or_default();
    let port = redirect_uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    let Some(host) = came_by.filter(|host| !host.eq_ignore_ascii_case(&format!("{back}{port}"))) else {
        return WayBack::Here;
    };
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    if redirect_uri.scheme() == "https" {
        // Cookies for HTTPS only would not be kept here.
        WayBack::ThereFirst
    } else if is_loopback(name) {
        WayBack::SentOn
    } else if is_loopback(back) {
        WayBack::ByHand
    } else {
        // Nobody is sent on to a name that a request made up: what they bring along would be its owner's.
        WayBack::ThereFirst
    }
}

/// What stands in the address that somebody landed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// Which consent it answers.
    pub state: String,
    /// Good for tokens; none when the person said no.
    pub code: Option<String>,
    /// Why there is no code, in the company's word.
    pub error: Option<String>,
}

/// Reads the address that somebody landed on: whole, or only what stands behind its question mark.
#[must_use]
pub fn landed(text: &str) -> Option<Landed> {
    let query = text.trim().split_once('?').map_or(text.trim(), |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let url = Url::parse(&format!("http://localhost/?{query}")).ok()?;
    let value = |wanted: &str| {
        let found = url.query_pairs().find(|(name, value)| name == wanted && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    };
    let landed = Landed { state: value("state")?, code: value("code"), error: value("error") };
    Some(landed).filter(|landed| landed.code.is_some() || landed.error.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn caller(login: &str) -> Caller<'_> {
        Caller { login, is_owner: false, has_code: false, is_taken: false }
    }

    #[test]
    fn the_owner_is_who_came_first_with_the_code_and_nobody_else() {
        let (ann, allow) = (caller("ann"), Allow::Owner);
        assert!(!admits(&allow, ann));
        let with_code = Caller { has_code: true, ..ann };
        assert!(admits(&allow, with_code) && claims(with_code));
        let too_late = Caller { is_taken: true, ..with_code };
        assert!(!admits(&allow, too_late) && !claims(too_late));
        let owner = Caller { is_owner: true, is_taken: true, ..ann };
        assert!(admits(&allow, owner) && !claims(owner));
    }

    #[test]
    fn a_list_lets_in_who_is_on_it_and_anyone_lets_in_everybody() {
        let allow = Allow::Logins(vec!["ann".into(), "bob".into()]);
        assert!(admits(&allow, caller("bob")) && !admits(&allow, caller("cid")));
        assert!(!admits(&allow, Caller { is_owner: true, ..caller("cid") }));
        assert!(admits(&Allow::Anyone, caller("cid")));
        let with_code = Caller { has_code: true, ..caller("cid") };
        assert!(!admits(&allow, with_code), "the code is no invitation");
    }

    #[test]
    fn whoever_helps_somebody_is_let_in_to_help_and_to_nothing_else() {
        for allow in [Allow::Owner, Allow::Logins(vec!["ann".into()])] {
            let moderator = Caller { is_taken: true, ..caller("mod") };
            assert!(lets_in(&allow, moderator, true) && !lets_in(&allow, moderator, false), "{allow:?}");
            assert!(!admits(&allow, moderator) && !claims(moderator), "{allow:?}");
        }
    }

    #[test]
    fn a_link_warns_two_weeks_before_its_half_year_is_over() {
        let authorized = DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        let age = |days, seconds| {
            link_age(authorized, authorized + TimeDelta::days(days) + TimeDelta::seconds(seconds))
        };
        assert_eq!(age(0, 0), LinkAge::Fresh);
        assert_eq!(age(168, -1), LinkAge::Fresh);
        assert_eq!(age(168, 0), LinkAge::Ending { days: 14 });
        assert_eq!(age(182, -1), LinkAge::Ending { days: 0 });
        assert_eq!(age(182, 0), LinkAge::Over);
    }

    #[test]
    fn a_client_id_is_32_hexadecimal_digits() {
        assert!(is_client_id("5b07f1ac0e5d4b8fa1a1c0ffee5e11e5"));
        for wrong in ["", "5b07", "5b07f1ac0e5d4b8fa1a1c0ffee5e11eg", "5b07f1ac0e5d4b8fa1a1c0ffee5e11e55"] {
            assert!(!is_client_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn spotify_sends_people_back_by_https_or_to_a_loopback_address() {
        for (public_url, site) in [
            ("https://airlog.example", "https://airlog.example"),
            ("https://airlog.example:8443/", "https://airlog.example:8443"),
            ("https://192.168.1.7", "https://192.168.1.7"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:8080", "http://127.0.0.1:8080"),
            ("http://localhost", "http://127.0.0.1"),
            ("http://192.168.1.7:9000", "http://127.0.0.1:8080"),
            ("http://nas.local", "http://127.0.0.1:8080"),
        ] {
            let url = Url::parse(public_url).expect("an address");
            assert_eq!(spotify_site(&url, 8080), site, "{public_url}");
        }
    }

    #[test]
    fn a_browser_gets_back_to_where_its_cookies_are_or_is_told_how() {
        let (home, house) = ("http://127.0.0.1:8080/back", "https://airlog.example/back");
        for (came_by, redirect_uri, way) in [
            (Some("127.0.0.1:8080"), home, WayBack::Here),
            (None, home, WayBack::Here),
            (Some("localhost:8080"), home, WayBack::SentOn),
            (Some("[::1]:8080"), home, WayBack::SentOn),
            (Some("localhost"), home, WayBack::SentOn),
            (Some("nas:8080"), home, WayBack::ByHand),
            (Some("192.168.1.7:8080"), home, WayBack::ByHand),
            (Some("[fd00::7]:8080"), home, WayBack::ByHand),
            (Some("localhost:8080"), "http://nas:8080/back", WayBack::SentOn),
            (Some("192.168.1.7:8080"), "http://nas:8080/back", WayBack::ThereFirst),
            (Some("airlog.example"), house, WayBack::Here),
            (Some("localhost:8080"), house, WayBack::ThereFirst),
        ] {
            let redirect_uri = Url::parse(redirect_uri).expect("an address");
            assert_eq!(way_back(came_by, &redirect_uri), way, "{came_by:?} {redirect_uri}");
        }
    }

    #[test]
    fn an_address_is_read_whole_or_in_part() {
        let yes = Some(Landed { state: "s".into(), code: Some("c d".into()), error: None });
        for text in [
            " http://127.0.0.1:8080/auth/spotify/callback?code=c%20d&state=s ",
            "127.0.0.1:8080/auth/spotify/callback?state=s&code=c+d#_=_",
            "?code=c+d&state=s",
            "code=c%20d&state=s",
        ] {
            assert_eq!(landed(text), yes, "{text}");
        }
        let no = Some(Landed { state: "s".into(), code: None, error: Some("access_denied".into()) });
        assert_eq!(landed("http://127.0.0.1/back?error=access_denied&state=s"), no);
        for text in ["", "http://127.0.0.1:8080/", "code=c", "state=s", "code=&state=s", "c d"] {
            assert_eq!(landed(text), None, "{text}");
        }
    }
}
