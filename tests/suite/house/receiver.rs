//! Somebody who takes messages: a server that keeps what it is sent, and answers as the story wants.

use super::eventually;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// Takes messages.
pub struct Receiver {
    addr: SocketAddr,
    inner: Arc<Inner>,
    _serving: AbortOnDropHandle<()>,
}

/// What was sent.
#[derive(Debug, Clone)]
pub struct Letter {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Letter {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

#[derive(Default)]
struct Inner {
    taken: Mutex<Vec<Letter>>,
    refused: Mutex<Vec<Letter>>,
    answer: Mutex<Option<(StatusCode, HeaderName, String)>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (addr, inner) = (listener.local_addr().expect("an address"), Arc::new(Inner::default()));
        let router = Router::new().fallback(take).with_state(Arc::clone(&inner));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { addr, inner, _serving: AbortOnDropHandle::new(serving) }
    }

    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// From now on it takes nothing, and answers with this status and header.
    pub fn refuses(&self, status: u16, header: &str, value: &str) {
        let status = StatusCode::from_u16(status).expect("a status");
        let header = header.parse().expect("a header");
        *self.inner.answer.lock().expect("no panic") = Some((status, header, value.to_owned()));
    }

    /// It takes messages again.
    pub fn mends(&self) {
        *self.inner.answer.lock().expect("no panic") = None;
    }

    /// What it has taken.
    pub fn taken(&self) -> Vec<Letter> {
        self.inner.taken.lock().expect("no panic").clone()
    }

    /// How often it has refused something.
    pub fn refusals(&self) -> usize {
        self.inner.refused.lock().expect("no panic").len()
    }

    /// Waits until it has taken so many messages, and gives the last.
    pub async fn takes(&self, count: usize) -> Letter {
        eventually(&format!("{count} messages came"), async || {
            let taken = self.taken();
            (taken.len() >= count).then(|| taken[count - 1].clone())
        })
        .await
    }
}

async fn take(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    let letter = Letter { path: uri.path().to_owned(), headers, body };
    match inner.answer.lock().expect("no panic").clone() {
        None => {
            inner.taken.lock().expect("no panic").push(letter);
            StatusCode::NO_CONTENT.into_response()
        }
        Some((status, header, value)) => {
            inner.refused.lock().expect("no panic").push(letter);
            (status, [(header, value)]).into_response()
        }
    }
}
