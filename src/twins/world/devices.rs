//! Twitch's device codes: an app asks for one, a person types what belongs to it elsewhere and says yes or no, and the app,
//! which asks now and then, learns of it.

use super::World;
use super::apps::Company;
use super::tokens::Bearer;
use crate::base::clock::Instant;
use chrono::TimeDelta;

/// What an app that has no browser to send away asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// What the app holds.
    pub device_code: String,
    /// What the person is shown.
    pub user_code: String,
    /// The app.
    pub client_id: String,
    /// What it wants to do.
    pub scopes: Vec<String>,
    /// When it is worth nothing any more.
    pub expires_at: Instant,
    said: Said,
    asked_at: Option<Instant>,
}

/// What the person has said.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Nothing,
    Yes(String),
    No,
}

/// Why a device code gives no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceError {
    /// Nobody has said anything yet.
    Pending,
    /// Unknown, used up, refused or too old.
    Invalid,
}

/// All device codes that may still be good.
#[derive(Debug, Clone, Default)]
pub(super) struct Devices {
    requests: Vec<DeviceRequest>,
    /// How often an app has asked before the interval was over.
    hasty: u64,
}

impl World {
    /// An app asks for a device code.
    pub fn ask_device(&mut self, client_id: &str, scopes: Vec<String>, now: Instant) -> DeviceRequest {
        let (device_code, user_code) = (self.ids.next(30), self.ids.next(8).to_uppercase());
        self.desk(Company::Twitch).0.gives_out(&device_code);
        let request = DeviceRequest {
            device_code,
            user_code,
            client_id: client_id.to_owned(),
            scopes,
            expires_at: now + self.pace.device_code,
            said: Said::Nothing,
            asked_at: None,
        };
        self.devices.requests.push(request.clone());
        request
    }

    /// What a code that a person types stands for, if nobody has answered yet and it is not too late.
    #[must_use]
    pub fn asked_device(&self, user_code: &str, now: Instant) -> Option<&DeviceRequest> {
        let waiting = |request: &&DeviceRequest| request.said == Said::Nothing && now < request.expires_at;
        self.devices.requests.iter().find(|request| request.user_code == user_code).filter(waiting)
    }

    /// A person says yes to a code, or no; false when there is nothing to answer.
    pub fn answer_device(&mut self, user_code: &str, login: Option<&str>, now: Instant) -> bool {
        if self.asked_device(user_code, now).is_none() {
            return false;
        }
        let said = login.map_or(Said::No, |login| {
            let person = self.person_mut(login);
            person.knows_twitch_app = true;
            Said::Yes(person.login.clone())
        });
        let asked = self.devices.requests.iter_mut().find(|request| request.user_code == user_code);
        asked.map(|request| request.said = said).is_some()
    }

    /// An app asks what has become of its code: whom tokens are for, once.
    ///
    /// # Errors
    /// [`DeviceError`]
    pub fn redeem_device(
        &mut self,
        code: &str,
        client_id: &str,
        now: Instant,
    ) -> Result<Bearer, DeviceError> {
        let interval = TimeDelta::from_std(self.pace.device_interval).unwrap_or_default();
        let theirs = |request: &DeviceRequest| request.device_code == code && request.client_id == client_id;
        let place = self.devices.requests.iter().position(theirs).ok_or(DeviceError::Invalid)?;
        let request = &mut self.devices.requests[place];
        self.devices.hasty += u64::from(request.asked_at.is_some_and(|asked| now - asked < interval));
        request.asked_at = Some(now);
        if now >= request.expires_at || request.said == Said::No {
            return Err(DeviceError::Invalid);
        }
        let Said::Yes(login) = request.said.clone() else { return Err(DeviceError::Pending) };
        let DeviceRequest { client_id, scopes, .. } = self.devices.requests.remove(place);
        Ok(Bearer { login: Some(login), client_id, scopes })
    }

    /// How often an app has asked what has become of a device code before it was due.
    #[must_use]
    pub fn hasty_polls(&self) -> u64 {
        self.devices.hasty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::TWITCH_PUBLIC_CLIENT_ID as APP;
    use chrono::DateTime;

    fn at(second: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + second, 0).expect("an instant")
    }

    #[test]
    fn a_yes_gives_a_bearer_once_and_to_the_app_that_asked() {
        let mut world = World::new(1);
        let asked = world.ask_device(APP, vec!["a".into()], at(0));
        let redeem =
            |world: &mut World, app, second| world.redeem_device(&asked.device_code, app, at(second));
        assert_eq!(redeem(&mut world, APP, 5), Err(DeviceError::Pending));
        assert!(world.answer_device(&asked.user_code, Some("ann"), at(6)));
        assert!(!world.answer_device(&asked.user_code, Some("bob"), at(7)), "it is answered");
        assert_eq!(redeem(&mut world, "another app", 10), Err(DeviceError::Invalid));
        let bearer = redeem(&mut world, APP, 11).expect("ann");
        assert_eq!((bearer.login.as_deref(), bearer.scopes), (Some("ann"), vec!["a".to_owned()]));
        assert_eq!(redeem(&mut world, APP, 16), Err(DeviceError::Invalid));
        assert_eq!(world.hasty_polls(), 0);
    }

    #[test]
    fn a_no_and_a_late_yes_give_nothing_and_haste_is_noticed() {
        let mut world = World::new(1);
        let refused = world.ask_device(APP, Vec::new(), at(0));
        assert!(world.answer_device(&refused.user_code, None, at(1)));
        assert_eq!(world.redeem_device(&refused.device_code, APP, at(5)), Err(DeviceError::Invalid));
        assert_eq!(world.redeem_device(&refused.device_code, APP, at(9)), Err(DeviceError::Invalid));
        assert_eq!(world.hasty_polls(), 1);
        let late = world.ask_device(APP, Vec::new(), at(0));
        assert!(!world.answer_device(&late.user_code, Some("ann"), at(1_800)));
        assert_eq!(world.redeem_device(&late.device_code, APP, at(1_800)), Err(DeviceError::Invalid));
    }
}
