//! The apps that are registered with the two companies. Each company knows one from the start, Twitch a public one too.

use super::World;
use super::faults::{FaultKind, RetryAfter};
use crate::base::clock::Instant;
use std::collections::HashMap;

/// The client id of the invented Spotify app.
pub const SPOTIFY_CLIENT_ID: &str = "5b07f1ac0e5d4b8fa1a1c0ffee5e11e5";
/// The secret of the invented Spotify app; with PKCE it is not needed.
pub const SPOTIFY_CLIENT_SECRET: &str = "spotify-twin-secret-0123456789ab";
/// The client id of the invented Twitch app.
pub const TWITCH_CLIENT_ID: &str = "tw1nairlogdemo0client0id000000";
/// The secret of the invented Twitch app.
pub const TWITCH_CLIENT_SECRET: &str = "twitch-twin-secret-0123456789a";
/// The client id of the invented public Twitch app: it runs where no secret can be kept, and has none.
pub const TWITCH_PUBLIC_CLIENT_ID: &str = "tw1nairlogpublic0client0id0000";

/// The two companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Company {
    /// The music.
    Spotify,
    /// The streams.
    Twitch,
}

/// An app.
#[derive(Debug, Clone)]
pub struct App {
    /// Where it is registered.
    pub company: Company,
    /// Its client id.
    pub id: String,
    /// Its secret; empty for a public app, which has none.
    pub secret: String,
}

impl App {
    /// Whether it has no secret: its refresh tokens work once.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.secret.is_empty()
    }
}

/// What the owner of a Spotify app has entered on its page, and how it is treated. Nothing is entered at first: then everybody
/// may use it, from every address.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// Who may use it, by login.
    users: Option<Vec<String>>,
    /// Where people may be sent back to.
    redirects: Option<Vec<String>>,
    /// Whether it has to show its secret.
    confidential: bool,
    /// Whether its owner has no subscription any more.
    lapsed: bool,
    /// Until when it is refused, and whether that is for its quota.
    refused: Option<(Instant, bool)>,
}

/// All registered apps, and the settings of each Spotify app.
#[derive(Debug, Clone)]
pub(super) struct Apps(Vec<App>, HashMap<String, Settings>);

impl Default for Apps {
    fn default() -> Self {
        let app =
            |company, id: &str, secret: &str| App { company, id: id.to_owned(), secret: secret.to_owned() };
        let known = vec![
            app(Company::Spotify, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET),
            app(Company::Twitch, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET),
            app(Company::Twitch, TWITCH_PUBLIC_CLIENT_ID, ""),
        ];
        Self(known, HashMap::new())
    }
}

impl Apps {
    pub(super) fn add(&mut self, app: App) {
        self.0.push(app);
    }

    pub(super) fn find(&self, company: Company, id: &str) -> Option<&App> {
        self.0.iter().find(|app| app.company == company && app.id == id)
    }

    fn settings(&mut self, id: &str) -> &mut Settings {
        self.1.entry(id.to_owned()).or_default()
    }
}

impl World {
    /// Only these may use the Spotify app from now on.
    pub fn list_users(&mut self, client_id: &str, logins: &[&str]) {
        self.apps.settings(client_id).users = Some(logins.iter().map(|&login| login.to_owned()).collect());
    }

    /// From the Spotify app people may be sent to these addresses only, from now on.
    pub fn register_redirects(&mut self, client_id: &str, uris: &[&str]) {
        self.apps.settings(client_id).redirects = Some(uris.iter().map(|&uri| uri.to_owned()).collect());
    }

    /// The Spotify app has another secret from now on, and has to show it.
    pub fn change_secret(&mut self, client_id: &str, secret: &str) {
        let ours = |app: &&mut App| app.company == Company::Spotify && app.id == client_id;
        self.apps.0.iter_mut().filter(ours).for_each(|app| secret.clone_into(&mut app.secret));
        self.apps.settings(client_id).confidential = true;
    }

    /// Whether the Spotify app has to show its secret.
    #[must_use]
    pub fn is_confidential(&self, client_id: &str) -> bool {
        self.apps.1.get(client_id).is_some_and(|settings| settings.confidential)
    }

    /// The owner of the Spotify app has no subscription any more, or has one again.
    pub fn set_lapsed(&mut self, client_id: &str, lapsed: bool) {
        self.apps.settings(client_id).lapsed = lapsed;
    }

    /// Whoever uses the Spotify app is refused until then: for its quota, or for its rate.
    pub fn refuse_app(&mut self, client_id: &str, until: Instant, is_quota: bool) {
        self.apps.settings(client_id).refused = Some((until, is_quota));
    }

    /// Whether the Spotify app may send people there. A loopback address that was entered without a port is good for
    /// every port.
    #[must_use]
    pub fn may_redirect(&self, client_id: &str, uri: &str) -> bool {
        let settings = self.apps.1.get(client_id);
        let known = settings.and_then(|settings| settings.redirects.as_ref());
        known.is_none_or(|known| known.iter().any(|known| known == uri || *known == without_port(uri)))
    }

    /// What is wrong with a call of this person through the Spotify app, if anything.
    #[must_use]
    pub fn app_trouble(&self, client_id: &str, login: Option<&str>, now: Instant) -> Option<FaultKind> {
        let settings = self.apps.1.get(client_id)?;
        let stranger = |users: &Vec<String>| !users.iter().any(|user| Some(user.as_str()) == login);
        if let Some((until, is_quota)) = settings.refused.filter(|(until, _)| now < *until) {
            let left = RetryAfter::Seconds((until - now).num_seconds().unsigned_abs() + 1);
            return Some(if is_quota {
                FaultKind::QuotaExceeded(left)
            } else {
                FaultKind::RateLimited(left)
            });
        }
        if settings.lapsed {
            return Some(FaultKind::OwnerLapsed);
        }
        settings.users.as_ref().is_some_and(stranger).then_some(FaultKind::NotAllowListed)
    }
}

/// The address without its port, if it is one of a loopback literal.
fn without_port(uri: &str) -> String {
    let literal = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host));
    let rest = literal.and_then(|host| uri.strip_prefix(host));
    let path = rest.and_then(|rest| rest.find('/').map(|slash| &rest[slash..]));
    literal.zip(path).map_or_else(|| uri.to_owned(), |(host, path)| format!("{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn an_app_sends_people_to_the_addresses_that_were_entered_only() {
        let mut world = World::new(1);
        let back = "http://127.0.0.1:8080/back";
        assert!(world.may_redirect("app", back), "nothing was entered");
        for (entered, may) in [
            ("http://127.0.0.1:8080/back", true),
            ("http://127.0.0.1/back", true),
            ("http://127.0.0.1:8080/back/", false),
            ("http://[::1]/back", false),
        ] {
            world.register_redirects("app", &[entered]);
            assert_eq!(world.may_redirect("app", back), may, "{entered}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_app_is_wrong_for_whoever_uses_it() {
        let (mut world, now) =
            (World::new(1), DateTime::from_timestamp(1_795_204_800, 0).expect("an instant"));
        world.list_users("app", &["ann"]);
        assert_eq!(world.app_trouble("app", Some("ann"), now), None);
        assert_eq!(world.app_trouble("app", Some("bob"), now), Some(FaultKind::NotAllowListed));
        assert_eq!(world.app_trouble("other", Some("bob"), now), None);
        world.set_lapsed("app", true);
        assert_eq!(world.app_trouble("app", Some("ann"), now), Some(FaultKind::OwnerLapsed));
        world.refuse_app("app", now + TimeDelta::seconds(9), true);
        let quota = FaultKind::QuotaExceeded(RetryAfter::Seconds(10));
        assert_eq!(world.app_trouble("app", Some("ann"), now), Some(quota));
    }
}
