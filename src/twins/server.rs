//! The running twins: one port for both companies and the control page, start and stop.

use super::act::Act;
use super::letter::Letter;
use super::perform::perform;
use super::script::Evening;
use super::shared::{SentLetter, Shared};
use super::world::{Company, Delivery, Grant, Message, SPOTIFY_CLIENT_ID, Standing, TWITCH_CLIENT_ID, World};
use super::{control, spotify, twitch};
use crate::base::clock::{Instant, SharedClock};
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::middleware::map_response;
use axum::response::Response;
use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long connections get to end when the twins stop.
const FAREWELL: Duration = Duration::from_millis(800);

/// Simulated Spotify and Twitch, listening on one port.
#[derive(Debug)]
pub struct Twins {
    pub(super) shared: Arc<Shared>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Twins {
    /// Starts both companies over `world` on one port; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(listen: SocketAddr, world: World, clock: SharedClock) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let shared = Arc::new(Shared::new(world, clock, listener.local_addr()?, http_client()?));
        let stop = shared.stop.clone();
        let server = axum::serve(listener, router(&shared)).with_graceful_shutdown(stop.cancelled_owned());
        let serving = tokio::spawn(server.into_future());
        Ok(Self { shared, serving })
    }

    /// Where the twins listen.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.shared.addr()
    }

    /// For `spotify.api_url`.
    #[must_use]
    pub fn spotify_api_url(&self) -> String {
        self.shared.url("/spotify/v1")
    }

    /// For `spotify.accounts_url`.
    #[must_use]
    pub fn spotify_accounts_url(&self) -> String {
        self.shared.url("/spotify/accounts")
    }

    /// Under which covers are drawn, each as `/{album id}.svg`.
    #[must_use]
    pub fn covers_url(&self) -> String {
        self.shared.url("/spotify/covers")
    }

    /// For `twitch.api_url`.
    #[must_use]
    pub fn twitch_api_url(&self) -> String {
        self.shared.url("/twitch/helix")
    }

    /// For `twitch.id_url`.
    #[must_use]
    pub fn twitch_id_url(&self) -> String {
        self.shared.url("/twitch/oauth2")
    }

    /// For `twitch.eventsub_url`.
    #[must_use]
    pub fn twitch_eventsub_url(&self) -> String {
        format!("ws://{}/twitch/ws", self.shared.host())
    }

    /// The page where a person plays fate.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.shared.url("/")
    }

    /// Looks at the world or changes it, then delivers whatever `EventSub` messages the change calls for. Must be
    /// called within the runtime, and not from within itself: the world is locked meanwhile.
    pub fn with<T>(&self, change: impl FnOnce(&mut World, Instant) -> T) -> T {
        self.shared.with(change)
    }

    /// Does what somebody does, and delivers what that calls for.
    pub fn perform(&self, act: &Act) {
        perform(&self.shared, act);
    }

    /// A Spotify access and refresh token of this person for the invented app, as the code flow would give.
    #[must_use]
    pub fn grant(&self, login: &str) -> Grant {
        self.with(|world, now| {
            let bearer = world.bearer_for(login, SPOTIFY_CLIENT_ID, spotify::SCOPES);
            world.grant(Company::Spotify, bearer, now)
        })
    }

    /// A Twitch user token of this person for the invented app, as the code flow would give.
    #[must_use]
    pub fn grant_twitch(&self, login: &str, scopes: &[&str]) -> Grant {
        self.with(|world, now| {
            let bearer = world.bearer_for(login, TWITCH_CLIENT_ID, scopes);
            world.grant(Company::Twitch, bearer, now)
        })
    }

    /// A fresh message of this type (`stream.online`, `stream.offline`) about this person, for the first webhook
    /// that subscribed to it. It is not sent: bend it, then [`Twins::send`] it, twice if you like.
    #[must_use]
    pub fn letter(&self, login: &str, kind: &str) -> Option<Letter> {
        self.with(|world, now| Letter::of(&fresh(world, login, kind, now)?))
    }

    /// Sends a letter once; answers with the HTTP status.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn send(&self, letter: &Letter) -> reqwest::Result<u16> {
        let within = self.with(|world, _| world.pace.delivery_timeout);
        self.shared.send(letter, within).await.map(|(status, _)| status)
    }

    /// The last letters that were sent, oldest first, each attempt with its answer.
    #[must_use]
    pub fn sent_letters(&self) -> Vec<SentLetter> {
        self.shared.sent_letters()
    }

    /// Plays this evening for somebody, in the background, until the twins stop. Several people may have one each.
    pub fn run_script(&self, login: &str, evening: Evening) {
        let (shared, login) = (Arc::clone(&self.shared), login.to_owned());
        self.shared.tasks.spawn(async move {
            tokio::select! {
                () = play(&shared, &login, evening) => {}
                () = shared.stop.cancelled() => {}
            }
        });
    }

    /// Waits until no webhook message is on its way.
    pub async fn settled(&self) {
        self.shared.settled().await;
    }

    /// Stops: hanging answers and open sockets end, connections are closed. Takes a second at most.
    pub async fn stop(mut self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        let ended = async {
            self.shared.tasks.wait().await;
            (&mut self.serving).await
        };
        // Whoever has not ended by now keeps nothing but a socket.
        let _ = tokio::time::timeout(FAREWELL, ended).await;
    }
}

impl Drop for Twins {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

/// A turn when it is due, and one at once after whatever anybody does: a person may have skipped.
async fn play(shared: &Arc<Shared>, login: &str, mut evening: Evening) {
    let mut acts = shared.acts.subscribe();
    loop {
        let wait = shared.with(|world, now| evening.turn(world, login, now));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = acts.changed() => {}
        }
    }
}

fn fresh(world: &World, login: &str, kind: &str, now: Instant) -> Option<Delivery> {
    let event = world.event(login, kind, now)?;
    let about = &world.person(login)?.twitch_id;
    let subscription = world.subscriptions().iter().find(|s| {
        s.standing == Standing::Enabled
            && s.wish.kind == kind
            && s.wish.condition["broadcaster_user_id"] == **about
    })?;
    let message_id = format!("letter-{}", rand::random::<u64>());
    Some(Delivery { message_id, at: now, subscription: subscription.clone(), message: Message::Event(event) })
}

fn router(shared: &Arc<Shared>) -> Router {
    let clock = Arc::clone(shared);
    Router::new()
        .merge(control::router())
        .nest("/spotify", spotify::router())
        .nest("/twitch", twitch::router())
        .layer(map_response(move |answer| ready(dated(answer, clock.now()))))
        .with_state(Arc::clone(shared))
}

/// Companies say what time it is where they are.
fn dated(mut answer: Response, now: Instant) -> Response {
    let date = HeaderValue::from_str(&now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    answer.headers_mut().extend(date.ok().map(|date| (DATE, date)));
    answer
}

fn http_client() -> std::io::Result<reqwest::Client> {
    // Somebody may have installed a provider already: then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none());
    client.no_proxy().build().map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::SystemClock;
    use crate::twins::Deed;
    use std::collections::HashSet;

    async fn twins() -> Twins {
        let any = "127.0.0.1:0".parse().expect("an address");
        Twins::start(any, World::demo(1, 400.0), SystemClock::shared()).await.expect("a free port")
    }

    #[tokio::test]
    async fn the_script_plays_one_track_after_the_other_until_the_twins_stop() {
        let twins = twins().await;
        twins.run_script("ann", Evening::new(1, 400.0));
        let mut heard = HashSet::new();
        while heard.len() < 4 {
            heard.extend(
                twins
                    .with(|world, now| world.now_playing("ann", now))
                    .map(|scene| scene.item.kind.name().to_owned()),
            );
            tokio::task::yield_now().await;
        }
        tokio::time::timeout(Duration::from_secs(1), twins.stop()).await.expect("stopped in time");
    }

    #[tokio::test]
    async fn after_three_quick_skips_there_is_music_and_more_of_it_waits() {
        let any = "127.0.0.1:0".parse().expect("an address");
        let twins = Twins::start(any, World::demo(1, 1.0), SystemClock::shared()).await.expect("a free port");
        twins.run_script("ann", Evening::new(1, 1.0));
        let waiting = || twins.with(|world, now| world.waiting("ann", now).len());
        while waiting() == 0 {
            tokio::task::yield_now().await;
        }
        let many = waiting();
        (0..3).for_each(|_| twins.perform(&Act::of("ann", Deed::Skip)));
        let filled_up = async {
            while waiting() < many {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), filled_up).await.expect("before the next turn is due");
        assert!(twins.with(|world, now| world.now_playing("ann", now)).is_some());
        twins.stop().await;
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error_and_a_dropped_server_lets_go_of_it() {
        let first = twins().await;
        let taken = first.addr();
        let second = Twins::start(taken, World::new(1), SystemClock::shared()).await;
        assert_eq!(second.expect_err("taken").kind(), std::io::ErrorKind::AddrInUse);
        drop(first);
        while Twins::start(taken, World::new(1), SystemClock::shared()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
