//! What streamers decide about tracking, and how they see what comes of it.

use super::House;
use airlog::base::clock::{Clock as _, Instant};
use airlog::base::id::UserId;
use airlog::live::Status;
use airlog::live::gaps::Reason;
use airlog::twins::Endpoint;
use chrono::TimeDelta;

impl House {
    pub async fn id_of(&self, login: &str) -> UserId {
        self.accounts().by_login(login).await.expect("a database").expect("a streamer").id
    }

    /// So many minutes from now.
    pub fn in_minutes(&self, minutes: i64) -> Instant {
        self.clock.now() + TimeDelta::minutes(minutes)
    }

    /// Switches tracking on or off, as the settings do.
    pub async fn switches(&self, login: &str, enabled: bool) {
        let user = self.id_of(login).await;
        let change = if enabled {
            "UPDATE users SET enabled = TRUE WHERE login = 'ann' RETURNING id"
        } else {
            "UPDATE users SET enabled = FALSE WHERE login = 'ann' RETURNING id"
        };
        assert_eq!(self.sql(change).await, [user.to_string()], "only ann switches");
        self.controls().wake();
    }

    pub async fn status(&self, login: &str) -> Status {
        self.controls().status(self.id_of(login).await).await.expect("a status")
    }

    /// Waits until the status is as `is` says.
    pub async fn status_is(&self, login: &str, what: &str, is: impl Fn(&Status) -> bool) -> Status {
        self.eventually(what, async || Some(self.status(login).await).filter(|status| is(status))).await
    }

    /// Waits until some more passes have run: each minute Twitch is asked who is live.
    pub async fn reconciles(&self) {
        let asked = || self.twins.with(|world, _| world.calls(Endpoint::Streams));
        let before = asked();
        self.eventually("some passes", async || (asked() >= before + 3).then_some(())).await;
    }

    /// Waits until nobody looks at this streamer's player any more, and gives how often it was looked at.
    pub async fn rests(&self, login: &str) -> u64 {
        self.eventually("the session has ended", async || {
            (self.counted("airlog_sessions") == 0).then_some(())
        })
        .await;
        self.looks(login)
    }

    /// Today's pauses: whether each is over.
    pub async fn pauses(&self, login: &str) -> Vec<bool> {
        let day = self.json(&format!("/api/v1/streamers/{login}/tracks")).await;
        let gaps = day["gaps"].as_array().expect("gaps").clone();
        let paused = gaps.iter().filter(|gap| gap["reason"] == Reason::Paused.word());
        paused.map(|gap| !gap["to"].is_null()).collect()
    }
}
