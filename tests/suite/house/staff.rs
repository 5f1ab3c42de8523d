//! The streamer's own side: what they choose, and what their staff hears at once.

use super::House;
use super::viewer::Viewer;
use airlog::base::clock::Clock as _;
use airlog::base::id::UserId;
use airlog::daylist::{Daylist, How, Upgrade};
use airlog::http::Visitor;
use airlog::hub::{Day, Hub};
use axum::extract::{Query, State};
use axum::{Router, routing};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;

impl House {
    pub fn hub(&self) -> &Hub {
        &self.home().hub
    }

    /// Stores what the streamer chooses, and has it take effect.
    pub async fn chooses(&self, login: &str, update: &'static str) {
        self.sql(update).await;
        self.hub().heed(self.id_of(login).await).await.expect("a database");
    }

    /// The day as the staff knows it.
    pub async fn staff_day(&self, login: &str) -> Arc<Day> {
        let staff = self.hub().staff(self.id_of(login).await).await.expect("a day").expect("a streamer");
        staff.day(self.clock.now()).0
    }

    /// Waits until the staff knows this of the day.
    pub async fn staff_knows(&self, login: &str, what: &str, known: impl Fn(&Day) -> bool) {
        self.eventually(what, async || known(&*self.staff_day(login).await).then_some(())).await;
    }

    /// Goes live and waits until the staff knows.
    pub async fn goes_live_for_the_staff(&self, login: &str) {
        self.subscribes(login).await;
        self.act(login, airlog::twins::Deed::GoLive { kind: airlog::twins::BroadcastKind::Live });
        self.staff_knows(login, "they are on air", |day| day.stream.is_some()).await;
    }

    /// Plays a track and waits until the staff knows it and it is stored.
    pub async fn plays_for_the_staff(&self, login: &str, number: usize) -> String {
        let title = self.plays_noticed(login, number).await;
        let last = |day: &Day| day.tracks.last().is_some_and(|track| track.name == title);
        self.staff_knows(login, "they know the track", last).await;
        title
    }

    /// Somebody of the staff, as JSON.
    pub async fn staff_viewer(&self, login: &str) -> Viewer {
        let door = staff_door(self.home().daylist.clone(), self.id_of(login).await).await;
        Viewer::comes(door, "/").await.expect("an upgrade")
    }
}

/// A server with nothing but the staff's socket of this streamer, which asks nobody who they are.
pub async fn staff_door(daylist: Daylist, user: UserId) -> SocketAddr {
    let enter =
        async move |State(daylist): State<Daylist>, how: Query<How>, visitor: Visitor, upgrade: Upgrade| {
            daylist.staff_live(user, &how, &visitor, upgrade, std::future::pending()).await
        };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    let router = Router::new().route("/", routing::get(enter)).with_state(daylist);
    tokio::spawn(axum::serve(listener, router).into_future());
    addr
}
