//! Examples of what is well and what is not.

use super::*;
use crate::doctor::model::Verdict;

fn at(second: i64) -> Instant {
    Instant::UNIX_EPOCH + TimeDelta::seconds(second)
}

#[test]
fn a_clock_is_compared_as_exactly_as_a_whole_second_allows() {
    let millis = |millis: i64| at(100) + TimeDelta::milliseconds(millis);
    for (asked, heard, expected) in [
        (0, 50, 0),
        (900, 1_000, 0),
        (-40, 10, 0),
        (1_500, 1_600, 500),
        (5_000, 5_100, 4_000),
        (-3_100, -3_000, -3_000),
        // An answer that took long says little.
        (-2_000, 4_000, 0),
    ] {
        let found = skew(at(100), millis(asked), millis(heard));
        assert_eq!(found, TimeDelta::milliseconds(expected), "{asked} to {heard}");
    }
}

#[test]
fn a_clock_that_is_off_is_a_warning_and_then_a_failure() {
    let verdict =
        |seconds| clock(&[("Twitch", TimeDelta::zero()), ("Spotify", TimeDelta::seconds(seconds))]).verdict;
    assert_eq!(
        [2, 3, -3, 30].map(verdict),
        [Verdict::Ok, Verdict::Warning, Verdict::Warning, Verdict::Warning]
    );
    assert_eq!([31, -31].map(verdict), [Verdict::Failure; 2]);
    assert_eq!(clock(&[]).verdict, Verdict::Note);
    let said = clock(&[("Twitch", TimeDelta::milliseconds(-4_250))]).sentence;
    assert_eq!(said, "The clock of this machine is 4.2 s behind that of Twitch.");
}

#[test]
fn people_are_sent_back_over_https_or_on_this_machine() {
    let found = |url: &str| redirects(&Url::parse(url).expect(url), 8080);
    for url in ["https://airlog.example", "http://127.0.0.1:8080", "http://[::1]:8080"] {
        assert_eq!(found(url).verdict, Verdict::Ok, "{url}");
    }
    for url in
        ["http://localhost:8080", "http://192.168.1.7:8080", "http://airlog.local", "http://airlog.example"]
    {
        assert_eq!(found(url).verdict, Verdict::Warning, "{url}");
    }
    let remedy = found("http://localhost:4000").remedy.expect("a remedy");
    assert!(remedy.contains("http://127.0.0.1:4000"), "{remedy}");
}

#[test]
fn proxies_are_trusted_where_there_is_one_and_nowhere_in_the_open() {
    let found = |url: &str, trusted: &[&str]| {
        let trusted_proxies = trusted.iter().map(|network| network.parse().expect("a network")).collect();
        let server = Server { trusted_proxies, ..Server::default() };
        proxies(&server, &Url::parse(url).expect(url)).verdict
    };
    assert_eq!(found("https://a.example", &["127.0.0.1"]), Verdict::Ok);
    assert_eq!(found("https://a.example", &[]), Verdict::Warning);
    assert_eq!(found("http://127.0.0.1:8080", &[]), Verdict::Ok);
    assert_eq!(found("http://127.0.0.1:8080", &["10.0.0.0/8"]), Verdict::Note);
    for everybody in ["0.0.0.0/0", "::/0", "8.0.0.0/7", "2000::/3"] {
        assert_eq!(found("https://a.example", &[everybody]), Verdict::Failure, "{everybody}");
    }
}

fn link(status: LinkStatus, scopes: &str, days: i64) -> Link {
    let authorized_at = at(0) - TimeDelta::days(days);
    Link { login: "ann".into(), status, scopes: scopes.into(), authorized_at }
}

#[test]
fn links_are_renewed_before_they_end() {
    let all = SPOTIFY_SCOPES.join(" ");
    let found = |link: Link| links(&[link], at(0));
    assert_eq!(links(&[], at(0)).verdict, Verdict::Note);
    assert_eq!(found(link(LinkStatus::Connected, &all, 10)).verdict, Verdict::Ok);
    assert_eq!(found(link(LinkStatus::Connected, "", 10)).verdict, Verdict::Ok, "put in by command");
    for (link, said) in [
        (link(LinkStatus::ReconnectNeeded, &all, 10), "no longer accepts the link of ann"),
        (link(LinkStatus::Connected, &all, 183), "no longer accepts the link of ann"),
        (link(LinkStatus::Connected, SPOTIFY_SCOPES[0], 10), "lacks a permission"),
        (link(LinkStatus::Connected, &all, 170), "ends within two weeks"),
    ] {
        let found = found(link);
        assert!(found.verdict == Verdict::Warning && found.sentence.contains(said), "{found:?}");
    }
}

#[test]
fn a_login_is_needed_where_twitch_tells_of_streams_only_with_it() {
    let grant = |status| Grant { login: "ann".into(), twitch_id: "1".into(), enabled: true, status };
    let found = |status, needs_each| logins(&[grant(status)], needs_each).verdict;
    assert_eq!(found(Some(GrantStatus::Valid), true), Verdict::Ok);
    assert_eq!(found(Some(GrantStatus::Revoked), false), Verdict::Warning);
    assert_eq!(found(None, true), Verdict::Warning);
    assert_eq!(found(None, false), Verdict::Ok);
    let off = Grant { enabled: false, ..grant(Some(GrantStatus::Refused)) };
    assert_eq!(logins(&[off], true).verdict, Verdict::Ok, "nobody wants to be followed");
    assert_eq!(logins(&[], true).verdict, Verdict::Note);
}
