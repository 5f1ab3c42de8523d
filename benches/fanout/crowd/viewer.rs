//! One viewer: asks for a WebSocket, counts frames, answers pings.

use super::Read;
use super::frames::Frames;
use anyhow::Context as _;
use mio::net::TcpStream;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;

/// The end of a head of HTTP.
const END: &[u8] = b"\r\n\r\n";
/// What a server answers that has understood the key.
const ACCEPTED: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// A pong of nothing, masked with zeros.
const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// A viewer who reads.
pub struct Viewer {
    pub wire: TcpStream,
    /// The answer to the request, until it is whole.
    head: Option<Vec<u8>>,
    frames: Frames,
    heard: u32,
}

/// The request for a WebSocket.
pub fn request(addr: SocketAddr, door: &str) -> String {
    format!(
        "GET {door} HTTP/1.1\r\nHost: {addr}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

impl Viewer {
    pub fn comes_in(addr: SocketAddr, door: &str) -> anyhow::Result<Self> {
        let mut wire = std::net::TcpStream::connect(addr)?;
        wire.set_nodelay(true)?;
        wire.write_all(request(addr, door).as_bytes())?;
        wire.set_nonblocking(true)?;
        let wire = TcpStream::from_std(wire);
        Ok(Self { wire, head: Some(Vec::new()), frames: Frames::default(), heard: 0 })
    }

    /// Whether it was let in and has heard so many frames.
    pub fn has(&self, frames: u32) -> bool {
        self.head.is_none() && self.heard >= frames
    }

    /// Counts from nothing again.
    pub fn begin_anew(&mut self) {
        self.heard = 0;
    }

    /// Reads what is there, and gives how much that was; none when the server has hung up.
    pub fn hear(&mut self, scratch: &mut [u8]) -> anyhow::Result<Option<Read>> {
        let mut whole = Read::default();
        loop {
            match self.wire.read(scratch) {
                Ok(0) => return Ok(None),
                Ok(read) => {
                    whole.add(Read { times: 1, bytes: read });
                    self.take_in(&scratch[..read])?;
                    // A short reading was the last: the next bytes are another event.
                    if read < scratch.len() {
                        return Ok(Some(whole));
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Some(whole)),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error).context("reading what a viewer is sent"),
            }
        }
    }

    fn take_in(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let Some(head) = &mut self.head else { return self.take_frames(bytes) };
        head.extend_from_slice(bytes);
        let Some(end) = head.windows(END.len()).position(|window| window == END) else { return Ok(()) };
        let rest = head.split_off(end + END.len());
        let told = String::from_utf8_lossy(head);
        anyhow::ensure!(
            told.starts_with("HTTP/1.1 101") && told.contains(ACCEPTED),
            "a viewer is refused: {told}"
        );
        self.head = None;
        self.take_frames(&rest)
    }

    fn take_frames(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let counted = self.frames.take(bytes);
        self.heard += counted.messages;
        for _ in 0..counted.pings {
            self.wire.write_all(&PONG).context("answering a ping")?;
        }
        Ok(())
    }
}
