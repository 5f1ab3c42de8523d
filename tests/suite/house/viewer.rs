//! A viewer: a real WebSocket client that keeps what it is sent.

use super::{House, PATIENCE};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Somebody with the page open.
pub struct Viewer {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The cursor of the last frame.
    pub cursor: String,
}

impl House {
    /// A viewer of the streamer's list, in JSON.
    pub async fn viewer(&self, login: &str) -> Viewer {
        Viewer::comes(self.addr(), &format!("/api/v1/streamers/{login}/live")).await.expect("an upgrade")
    }

    /// A viewer with a query of their own, like `format=html`.
    pub async fn viewer_with(&self, login: &str, query: &str) -> Viewer {
        let path = format!("/api/v1/streamers/{login}/live?{query}");
        Viewer::comes(self.addr(), &path).await.expect("an upgrade")
    }

    /// `GET` with a header of one's own.
    pub async fn answer_with(&self, path: &str, name: &str, value: &str) -> reqwest::Response {
        self.http.get(self.url(path)).header(name, value).send().await.expect("an answer")
    }

    /// What comes first on an event stream, for somebody who has seen the event with this id.
    pub async fn event_after(&self, path: &str, id: Option<&str>) -> String {
        let request = self.http.get(self.url(path));
        let request = id.iter().fold(request, |request, id| request.header("Last-Event-ID", *id));
        let mut answer = request.send().await.expect("an answer");
        let first = answer.chunk().await.expect("events").expect("an event");
        String::from_utf8(first.to_vec()).expect("text")
    }
}

impl Viewer {
    /// Connects; the status when the server does not upgrade.
    pub async fn comes(server: SocketAddr, path: &str) -> Result<Self, u16> {
        Self::comes_with(server, path, &[]).await
    }

    /// The same with headers of one's own.
    pub async fn comes_with(
        server: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{server}{path}").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self { socket, cursor: String::new() }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no connection: {error}"),
        }
    }

    /// The next frame.
    pub async fn frame(&mut self) -> Value {
        match self.message().await {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                self.cursor = super::text(&frame["cursor"]);
                frame
            }
            other => panic!("not a frame: {other:?}"),
        }
    }

    /// The next frame of a kind; others are passed over.
    pub async fn sees(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The kind of the next message: a frame's type, or `close`.
    pub async fn message_kind(&mut self) -> String {
        match self.message().await {
            Message::Text(frame) => {
                super::text(&serde_json::from_str::<Value>(&frame).expect("JSON")["type"])
            }
            _ => "close".to_owned(),
        }
    }

    /// Waits for the close frame and gives its code.
    pub async fn closed_with(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.message().await {
                return frame.expect("a code").code.into();
            }
        }
    }

    /// Leaves politely.
    pub async fn leaves(mut self) {
        // Whoever leaves a server that has left already is gone too.
        let _ = self.socket.close(None).await;
    }

    async fn message(&mut self) -> Message {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await.expect("a message in time");
            let message = next.expect("an open socket").expect("a sound message");
            // Being asked whether one is still there is answered by the way.
            if !message.is_ping() {
                return message;
            }
        }
    }
}
