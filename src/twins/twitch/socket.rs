//! The `EventSub` socket's door: who connects gets a session, a new one or the one they were asked to move.

use super::session::{BAD_RECONNECT, Session, close};
use crate::twins::shared::{Shared, lock};
use crate::twins::wire::Params;
use crate::twins::world::World;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use std::sync::Arc;

/// How far a client may choose the time between keepalives, in seconds; the first is the default.
const KEEPALIVE: (u64, u64) = (10, 600);

/// `GET /ws`
pub(super) async fn connect(
    State(shared): State<Arc<Shared>>,
    Query(params): Query<Params>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let asked = params.get("keepalive_timeout_seconds").and_then(|text| text.parse().ok());
    let seconds = asked.unwrap_or(KEEPALIVE.0).clamp(KEEPALIVE.0, KEEPALIVE.1);
    let challenge = params.get("challenge").map(str::to_owned);
    let tasks = shared.tasks.clone();
    upgrade.on_upgrade(move |socket| tasks.track_future(attend(shared, socket, challenge, seconds)))
}

async fn attend(shared: Arc<Shared>, mut socket: WebSocket, challenge: Option<String>, seconds: u64) {
    let session = match challenge {
        None => Some(shared.with(World::open_socket)),
        Some(challenge) => lock(&shared.rejoining).remove(&challenge),
    };
    let since = session.as_deref().and_then(|session| shared.with(|world, _| world.socket(session)));
    match session.zip(since) {
        Some((id, since)) => Session::begin(shared, socket, id, since, seconds).run().await,
        None => close(&mut socket, BAD_RECONNECT).await,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::clock::SystemClock;
    use crate::twins::{Act, Deed, TWITCH_CLIENT_ID, Twins, World};
    use futures_util::{SinkExt as _, StreamExt as _};
    use serde_json::Value;
    use serde_json::json;
    use std::time::Duration;
    use tokio::net::TcpStream;
    use tokio_tungstenite::tungstenite::Message as Frame;
    use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

    type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

    async fn twins(change: impl FnOnce(&mut World)) -> Twins {
        let any = "127.0.0.1:0".parse().expect("an address");
        let mut world = World::new(1);
        world.add_person("ann");
        change(&mut world);
        Twins::start(any, world, SystemClock::shared()).await.expect("a free port")
    }

    async fn open(url: &str) -> Socket {
        connect_async(url).await.expect("a socket").0
    }

    async fn next(socket: &mut Socket) -> Value {
        let frame = socket.next().await.expect("a frame").expect("a good line");
        serde_json::from_str(frame.to_text().expect("text")).expect("JSON")
    }

    async fn close_code(socket: &mut Socket) -> u16 {
        loop {
            match socket.next().await {
                Some(Ok(Frame::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed without a word: {other:?}"),
            }
        }
    }

    async fn subscribe(twins: &Twins, session: &Value) {
        let token = twins.grant_twitch("ann", &[]).access_token;
        let body = json!({
            "type": "stream.online", "version": "1", "condition": {"broadcaster_user_id": "1001"},
            "transport": {"method": "websocket", "session_id": session},
        });
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let call = http.post(format!("{}/eventsub/subscriptions", twins.twitch_api_url())).json(&body);
        let answer = call.bearer_auth(token).header("Client-Id", TWITCH_CLIENT_ID).send().await;
        assert_eq!(answer.expect("an answer").status(), 202);
    }

    fn go_live() -> Act {
        Act::of("ann", Deed::GoLive { kind: crate::twins::BroadcastKind::Live })
    }

    #[tokio::test]
    async fn a_client_is_welcomed_kept_alive_told_and_moved() {
        let twins = twins(|world| world.pace.keepalive = Some(Duration::from_millis(20))).await;
        let mut old = open(&twins.twitch_eventsub_url()).await;
        let welcome = next(&mut old).await;
        assert_eq!(welcome["metadata"]["message_type"], "session_welcome");
        let session = welcome["payload"]["session"]["id"].clone();
        assert_eq!(next(&mut old).await["metadata"]["message_type"], "session_keepalive");
        subscribe(&twins, &session).await;

        twins.reconnect_sockets();
        let url = loop {
            let message = next(&mut old).await;
            if let Some(url) = message["payload"]["session"]["reconnect_url"].as_str() {
                break url.to_owned();
            }
        };
        let mut new = open(&url).await;
        assert_eq!(next(&mut new).await["payload"]["session"]["id"], session);
        old.close(None).await.expect("closed");
        twins.perform(&go_live());
        let told = loop {
            let message = next(&mut new).await;
            if message["metadata"]["message_type"] == "notification" {
                break message;
            }
        };
        assert_eq!(told["metadata"]["subscription_type"], "stream.online");
        assert_eq!(told["payload"]["event"]["broadcaster_user_login"], "ann");
        assert_eq!(close_code(&mut open(&url).await).await, 4007, "a reconnect works once");
        twins.stop().await;
        assert_eq!(close_code(&mut new).await, 1001);
    }

    #[tokio::test]
    async fn a_socket_is_closed_with_any_code_and_its_subscriptions_say_why() {
        let twins = twins(|_| {}).await;
        for (code, status) in [
            (4000, "websocket_internal_error"),
            (4002, "websocket_failed_ping_pong"),
            (4003, "websocket_connection_unused"),
            (4005, "websocket_network_timeout"),
            (4006, "websocket_network_error"),
            (1001, "websocket_disconnected"),
        ] {
            let mut socket = open(&twins.twitch_eventsub_url()).await;
            let welcome = next(&mut socket).await;
            subscribe(&twins, &welcome["payload"]["session"]["id"]).await;
            twins.close_sockets(code);
            assert_eq!(close_code(&mut socket).await, code);
            let last = || twins.with(|world, _| world.subscriptions().last().map(|s| s.standing.word()));
            while last() != Some(status) {
                tokio::task::yield_now().await;
            }
        }
        twins.stop().await;
    }

    #[tokio::test]
    async fn a_silenced_socket_says_nothing_any_more_and_stays_open() {
        let twins = twins(|world| world.pace.keepalive = Some(Duration::from_millis(20))).await;
        let mut socket = open(&twins.twitch_eventsub_url()).await;
        let welcome = next(&mut socket).await;
        subscribe(&twins, &welcome["payload"]["session"]["id"]).await;
        twins.silence_sockets();
        twins.perform(&go_live());
        let silence = async {
            // What was said before the order may still come.
            while next(&mut socket).await["metadata"]["message_type"] == "session_keepalive" {}
        };
        assert!(tokio::time::timeout(Duration::from_millis(200), silence).await.is_err());
        assert_eq!(twins.open_sockets(), 1);
        twins.stop().await;
    }

    #[tokio::test]
    async fn who_speaks_is_hung_up_on() {
        let twins = twins(|_| {}).await;
        let mut socket = open(&twins.twitch_eventsub_url()).await;
        next(&mut socket).await;
        socket.send(Frame::text("hello")).await.expect("sent");
        assert_eq!(close_code(&mut socket).await, 4001);
        twins.stop().await;
    }

    #[tokio::test]
    async fn who_subscribes_to_nothing_or_does_not_move_is_hung_up_on() {
        let twins = twins(|world| {
            world.pace.socket_unused = Duration::from_millis(300);
            world.pace.reconnect_grace = Duration::from_millis(20);
        })
        .await;
        let mut unused = open(&twins.twitch_eventsub_url()).await;
        assert_eq!(close_code(&mut unused).await, 4003);
        let mut stubborn = open(&twins.twitch_eventsub_url()).await;
        let welcome = next(&mut stubborn).await;
        subscribe(&twins, &welcome["payload"]["session"]["id"]).await;
        twins.reconnect_sockets();
        assert_eq!(close_code(&mut stubborn).await, 4004);
        while !twins
            .with(|world, _| world.subscriptions()[0].standing.word() == "websocket_failed_to_reconnect")
        {
            tokio::task::yield_now().await;
        }
        twins.stop().await;
    }
}
