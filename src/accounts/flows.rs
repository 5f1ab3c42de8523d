//! Sending a browser away for a consent, and taking it back: to Twitch to log in, to Spotify to link an account.
//!
//! The `state` that travels is known here by its hash only, belongs to one provider and to one browser, and is taken out
//! before anything is done with it: a second answer, another browser's answer and the other provider's answer are all
//! refused alike. What Spotify must be shown in return (PKCE) never leaves the house.

use super::apps::BroughtApps;
use super::consent::{Answer, FlowError, Newcomer, Traveller};
use super::device_pass::{Pass, Passes};
use super::grants::Grants;
use super::links::Links;
use super::logins::Logins;
use super::model::{Flow, NewLink, Provider, User};
use super::rules::{Caller, FLOW_LASTS, SPOTIFY_SCOPES, TWITCH_SCOPES, admits};
use super::store;
use crate::audit::{Audit, By, Deed};
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::seal::SealingKey;
use crate::base::token;
use crate::clients::oauth::OAuthError;
use crate::clients::spotify::{Consent, SpotifyAccounts, Through};
use crate::clients::twitch::TwitchAccounts;
use crate::config::Allow;
use crate::db::{Db, DbError};
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;

/// What it takes to let people in and to link their accounts.
#[derive(Debug, Clone)]
pub struct Flows {
    /// Where flows and people are kept.
    pub db: Db,
    /// Seals verifiers.
    pub key: Arc<SealingKey>,
    /// The time.
    pub clock: SharedClock,
    /// Where people log in.
    pub twitch: TwitchAccounts,
    /// Where accounts are linked.
    pub spotify: SpotifyAccounts,
    /// The apps that streamers have brought.
    pub brought: BroughtApps,
    /// Where Twitch's tokens go.
    pub grants: Grants,
    /// Where Spotify's tokens go.
    pub links: Links,
    /// Where logins go.
    pub logins: Logins,
    /// Who may.
    pub allow: Allow,
    /// That an account was linked is noted here.
    pub audit: Audit,
    /// How many days the list of somebody new is kept.
    pub retention_days: Option<u16>,
}

impl Flows {
    /// Whoever may not log in any more, because the config was changed, is let in no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn turn_out(&self) -> Result<(), DbError> {
        self.grants.accounts().count_former_owners().await?;
        let owner = store::owner(&self.db).await?;
        for user in store::logged_in_for_themselves(&self.db).await? {
            let is_owner = owner == Some(user.id);
            let caller = Caller { login: &user.login, is_owner, has_code: false, is_taken: owner.is_some() };
            if !admits(&self.allow, caller) {
                store::drop_logins_of(&self.db, user.id).await?;
            }
        }
        Ok(())
    }

    /// Whether the house waits for its owner: nobody else can log in before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn awaits_owner(&self) -> Result<bool, DbError> {
        Ok(self.allow == Allow::Owner && store::owner(&self.db).await?.is_none())
    }

    /// Whose house it is, if it is anybody's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn owner(&self) -> Result<Option<UserId>, DbError> {
        store::owner(&self.db).await
    }

    /// Whether a text is the setup code.
    #[must_use]
    pub fn is_setup_code(&self, text: &str) -> bool {
        self.passes().read(text) == Some(Pass::House)
    }

    /// The code that proves who the owner is: printed at the start of a house without one. It follows from the sealing
    /// key, so it is the same after each start and nowhere stored; after an owner has left it is another one.
    #[must_use]
    pub fn setup_code(&self) -> SecretString {
        self.passes().setup_code()
    }

    /// The codes with which browsers begin to log in, where that takes one: first that of whoever runs the house, who has
    /// no login here, then those of everybody on the list.
    #[must_use]
    pub fn login_codes(&self) -> Vec<(Option<&str>, SecretString)> {
        if !self.is_public() {
            return Vec::new();
        }
        let (passes, mut codes) = (self.passes(), vec![(None, self.setup_code())]);
        if let Allow::Logins(logins) = &self.allow {
            codes.extend(logins.iter().map(|login| (Some(login.as_str()), passes.login_code(login))));
        }
        codes
    }

    /// What a browser has to show before it may begin a login by device code.
    #[must_use]
    pub fn passes(&self) -> Passes {
        Passes::new(Arc::clone(&self.key), self.grants.accounts().setup_purpose())
    }

    /// Sends a browser to Twitch to log in: the page to go to. `is_owner` is whether it held the setup code.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn login_begins(
        &self,
        traveller: Traveller<'_>,
        timezone: Option<Tz>,
        is_owner: bool,
    ) -> Result<Url, FlowError> {
        let client_id = self.twitch.client_id().filter(|_| self.twitch.has_secret());
        let lacking = FlowError::NotConfigured("twitch.client_id or twitch.client_secret");
        let flow = self.flow(Provider::Twitch, traveller, &client_id.ok_or(lacking)?);
        let (state, flow) = (token::random(), Flow { timezone, is_owner, ..flow });
        self.remember(&state, &flow).await?;
        Ok(self.twitch.consent_page(traveller.redirect_uri, state.expose_secret(), &TWITCH_SCOPES)?)
    }

    /// A browser is back from Twitch: who it is, and the token it is to hold from now on.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn login_ends(&self, answer: Answer) -> Result<(User, SecretString), FlowError> {
        let (flow, code) = self.take(Provider::Twitch, answer).await?;
        let granted = self.twitch.redeem(&code, &flow.redirect_uri).await?;
        let newcomer = Newcomer { timezone: flow.timezone, has_code: flow.is_owner, login: None };
        let user = self.admit(granted, newcomer).await?;
        let token = self.logins.begin(user.id).await?;
        Ok((user, token))
    }

    /// Sends a streamer's browser to Spotify to link an account: the page to go to.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn link_begins(&self, traveller: Traveller<'_>, user: UserId) -> Result<Url, FlowError> {
        let brought = self.brought.of(user).await?.map(|app| app.client_id);
        let client_id = brought.or_else(|| self.spotify.own_client_id());
        let client_id = client_id.ok_or(FlowError::NotConfigured("spotify.client_id"))?;
        let client_id = client_id.as_str();
        let (state, verifier) = (token::random(), token::random());
        let sealed = self.key.seal(&verifier_row(&state), &verifier);
        let flow = self.flow(Provider::Spotify, traveller, client_id);
        self.remember(&state, &Flow { user: Some(user), verifier: Some(sealed), ..flow }).await?;
        let (redirect_uri, challenge) = (traveller.redirect_uri, token::challenge(verifier.expose_secret()));
        let (state, scopes) = (state.expose_secret(), &SPOTIFY_SCOPES);
        Ok(self.spotify.consent_page(Consent {
            client_id,
            redirect_uri,
            state,
            challenge: &challenge,
            scopes,
        })?)
    }

    /// A streamer's browser is back from Spotify: the account is linked. Whether it is through an app that they have
    /// brought. An earlier link is there until this one has succeeded.
    ///
    /// # Errors
    /// [`FlowError`]; `Unknown` also when somebody else is logged in by now.
    pub async fn link_ends(&self, answer: Answer, user: UserId) -> Result<bool, FlowError> {
        let row = verifier_row(&answer.state);
        let (flow, code) = self.take(Provider::Spotify, answer).await?;
        let sealed = flow.verifier.filter(|_| flow.user == Some(user)).ok_or(FlowError::Unknown)?;
        let verifier = self.key.open(&row, &sealed).map_err(anyhow::Error::new)?;
        let brought = self.brought.of(user).await?.filter(|app| app.client_id == flow.client_id);
        let secret = brought.as_ref().and_then(|app| app.client_secret.as_ref());
        let app = Through { client_id: &flow.client_id, client_secret: secret };
        let redeemed = self.spotify.redeem(app, &code, &verifier, &flow.redirect_uri).await;
        let granted = redeemed.map_err(|error| refusal(error, brought.is_some()))?;
        let refresh =
            granted.refresh_token.ok_or_else(|| FlowError::Trouble("no refresh token came".into()))?;
        let life = TimeDelta::from_std(granted.expires_in).unwrap_or_default();
        let (client_id, scopes) = (flow.client_id, granted.scopes);
        let link = NewLink { client_id, expires_at: Some(self.clock.now() + life), scopes };
        self.links.link(user, link, &granted.access_token, &refresh, secret).await?;
        self.audit.note(user, &By::Streamer, Deed::Linked, "").await;
        Ok(brought.is_some())
    }

    fn flow(&self, provider: Provider, traveller: Traveller<'_>, client_id: &str) -> Flow {
        Flow {
            browser_hash: token::hash(traveller.browser.expose_secret()),
            provider,
            user: None,
            client_id: client_id.to_owned(),
            redirect_uri: traveller.redirect_uri.to_owned(),
            verifier: None,
            timezone: None,
            is_owner: false,
            origin: traveller.came_by.map(str::to_owned),
            expires_at: self.clock.now() + FLOW_LASTS,
        }
    }

    /// Where the browser that was sent away with this state came by, if it comes back to another name of ours: there, and
    /// there only, is it known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn origin_of(&self, state: &SecretString) -> Result<Option<String>, DbError> {
        let flow = store::flow(&self.db, &token::hash(state.expose_secret())).await?;
        Ok(flow.filter(|flow| self.clock.now() < flow.expires_at).and_then(|flow| flow.origin))
    }

    async fn remember(&self, state: &SecretString, flow: &Flow) -> Result<(), DbError> {
        store::put_flow(&self.db, &token::hash(state.expose_secret()), flow, self.clock.now()).await
    }

    /// The flow that an answer belongs to, and its code. Whatever is wrong with the answer, the flow is over.
    async fn take(&self, provider: Provider, answer: Answer) -> Result<(Flow, SecretString), FlowError> {
        let state = token::hash(answer.state.expose_secret());
        let flow = store::take_flow(&self.db, &state).await?.ok_or(FlowError::Unknown)?;
        let in_time = self.clock.now() < flow.expires_at;
        let same_browser = flow.browser_hash == token::hash(answer.browser.expose_secret());
        if flow.provider != provider || !in_time || !same_browser {
            return Err(FlowError::Unknown);
        }
        Ok((flow, answer.code.ok_or_else(|| sent_back(answer.error))?))
    }
}

/// Whose app it is that Spotify refuses makes a difference to who can do something about it.
fn refusal(error: OAuthError, is_brought: bool) -> FlowError {
    match error {
        OAuthError::BadClient(why) if is_brought => FlowError::BadBroughtApp(why),
        error => error.into(),
    }
}

/// What it means that no code came: most often that the person said no.
fn sent_back(word: Option<String>) -> FlowError {
    word.filter(|word| word != "access_denied").map_or(FlowError::Denied, FlowError::SentBack)
}

fn verifier_row(state: &SecretString) -> String {
    format!("auth_flows/{}/verifier", token::hash(state.expose_secret()))
}
