//! What a viewer's client says: it answers pings, asks with some of its own, says goodbye, and is held to the protocol.
//! What it says besides is heard and forgotten, as long as that is little.

use super::viewer::Viewer;
use bytes::Bytes;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use tokio::task::coop::consume_budget;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket};

/// Clients say little: each viewer costs this buffer.
const BUFFER: usize = 128;
/// The most that a client may say at once, in bytes.
const LARGEST: usize = 4096;
/// The most that waits to be answered while the connection takes nothing: pings beyond that share an answer.
const REPLIES: usize = 1024;

/// Hears one client.
#[derive(Debug)]
pub(super) struct Ear {
    socket: WebSocket<Pipe>,
}

/// Why a client is heard no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// It has left.
    Left,
    /// It has said goodbye, which is to be answered before anything else is said.
    Polite,
    /// It broke the rules: it is to be told so, with this code.
    Rude(CloseCode),
}

/// Reads what the client says, and writes answers between two frames.
#[derive(Debug)]
struct Pipe {
    viewer: Arc<Viewer>,
}

impl Ear {
    /// Of a viewer whose client has said `early` already.
    pub(super) fn new(viewer: Arc<Viewer>, early: &[u8]) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(REPLIES)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let pipe = Pipe { viewer };
        Self { socket: WebSocket::from_partially_read(pipe, early.to_vec(), Role::Server, Some(config)) }
    }

    /// Waits until the client says something, and hears it.
    ///
    /// Safe to cancel: what was half said is remembered.
    ///
    /// # Errors
    /// Why it will say nothing more.
    pub(super) async fn hears(&mut self) -> Result<(), Silence> {
        let viewer = &self.socket.get_ref().viewer;
        viewer.stream().readable().await.map_err(|_| Silence::Left)?;
        self.hear().await
    }

    /// Hears all that the client has said.
    ///
    /// # Errors
    /// Why it will say nothing more.
    pub(super) async fn hear(&mut self) -> Result<(), Silence> {
        loop {
            match self.socket.read() {
                Ok(Message::Close(_)) => return Err(Silence::Polite),
                Ok(_) => consume_budget().await,
                Err(error) => return ended(error),
            }
        }
    }

    /// Answers what could not be answered while something else was being written.
    ///
    /// # Errors
    /// Why nothing more is to be said.
    pub(super) fn answer(&mut self) -> Result<(), Silence> {
        self.socket.flush().or_else(ended)
    }

    /// Asks the client whether it is still there.
    ///
    /// # Errors
    /// Why nothing more is to be said.
    pub(super) fn ping(&mut self) -> Result<(), Silence> {
        self.socket.send(Message::Ping(Bytes::new())).or_else(ended)
    }

    /// Says goodbye, as soon as the connection takes it.
    ///
    /// # Errors
    /// Why nothing more is to be said.
    pub(super) async fn says_goodbye(&mut self, frame: CloseFrame) -> Result<(), Silence> {
        // What waits to be answered comes first, so that there is room for it.
        self.says_all().await?;
        self.socket.close(Some(frame)).or_else(ended)?;
        self.says_all().await
    }

    /// Waits until the connection has taken all that was begun.
    ///
    /// # Errors
    /// Why nothing more is to be said.
    pub(super) async fn says_all(&mut self) -> Result<(), Silence> {
        loop {
            let answered = match self.socket.flush() {
                Ok(()) => true,
                Err(error) => ended(error).map(|()| false)?,
            };
            let viewer = &self.socket.get_ref().viewer;
            let is_written = viewer.flush().map_err(|_| Silence::Left)?;
            if answered && is_written {
                return Ok(());
            }
            if !is_written {
                viewer.stream().writable().await.map_err(|_| Silence::Left)?;
            }
        }
    }

    /// Hears the client until it has said goodbye too. What one says who broke the rules makes no sense: it is let pass.
    pub(super) async fn hears_out(&mut self, is_rude: bool) {
        while !is_rude && self.hears().await.is_ok() {}
        let stream = self.socket.get_ref().viewer.stream();
        let mut unheard = [0; BUFFER];
        while is_rude && stream.readable().await.is_ok() {
            match stream.try_read(&mut unheard) {
                Ok(some) if some > 0 => consume_budget().await,
                Err(none) if none.kind() == ErrorKind::WouldBlock => {}
                _ => return,
            }
        }
    }
}

/// What an error means; none when there is only nothing more to hear for now.
fn ended(error: Error) -> Result<(), Silence> {
    match error {
        Error::Io(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        Error::WriteBufferFull(_) => Ok(()),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Err(Silence::Left),
        Error::Protocol(_) => Err(Silence::Rude(CloseCode::Protocol)),
        Error::Capacity(_) => Err(Silence::Rude(CloseCode::Size)),
        Error::Utf8(_) => Err(Silence::Rude(CloseCode::Invalid)),
        _ => Err(Silence::Left),
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.viewer.stream().try_read(buffer)
    }
}

impl Write for Pipe {
    fn write(&mut self, words: &[u8]) -> io::Result<usize> {
        self.viewer.say(words)?;
        Ok(words.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
