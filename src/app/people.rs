//! What lets people in, put together: tokens, logins, consents.

use super::ground::Ground;
use crate::accounts::{
    BroughtApps, Entrance, Flows, Gate, Grants, Keeper, Keys, Links, Logins, Moderators, rules,
};
use crate::clients::spotify::SpotifyAccounts;
use crate::clients::twitch::TwitchAccounts;
use crate::http::{Limits, cookies};
use crate::hub::Hub;
use crate::overlay::Overlays;
use crate::privacy::Privacy;
use crate::retention::Retention;
use crate::setup::{Desk, Setup};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// How often one address may ask to be let in, in a minute.
const LOGINS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not nought");

/// How often anybody may be wrong about the setup code, in a minute.
const WRONG_CODES: NonZeroU32 = NonZeroU32::new(20).expect("not nought");
/// Twitch logins are looked after at least so often.
const A_MINUTE: Duration = Duration::from_mins(1);

/// Everything around who somebody is.
pub(super) struct People {
    pub(super) links: Links,
    pub(super) grants: Grants,
    pub(super) keeper: Keeper,
    pub(super) keys: Keys,
    pub(super) moderators: Moderators,
    pub(super) entrance: Entrance,
    pub(super) desk: Desk,
    pub(super) gate: Arc<Gate>,
    pub(super) logins: Limits,
}

impl People {
    pub(super) fn new(ground: &Ground) -> Self {
        let links =
            Links::new(ground.db.clone(), Arc::clone(&ground.key), spotify(ground), ground.clock.clone());
        let grants = Grants::new(ground.accounts.clone(), twitch(ground), ground.clock.clone());
        let keeper = Keeper::new(grants.clone(), ground.config.tracking.reconcile_interval.min(A_MINUTE));
        let logins = Logins::new(ground.db.clone(), ground.clock.clone(), ground.audit.clone());
        let keys = Keys::new(ground.db.clone(), ground.clock.clone(), ground.audit.clone());
        let entrance = entrance(ground, flows(ground, &grants, &links, &logins));
        let desk = desk(ground, &entrance);
        let gate = Arc::new(Gate {
            accounts: ground.accounts.clone(),
            logins,
            keys: keys.clone(),
            allow: ground.config.accounts.allow.clone(),
            cookie: entrance.login_cookie,
            public_origin: entrance.public_origin.clone(),
            writes: Limits::new(ground.config.limits.writes_per_minute),
        });
        let most = ground.config.limits.requests_per_minute;
        let most = most.map_or(LOGINS_PER_MINUTE, |most| most.min(LOGINS_PER_MINUTE));
        let (logins, moderators) = (Limits::new(Some(most)), moderators(ground, &grants));
        Self { links, grants, keeper, keys, moderators, entrance, desk, gate, logins }
    }
}

fn moderators(ground: &Ground, grants: &Grants) -> Moderators {
    Moderators {
        accounts: ground.accounts.clone(),
        audit: ground.audit.clone(),
        helix: ground.helix().borrowing(Arc::new(grants.clone())),
        twitch: twitch(ground),
        allow: ground.config.accounts.allow.clone(),
        clock: ground.clock.clone(),
    }
}

fn brought(ground: &Ground, links: &Links) -> BroughtApps {
    BroughtApps {
        db: ground.db.clone(),
        key: Arc::clone(&ground.key),
        clock: ground.clock.clone(),
        spotify: spotify(ground),
        links: links.clone(),
    }
}

impl Ground {
    /// What hands out and deletes what is kept of a person.
    pub(super) fn privacy(
        &self,
        people: &People,
        hub: &Hub,
        retention: &Retention,
        overlays: &Overlays,
    ) -> Privacy {
        Privacy {
            db: self.db.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            accounts: self.accounts.clone(),
            logins: people.entrance.logins.clone(),
            grants: people.grants.clone(),
            links: people.links.clone(),
            hub: hub.clone(),
            retention: retention.clone(),
            overlays: overlays.clone(),
            house_app: self.config.spotify.client_id.clone(),
            login_cookie: people.entrance.login_cookie,
        }
    }
}

fn flows(ground: &Ground, grants: &Grants, links: &Links, logins: &Logins) -> Flows {
    Flows {
        db: ground.db.clone(),
        key: Arc::clone(&ground.key),
        clock: ground.clock.clone(),
        twitch: twitch(ground),
        spotify: spotify(ground),
        brought: brought(ground, links),
        grants: grants.clone(),
        links: links.clone(),
        logins: logins.clone(),
        allow: ground.config.accounts.allow.clone(),
        audit: ground.audit.clone(),
        retention_days: ground.config.retention.default_days,
    }
}

fn entrance(ground: &Ground, flows: Flows) -> Entrance {
    let is_https = ground.is_https();
    Entrance {
        accounts: ground.accounts.clone(),
        logins: flows.logins.clone(),
        flows,
        login_cookie: cookies::login(is_https),
        away_cookie: cookies::traveller(is_https),
        setup_cookie: cookies::setup(is_https),
        wrong_codes: Limits::new(Some(WRONG_CODES)),
        public_url: ground.public_url.as_str().trim_end_matches('/').to_owned(),
        public_origin: ground.public_url.origin().ascii_serialization(),
        spotify_site: rules::spotify_site(&ground.public_url, ground.port),
    }
}

fn desk(ground: &Ground, entrance: &Entrance) -> Desk {
    let setup = Setup {
        register: ground.register.clone(),
        flows: entrance.flows.clone(),
        accounts: ground.accounts.clone(),
    };
    Desk {
        setup,
        cookie: entrance.setup_cookie,
        wrong_codes: entrance.wrong_codes.clone(),
        public_url: ground.public_url.clone(),
        port: ground.port,
    }
}

fn twitch(ground: &Ground) -> TwitchAccounts {
    let twitch = &ground.config.twitch;
    let app = ground.apps().twitch.clone();
    TwitchAccounts::new(ground.http.clone(), twitch.id_url.as_str(), twitch.api_url.as_str(), app)
}

fn spotify(ground: &Ground) -> SpotifyAccounts {
    let url = ground.config.spotify.accounts_url.as_str();
    SpotifyAccounts::new(ground.http.clone(), url, ground.apps().spotify.clone())
}
