//! Changing a login at Twitch: the id stays, and so does everything that hangs on it.

use super::{World, events, person};
use crate::base::clock::Instant;

impl World {
    /// The person is called this from now on. Whoever follows the channel is told with the next `channel.update`, which
    /// this is. A login that somebody has is not given again.
    pub fn rename(&mut self, login: &str, to: &str, now: Instant) {
        let to = person::login_of(to);
        if self.person(&to).is_some() {
            return;
        }
        let person = self.person_mut(login);
        let before = std::mem::replace(&mut person.login, to.clone());
        person.name = person::capitalized(&to);
        self.twitch.rename(&before, &to);
        self.spotify.rename(&before, &to);
        self.subscriptions.rename_owner(&before, &to);
        self.faults.rename(&before, &to);
        self.update_channel(&to, now);
    }

    /// Something about the channel changes, such as its title.
    pub fn update_channel(&mut self, login: &str, now: Instant) {
        let person = self.person_mut(login);
        let (about, event) = (person.twitch_id.clone(), events::channel(person));
        self.announce("channel.update", &about, &event, now);
    }
}

#[cfg(test)]
mod tests {
    use crate::twins::world::{Company, TWITCH_CLIENT_ID, World};
    use chrono::DateTime;

    #[test]
    fn whoever_is_renamed_keeps_id_and_tokens() {
        let now = DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        let mut world = World::new(1);
        let bearer = world.bearer_for("ann", TWITCH_CLIENT_ID, &[]);
        let token = world.grant(Company::Twitch, bearer, now).access_token;
        let id = world.person("ann").expect("ann").twitch_id.clone();
        world.rename("ann", "Anna", now);
        assert!(world.person("ann").is_none());
        assert_eq!(world.person("anna").expect("anna").twitch_id, id);
        let (bearer, _) = world.bearer(Company::Twitch, &token, now).expect("a good token");
        assert_eq!(bearer.login.as_deref(), Some("anna"));
        world.add_person("ben");
        world.rename("ben", "anna", now);
        assert!(world.person("ben").is_some(), "the login is taken");
    }
}
