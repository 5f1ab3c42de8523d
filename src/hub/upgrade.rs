//! A request to become a WebSocket: checked, answered, and taken over from HTTP as the bare connection that carries it.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::SEC_WEBSOCKET_VERSION;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

/// The most that a client may say together with its request, in bytes.
const MOST_EARLY: usize = 4096;

/// A sound request to become a WebSocket.
#[derive(Debug)]
pub struct Upgrade {
    answer: Response,
    connection: OnUpgrade,
}

/// What a request lacks to become a WebSocket; reads as a clause in English.
#[derive(Debug, thiserror::Error)]
#[error("{lack}")]
pub struct NoUpgrade {
    lack: String,
}

/// A connection that HTTP has let go of.
#[derive(Debug)]
pub struct Connection {
    pub(super) stream: TcpStream,
    /// What the client has said already.
    pub(super) early: Bytes,
}

impl<S: Sync> FromRequest<S> for Upgrade {
    type Rejection = NoUpgrade;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, NoUpgrade> {
        let connection = hyper::upgrade::on(&mut request);
        match create_response_with_body(&request, Body::empty) {
            Ok(answer) => Ok(Self { answer, connection }),
            Err(lack) => Err(NoUpgrade { lack: lack.to_string() }),
        }
    }
}

impl IntoResponse for NoUpgrade {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, [(SEC_WEBSOCKET_VERSION, "13")], self.lack).into_response()
    }
}

impl Upgrade {
    /// Answers that it becomes one, and lets `talk` have the connection as soon as the client has been told.
    pub fn then<T>(self, talk: impl FnOnce(Connection) -> T + Send + 'static) -> Response
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let Self { answer, connection } = self;
        tokio::spawn(async move {
            if let Some(connection) = taken_over(connection).await {
                // A task of its own: what has been needed until now is not carried through the night.
                tokio::spawn(talk(connection));
            }
        });
        answer
    }
}

/// None when the client has gone meanwhile, or something else than a TCP connection carries it.
async fn taken_over(connection: OnUpgrade) -> Option<Connection> {
    let parts = downcast::<TokioIo<TcpStream>>(connection.await.ok()?).ok()?;
    // Whoever says that much before anybody listens is no viewer.
    (parts.read_buf.len() <= MOST_EARLY)
        .then(|| Connection { stream: parts.io.into_inner(), early: parts.read_buf })
}
