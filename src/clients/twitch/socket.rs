//! The EventSub socket as a line that is listened to. Nothing but a goodbye is ever said on it: Twitch hangs up on who
//! speaks.

use super::error::TwitchError;
use futures_util::StreamExt as _;
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;
use std::fmt;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

/// The largest message we read; Twitch's are of some kilobytes.
const LARGEST: usize = 64 * 1024;
/// There may be many sockets, and little is said on each.
const BUFFER: usize = 4 * 1024;

/// Opens sockets.
#[derive(Clone)]
pub struct SocketClient {
    connector: Connector,
}

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What is heard on a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Text(String),
    /// The end: the close code, if there was one.
    End(Option<u16>),
}

impl SocketClient {
    /// Trusts the certificates that calls to Twitch trust. [`crate::clients::http_client`] must have been made before.
    ///
    /// # Errors
    /// When the machine's certificate store cannot be read.
    pub fn new() -> Result<Self, rustls::Error> {
        let tls = ClientConfig::with_platform_verifier()?;
        Ok(Self { connector: Connector::Rustls(Arc::new(tls)) })
    }

    /// Opens a socket at `url`, which is used as it is. It takes as long as the other side likes.
    ///
    /// # Errors
    /// [`TwitchError`]: refused with a status, or no answer.
    pub async fn open(&self, url: &str) -> Result<Socket, TwitchError> {
        let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).read_buffer_size(BUFFER);
        let connector = Some(self.connector.clone());
        match Box::pin(connect_async_tls_with_config(url, Some(config), true, connector)).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(answer)) => {
                let (status, message) = (answer.status().as_u16(), "no socket".to_owned());
                Err(TwitchError::Status { status, message })
            }
            Err(_) => Err(TwitchError::NoAnswer("no socket")),
        }
    }
}

impl Socket {
    /// What is said next. Pings are answered, and no sign of life: a line on which only pings come is dead. May be
    /// dropped without losing anything.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Text(text.as_str().to_owned()),
                Some(Ok(Message::Close(frame))) => return Heard::End(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::End(None),
            }
        }
    }

    /// Says goodbye. What was said before the other side has heard it can still be listened to, until the end.
    pub async fn hang_up(&mut self) {
        // A line that is broken needs no goodbye.
        let _ = self.0.close(None).await;
    }
}

impl fmt::Debug for SocketClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketClient").finish_non_exhaustive()
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}
