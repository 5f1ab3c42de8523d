//! Letting an app in, and throwing it out again: grants, refreshes, revocations.

use super::apps::{App, Company};
use super::events;
use super::tokens::{Bearer, Code, Grant, Rotation, Stale, Tokens};
use super::{Person, World};
use crate::base::clock::Instant;
use std::time::Duration;

/// What an app asks a person for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRequest {
    /// At which company.
    pub company: Company,
    /// The app.
    pub client_id: String,
    /// Where the code goes.
    pub redirect_uri: String,
    /// What it wants to do.
    pub scopes: Vec<String>,
    /// The PKCE challenge (S256), if one was given.
    pub challenge: Option<String>,
}

impl World {
    /// Registers another app.
    pub fn add_app(&mut self, app: App) {
        self.apps.add(app);
    }

    /// The app of this client id.
    #[must_use]
    pub fn app(&self, company: Company, client_id: &str) -> Option<&App> {
        self.apps.find(company, client_id)
    }

    /// The person says yes: a code for the app, good once.
    pub fn consent(&mut self, login: &str, request: CodeRequest, now: Instant) -> String {
        let person = self.person_mut(login);
        person.knows_twitch_app |= request.company == Company::Twitch;
        let login = Some(person.login.clone());
        let CodeRequest { company, client_id, redirect_uri, scopes, challenge } = request;
        let bearer = Bearer { login, client_id, scopes };
        let code = Code { bearer, redirect_uri, challenge, expires_at: now + self.pace.code };
        let (tokens, ids) = self.desk(company);
        tokens.keep_code(code, ids)
    }

    /// Takes a code: it works once, and only in time.
    pub fn redeem(&mut self, company: Company, code: &str, now: Instant) -> Option<Code> {
        self.desk(company).0.redeem(code, now)
    }

    /// Hands out an access and a refresh token for a person.
    pub fn grant(&mut self, company: Company, bearer: Bearer, now: Instant) -> Grant {
        let (life, refresh_life) =
            (self.life(company, &bearer), self.refresh_life(company, &bearer.client_id));
        if let (Company::Twitch, Some(login)) = (company, &bearer.login) {
            self.person_mut(login).knows_twitch_app = true;
        }
        let (tokens, ids) = self.desk(company);
        let refresh_token = tokens.refreshing(bearer.clone(), refresh_life, now, ids);
        Grant { refresh_token: Some(refresh_token), ..tokens.access(bearer, life, now, ids) }
    }

    /// Hands out a token for an app alone.
    pub fn grant_app(&mut self, company: Company, client_id: &str, now: Instant) -> Grant {
        let bearer = Bearer { login: None, client_id: client_id.to_owned(), scopes: Vec::new() };
        let life = self.life(company, &bearer);
        let (tokens, ids) = self.desk(company);
        tokens.access(bearer, life, now, ids)
    }

    /// Refreshes: a new access token, and with rotation a new refresh token, whose life still counts from the
    /// authorization. A public app of Twitch's always gets a new one, with a life of its own. None when the refresh token
    /// is not good for this app (any more).
    pub fn refresh(&mut self, company: Company, token: &str, client_id: &str, now: Instant) -> Option<Grant> {
        let (is_public, public_life) = (self.is_public(company, client_id), self.pace.twitch_public_refresh);
        let (tokens, ids) = self.desk(company);
        let rotates = is_public || tokens.rotation == Rotation::Always;
        let (bearer, expires_at) = tokens.use_refresh(token, client_id, rotates, now)?;
        let rest = (expires_at - now).to_std().unwrap_or_default();
        let rest = if is_public { public_life } else { rest };
        let refresh_token = rotates.then(|| tokens.refreshing(bearer.clone(), rest, now, ids));
        let life = self.life(company, &bearer);
        let (tokens, ids) = self.desk(company);
        Some(Grant { refresh_token, ..tokens.access(bearer, life, now, ids) })
    }

    /// Whom an access token speaks for, and until when.
    ///
    /// # Errors
    /// Why it does not open the door, and whose it was if that is known.
    pub fn bearer(
        &self,
        company: Company,
        token: &str,
        now: Instant,
    ) -> Result<(&Bearer, Instant), (Stale, Option<&Bearer>)> {
        self.tokens(company).bearer(token, now)
    }

    /// Every code and token that either company has ever given out, good or not: none of them may be found where it does
    /// not belong.
    pub fn given_out(&self) -> impl Iterator<Item = &str> {
        self.spotify.given_out().iter().chain(self.twitch.given_out()).map(String::as_str)
    }

    /// Whose refresh token this is.
    #[must_use]
    pub fn refresh_owner(&self, company: Company, token: &str) -> Option<&Bearer> {
        self.tokens(company).refresh_owner(token)
    }

    /// Whether refreshing ends the old refresh token, from now on.
    pub fn set_rotation(&mut self, company: Company, rotation: Rotation) {
        self.desk(company).0.rotation = rotation;
    }

    /// The access tokens of this person's Spotify account expire now; a refresh gives new ones.
    pub fn expire_token(&mut self, login: &str, now: Instant) {
        self.spotify.expire(login, now);
    }

    /// The same for the person's Twitch tokens.
    pub fn expire_twitch_token(&mut self, login: &str, now: Instant) {
        self.twitch.expire(login, now);
    }

    /// The person removes the app from their Spotify account: no token of theirs works any more.
    pub fn revoke_link(&mut self, login: &str) {
        self.spotify.revoke(login);
    }

    /// The person removes the app from their Twitch account.
    pub fn revoke_twitch(&mut self, login: &str, now: Instant) {
        self.twitch.revoke(login);
        self.revoke_subscriptions_of(login, now);
        let person = self.person_mut(login);
        person.knows_twitch_app = false;
        let event = events::authorization_revoked(person, super::TWITCH_CLIENT_ID);
        self.announce_to_app("user.authorization.revoke", super::TWITCH_CLIENT_ID, &event, now);
    }

    /// Revokes one token of a Twitch app; false when there is no such token.
    pub fn revoke_twitch_token(&mut self, token: &str, client_id: &str) -> bool {
        self.twitch.revoke_one(token, client_id)
    }

    fn life(&self, company: Company, bearer: &Bearer) -> Duration {
        match (company, &bearer.login) {
            (Company::Spotify, _) => self.pace.spotify_token,
            (Company::Twitch, Some(_)) => self.pace.twitch_user_token,
            (Company::Twitch, None) => self.pace.twitch_app_token,
        }
    }

    fn refresh_life(&self, company: Company, client_id: &str) -> Duration {
        if self.is_public(company, client_id) {
            self.pace.twitch_public_refresh
        } else {
            self.pace.spotify_refresh
        }
    }

    fn is_public(&self, company: Company, client_id: &str) -> bool {
        company == Company::Twitch && self.app(company, client_id).is_some_and(App::is_public)
    }

    fn tokens(&self, company: Company) -> &Tokens {
        match company {
            Company::Spotify => &self.spotify,
            Company::Twitch => &self.twitch,
        }
    }

    pub(super) fn desk(&mut self, company: Company) -> (&mut Tokens, &mut super::ids::Ids) {
        match company {
            Company::Spotify => (&mut self.spotify, &mut self.ids),
            Company::Twitch => (&mut self.twitch, &mut self.ids),
        }
    }

    /// The bearer that a person's grant for the invented app speaks as.
    pub fn bearer_for(&mut self, login: &str, client_id: &str, scopes: &[&str]) -> Bearer {
        let Person { login, .. } = self.person_mut(login);
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Bearer { login: Some(login.clone()), client_id: client_id.to_owned(), scopes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::{SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID};
    use chrono::DateTime;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    fn granted(world: &mut World) -> Grant {
        let bearer = world.bearer_for("ann", SPOTIFY_CLIENT_ID, &["user-read-playback-state"]);
        world.grant(Company::Spotify, bearer, at(0))
    }

    fn refreshed(world: &mut World, token: &str, second: i64) -> Option<Grant> {
        world.refresh(Company::Spotify, token, SPOTIFY_CLIENT_ID, at(second))
    }

    #[test]
    fn an_access_token_lives_an_hour_and_its_owner_is_known_afterwards() {
        let mut world = World::new(1);
        let token = granted(&mut world).access_token;
        assert_eq!(world.bearer(Company::Spotify, &token, at(3_599)).expect("alive").1, at(3_600));
        let (why, whose) = world.bearer(Company::Spotify, &token, at(3_600)).expect_err("over");
        assert_eq!((why, whose.and_then(|b| b.login.as_deref())), (Stale::Expired, Some("ann")));
        assert_eq!(world.bearer(Company::Twitch, &token, at(0)).expect_err("elsewhere").0, Stale::Unknown);
    }

    #[test]
    fn without_rotation_a_refresh_token_works_again_and_again_but_only_for_its_app() {
        let mut world = World::new(1);
        let token = granted(&mut world).refresh_token.expect("a refresh token");
        world.expire_token("ann", at(10));
        let first = refreshed(&mut world, &token, 11).expect("fresh");
        assert_eq!(first.refresh_token, None);
        assert!(world.bearer(Company::Spotify, &first.access_token, at(12)).is_ok());
        assert!(refreshed(&mut world, &token, 13).is_some());
        assert!(world.refresh(Company::Spotify, &token, "another app", at(14)).is_none());
    }

    #[test]
    fn with_rotation_the_second_of_two_racing_refreshes_loses() {
        let mut world = World::new(1);
        world.set_rotation(Company::Spotify, Rotation::Always);
        let token = granted(&mut world).refresh_token.expect("a refresh token");
        let winner = refreshed(&mut world, &token, 1).expect("fresh");
        assert!(refreshed(&mut world, &token, 1).is_none());
        assert!(world.refresh_owner(Company::Spotify, &token).is_some(), "whose it was is still known");
        assert!(refreshed(&mut world, &winner.refresh_token.expect("a new one"), 2).is_some());
    }

    #[test]
    fn refreshing_never_makes_the_refresh_token_live_longer() {
        let mut world = World::new(1);
        world.pace.spotify_refresh = Duration::from_secs(100);
        world.set_rotation(Company::Spotify, Rotation::Always);
        let token = granted(&mut world).refresh_token.expect("a refresh token");
        let token = refreshed(&mut world, &token, 90).expect("fresh").refresh_token.expect("rotated");
        assert!(refreshed(&mut world, &token, 100).is_none());
    }

    #[test]
    fn after_a_revocation_nothing_of_that_person_works_and_others_are_untouched() {
        let mut world = World::new(1);
        let ann = granted(&mut world);
        let ben = world.bearer_for("ben", SPOTIFY_CLIENT_ID, &[]);
        let ben = world.grant(Company::Spotify, ben, at(0));
        world.revoke_link("ann");
        assert_eq!(
            world.bearer(Company::Spotify, &ann.access_token, at(1)).expect_err("gone").0,
            Stale::Unknown
        );
        assert!(refreshed(&mut world, &ann.refresh_token.expect("one"), 1).is_none());
        assert!(world.bearer(Company::Spotify, &ben.access_token, at(1)).is_ok());
    }

    #[test]
    fn a_public_app_uses_each_refresh_token_once_and_lives_on_by_using_them() {
        use crate::twins::world::TWITCH_PUBLIC_CLIENT_ID as APP;
        let mut world = World::new(1);
        let bearer = world.bearer_for("ann", APP, &[]);
        let first = world.grant(Company::Twitch, bearer, at(0)).refresh_token.expect("one");
        let month = 30 * 86_400;
        let second = world.refresh(Company::Twitch, &first, APP, at(month - 1)).expect("in time");
        assert!(world.refresh(Company::Twitch, &first, APP, at(month - 1)).is_none(), "used up");
        let second = second.refresh_token.expect("a new one");
        assert!(world.refresh(Company::Twitch, &second, APP, at(2 * month - 2)).is_some());
        let idle = world.bearer_for("ann", APP, &[]);
        let idle = world.grant(Company::Twitch, idle, at(0)).refresh_token.expect("one");
        assert!(world.refresh(Company::Twitch, &idle, APP, at(month)).is_none(), "idle for too long");
    }

    #[test]
    fn a_code_works_once_and_only_in_time() {
        let mut world = World::new(1);
        let request = || CodeRequest {
            company: Company::Twitch,
            client_id: TWITCH_CLIENT_ID.into(),
            redirect_uri: "http://localhost/".into(),
            scopes: vec![],
            challenge: None,
        };
        let code = world.consent("ann", request(), at(0));
        assert!(world.person("ann").expect("ann").knows_twitch_app);
        assert!(world.redeem(Company::Twitch, &code, at(1)).is_some());
        assert!(world.redeem(Company::Twitch, &code, at(1)).is_none());
        let late = world.consent("ann", request(), at(0));
        assert!(world.redeem(Company::Twitch, &late, at(600)).is_none());
    }
}
