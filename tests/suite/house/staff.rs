//! The streamer's own side: what they choose, and what their staff hears at once.

use super::House;
use super::person::Person;
use super::viewer::Viewer;
use airlog::config::Allow;
use airlog::twins::{BroadcastKind, Deed};
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::Value;

impl House {
    /// A house in which ann, who lives in this time zone, has logged in.
    pub async fn with_ann_logged_in(timezone: Tz) -> (Self, Person) {
        let house = Self::with(|config| config.accounts.allow = Allow::Anyone).await;
        house.has_streamer_in("ann", timezone).await;
        let ann = house.logged_in("ann").await;
        (house, ann)
    }

    /// Somebody of the staff, at their socket.
    pub async fn staff(&self, person: &Person) -> Viewer {
        let (cookies, origin) = (person.cookies(), format!("http://{}", self.addr()));
        let headers = [("cookie", &*cookies), ("origin", &*origin)];
        Viewer::comes_with(self.addr(), "/api/v1/me/live", &headers).await.expect("an upgrade")
    }

    /// Goes live and waits until the staff hears of it; gives the id of the stream.
    pub async fn goes_live_before(&self, login: &str, staff: &mut Viewer) -> String {
        self.subscribes(login).await;
        self.act(login, Deed::GoLive { kind: BroadcastKind::Live });
        super::text(&staff.sees("stream_started").await["stream"]["id"])
    }

    /// Plays a track, and waits until the staff hears of it and it is stored.
    pub async fn plays_before(&self, login: &str, number: usize, staff: &mut Viewer) -> String {
        let title = self.plays_noticed(login, number).await;
        assert_eq!(super::text(&staff.sees("track_added").await["track"]["name"]), title);
        title
    }
}

impl Person {
    /// Changes settings: what is answered is in effect.
    pub async fn chooses(&self, settings: &Value) {
        let (status, answer) = self.asks(Method::PATCH, "/api/v1/me/settings", &settings.to_string()).await;
        assert_eq!(status, 200, "{answer}");
    }
}
