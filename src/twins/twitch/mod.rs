//! The Twitch twin: id, Helix, `EventSub` by webhook and by `WebSocket`.

mod device;
mod eventsub;
mod frames;
mod gate;
mod helix;
mod id;
mod post;
mod session;
mod socket;

use super::shared::Shared;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// Everything under `/twitch`.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/oauth2/authorize", get(id::ask).post(id::answer))
        .route("/oauth2/device", post(device::ask))
        .route("/activate", get(device::show).post(device::answer))
        .route("/oauth2/token", post(id::token))
        .route("/oauth2/validate", get(id::validate))
        .route("/oauth2/revoke", post(id::revoke))
        .route("/ws", get(socket::connect))
        .route("/helix/users", get(helix::users))
        .route("/helix/streams", get(helix::streams))
        .route(
            "/helix/eventsub/subscriptions",
            get(eventsub::list).post(eventsub::create).delete(eventsub::delete),
        )
}

#[cfg(test)]
mod tests {
    use crate::base::clock::SystemClock;
    use crate::twins::Letter;
    use crate::twins::{Act, BroadcastKind, Deed, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, Twins, World};
    use axum::body::Bytes;
    use axum::extract::State;
    use axum::http::{HeaderMap, StatusCode};
    use axum::response::{IntoResponse as _, Response};
    use serde_json::{Value, json};
    use std::time::Duration;
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    const SECRET: &str = "a secret of some length";

    type Got = (HeaderMap, Vec<u8>);

    /// A receiver of webhooks: answers challenges, passes everything else on, refuses the first notification.
    async fn receiver() -> (String, UnboundedReceiver<Got>) {
        let (sender, got) = unbounded_channel();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let callback = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let app = axum::Router::new().route("/hook", axum::routing::post(receive)).with_state(sender);
        tokio::spawn(axum::serve(listener, app).into_future());
        (callback, got)
    }

    async fn receive(
        State(sender): State<UnboundedSender<Got>>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        let message: Value = serde_json::from_slice(&body).expect("JSON");
        let first = headers["twitch-eventsub-message-retry"] == "0";
        sender.send((headers, body.to_vec())).expect("somebody listens");
        match message["challenge"].as_str() {
            Some(challenge) => challenge.to_owned().into_response(),
            None if first => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            None => StatusCode::NO_CONTENT.into_response(),
        }
    }

    struct Channel {
        twins: Twins,
        http: reqwest::Client,
        token: String,
    }

    impl Channel {
        async fn start() -> Self {
            let any = "127.0.0.1:0".parse().expect("an address");
            let mut world = World::new(1);
            world.pace.delivery_retry = Duration::from_millis(1);
            world.add_person("ann");
            let twins = Twins::start(any, world, SystemClock::shared()).await.expect("a free port");
            let http = reqwest::Client::builder().no_proxy().build().expect("a client");
            let token = app_token(&http, &twins).await;
            Self { twins, http, token }
        }

        async fn call(&self, call: reqwest::RequestBuilder) -> (u16, Value) {
            let call = call.bearer_auth(&self.token).header("Client-Id", TWITCH_CLIENT_ID);
            let answer = call.send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.unwrap_or_default())
        }

        async fn get(&self, path: &str) -> (u16, Value) {
            self.call(self.http.get(format!("{}{path}", self.twins.twitch_api_url()))).await
        }

        async fn subscribe(&self, kind: &str, callback: &str) -> (u16, Value) {
            let url = format!("{}/eventsub/subscriptions", self.twins.twitch_api_url());
            let body = json!({
                "type": kind, "version": "1", "condition": {"broadcaster_user_id": "1001"},
                "transport": {"method": "webhook", "callback": callback, "secret": SECRET},
            });
            self.call(self.http.post(url).json(&body)).await
        }
    }

    async fn app_token(http: &reqwest::Client, twins: &Twins) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", TWITCH_CLIENT_ID),
            ("client_secret", TWITCH_CLIENT_SECRET),
        ];
        let answer = http.post(format!("{}/token", twins.twitch_id_url())).form(&form).send().await;
        let body: Value = answer.expect("an answer").json().await.expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
        headers[name].to_str().expect("text")
    }

    #[tokio::test]
    async fn a_webhook_is_challenged_then_told_with_a_good_signature_until_it_listens() {
        let (callback, mut got) = receiver().await;
        let channel = Channel::start().await;
        let (status, made) = channel.subscribe("stream.online", &callback).await;
        assert_eq!(
            (status, &made["data"][0]["status"]),
            (202, &json!("webhook_callback_verification_pending"))
        );
        assert_eq!(channel.subscribe("stream.online", &callback).await.0, 409);
        got.recv().await.expect("a challenge");
        channel.twins.settled().await;
        assert_eq!(channel.get("/eventsub/subscriptions?status=enabled").await.1["total_cost"], 1);

        channel.twins.perform(&Act::of("ann", Deed::GoLive { kind: BroadcastKind::Live }));
        let (first, _) = got.recv().await.expect("a notification");
        let (second, body) = got.recv().await.expect("a redelivery");
        let id = header(&second, "twitch-eventsub-message-id");
        assert_eq!(id, header(&first, "twitch-eventsub-message-id"));
        let sent = channel.twins.letter("ann", "stream.online").expect("a letter");
        let timestamp = header(&second, "twitch-eventsub-message-timestamp").to_owned();
        let expected = Letter { timestamp, body: body.clone(), secret: SECRET.into(), ..sent.with_id(id) };
        assert_eq!(header(&second, "twitch-eventsub-message-signature"), expected.signature());
        let message: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(message["event"]["broadcaster_user_login"], "ann");
        channel.twins.stop().await;
    }

    #[tokio::test]
    async fn streams_and_users_are_listed_for_who_has_a_token() {
        let channel = Channel::start().await;
        assert_eq!(channel.get("/streams?user_id=1001").await.1["data"], json!([]));
        channel.twins.with(|world, now| world.go_live("ann", now));
        assert_eq!(channel.get("/streams?user_id=1001").await.1["data"][0]["type"], "live");
        assert_eq!(channel.get("/users?login=ann").await.1["data"][0]["id"], "1001");
        let bare = channel.http.get(format!("{}/streams", channel.twins.twitch_api_url())).send().await;
        assert_eq!(bare.expect("an answer").status(), 401);
        channel.twins.stop().await;
    }
}
