//! Logging in by device code, where the app has no secret: a browser is shown a code, the person confirms it at Twitch
//! wherever they like, and that browser is logged in.
//!
//! A login belongs to one browser and stands in the database, so that neither a reload nor a restart loses it. Twitch is
//! asked when the browser asks, never more often than it allows, and to the end, also when the browser goes away
//! meanwhile. Who may begin one is said in [`super::device_pass`].

use super::consent::{FlowError, Newcomer};
use super::device_pass::Pass;
use super::flows::Flows;
use super::model::{DeviceLogin, DeviceOutcome, User};
use super::rules::TWITCH_SCOPES;
use super::store;
use crate::base::token;
use crate::clients::oauth::OAuthError;
use crate::clients::twitch::{DeviceAnswer, DeviceCode};
use chrono::TimeDelta;
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};

/// How a login by device code stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceState {
    /// This browser has begun none.
    Nothing,
    /// Nobody has confirmed it yet.
    Waiting(DeviceLogin),
    /// Its time is over.
    Expired,
    /// The person said no, or the code was used already.
    Refused,
    /// Somebody has confirmed it who may not come in here, or not in this browser.
    NotAllowed,
    /// It is confirmed.
    Confirmed,
}

impl Flows {
    /// Whether people log in by device code: there is an app at Twitch, and it has no secret.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.twitch.client_id().is_some() && !self.twitch.has_secret()
    }

    /// Begins a login in this browser, in place of one that it has begun before.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn device_begins(
        &self,
        browser: &SecretString,
        timezone: Option<Tz>,
        pass: &Pass,
    ) -> Result<DeviceLogin, FlowError> {
        let lacking = FlowError::NotConfigured("twitch.client_id");
        let client_id = self.twitch.client_id().ok_or(lacking)?;
        let code = self.twitch.ask_device(&TWITCH_SCOPES).await?;
        let (row, now) = (hash(browser), self.clock.now());
        let login = DeviceLogin { timezone, ..self.device_login(&row, client_id, code, pass) };
        store::put_device_login(&self.db, &row, &login, now).await?;
        Ok(login)
    }

    /// How the login of this browser stands; asks Twitch if that is due.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn device_stands(&self, browser: &SecretString) -> Result<DeviceState, FlowError> {
        let (row, now) = (hash(browser), self.clock.now());
        let Some(login) = store::device_login(&self.db, &row).await? else { return Ok(DeviceState::Nothing) };
        if login.outcome.is_some() || now >= login.expires_at {
            return Ok(self.device_state(login));
        }
        if !store::device_turn(&self.db, &row, now - login.interval, now).await? {
            return Ok(DeviceState::Waiting(login));
        }
        let flows = self.clone();
        let asking = tokio::spawn(async move { flows.device_asks(&row, login).await });
        asking.await.unwrap_or_else(|error| Err(FlowError::Internal(error.into())))
    }

    /// A login of this browser that is confirmed ends: who it is, and the token that the browser is to hold from now on.
    /// None when it is not confirmed, or has ended before.
    ///
    /// # Errors
    /// [`FlowError`]
    pub async fn device_ends(
        &self,
        browser: &SecretString,
    ) -> Result<Option<(User, SecretString)>, FlowError> {
        let Some(user) = store::take_device_login(&self.db, &hash(browser)).await? else { return Ok(None) };
        let Some(user) = store::by_id(&self.db, user).await? else { return Ok(None) };
        let token = self.logins.begin(user.id).await?;
        Ok(Some((user, token)))
    }

    fn device_login(&self, row: &str, client_id: String, code: DeviceCode, pass: &Pass) -> DeviceLogin {
        let now = self.clock.now();
        DeviceLogin {
            client_id,
            device_code: self.key.seal(&sealed_row(row), &code.device_code),
            user_code: code.user_code,
            verification_uri: code.verification_uri,
            interval: TimeDelta::seconds(code.interval.max(1).into()),
            login: pass.login().map(str::to_owned),
            timezone: None,
            is_owner: *pass == Pass::House,
            asked_at: now,
            outcome: None,
            expires_at: now + TimeDelta::seconds(code.expires_in.into()),
        }
    }

    /// How a login stands that Twitch is not asked about.
    fn device_state(&self, login: DeviceLogin) -> DeviceState {
        match login.outcome {
            Some(DeviceOutcome::Confirmed) => DeviceState::Confirmed,
            Some(DeviceOutcome::Refused) => DeviceState::Refused,
            Some(DeviceOutcome::NotAllowed) => DeviceState::NotAllowed,
            None if self.clock.now() >= login.expires_at => DeviceState::Expired,
            None => DeviceState::Waiting(login),
        }
    }

    /// Asks Twitch what has become of a login, and notes it.
    async fn device_asks(&self, row: &str, login: DeviceLogin) -> Result<DeviceState, FlowError> {
        let end = async |outcome, user| {
            store::end_device_login(&self.db, row, &login.device_code, outcome, user).await
        };
        let granted = match self.device_answer(row, &login).await {
            Ok(DeviceAnswer::Granted(granted)) => granted,
            Ok(DeviceAnswer::Pending) => return Ok(DeviceState::Waiting(login)),
            Err(OAuthError::Transient(error)) => {
                tracing::debug!(error, "Twitch is asked again what has become of a device code");
                return Ok(DeviceState::Waiting(login));
            }
            Err(OAuthError::Refused) => {
                end(DeviceOutcome::Refused, None).await?;
                return Ok(DeviceState::Refused);
            }
            Err(error @ OAuthError::BadClient(_)) => return Err(error.into()),
        };
        let newcomer =
            Newcomer { timezone: login.timezone, has_code: login.is_owner, login: login.login.as_deref() };
        match self.admit(granted, newcomer).await {
            Ok(user) => {
                end(DeviceOutcome::Confirmed, Some(user.id)).await?;
                Ok(DeviceState::Confirmed)
            }
            Err(FlowError::NotAllowed(_)) => {
                end(DeviceOutcome::NotAllowed, None).await?;
                Ok(DeviceState::NotAllowed)
            }
            // The code is used up, whatever was in the way.
            Err(error) => {
                end(DeviceOutcome::Refused, None).await?;
                Err(error)
            }
        }
    }

    /// What Twitch says of a login. One that was sealed under another key, or begun as another app, is of no use any more.
    async fn device_answer(&self, row: &str, login: &DeviceLogin) -> Result<DeviceAnswer, OAuthError> {
        let same_app = self.twitch.client_id().as_ref() == Some(&login.client_id);
        let code = self.key.open(&sealed_row(row), &login.device_code).ok().filter(|_| same_app);
        self.twitch.redeem_device(&code.ok_or(OAuthError::Refused)?, &TWITCH_SCOPES).await
    }
}

fn hash(browser: &SecretString) -> String {
    token::hash(browser.expose_secret())
}

fn sealed_row(browser_hash: &str) -> String {
    format!("device_logins/{browser_hash}/device_code")
}
