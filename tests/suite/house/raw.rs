//! A WebSocket client made by hand: it says whatever a story wants, also what no client may say, and takes from the
//! server only what RFC 6455 lets a server say.

use super::{House, PATIENCE};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// The last frame of a message.
pub const FIN: u8 = 0x80;
pub const CONTINUE: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xA;

/// What a client asks for that does everything right, with the key of the RFC's example.
pub const HANDSHAKE: [&str; 5] = [
    "Host: airlog",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// What clients hide their words with.
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// How much is taken in at once, at least.
const ROOM: usize = 16 << 10;

/// A connection, and what came over it that has not been looked at yet.
pub struct Raw {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer in HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case but for their values.
    headers: Vec<(String, String)>,
    pub body: String,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// With its code and reason, if it has them.
    Close(Option<(u16, String)>),
    /// Nothing, ever again: the connection is over.
    End,
}

impl House {
    /// A hand-made viewer who has been let in and has seen the snapshot.
    pub async fn raw(&self, login: &str) -> Raw {
        let mut raw = Raw::connects(self.addr()).await;
        raw.is_let_in(&format!("/api/v1/streamers/{login}/live")).await;
        assert!(raw.text().await.starts_with(r#"{"type":"snapshot""#), "a snapshot comes first");
        raw
    }

    /// How many viewers have a seat.
    pub fn guests(&self) -> usize {
        self.home().doors.guests()
    }

    /// Waits until so many viewers have a seat.
    pub async fn seats(&self, guests: usize) {
        self.eventually(&format!("{guests} are in"), async || (self.guests() == guests).then_some(())).await;
    }
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Raw {
    pub async fn connects(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        Self { stream, unread: Vec::new() }
    }

    /// Connects with room for so many bytes on this side.
    pub async fn connects_with_room(addr: SocketAddr, bytes: u32) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(bytes).expect("a small buffer");
        Self { stream: socket.connect(addr).await.expect("a connection"), unread: Vec::new() }
    }

    /// Asks to be let in, as one should, and is.
    pub async fn is_let_in(&mut self, path: &str) {
        self.says(request("GET", path, "HTTP/1.1", &HANDSHAKE).as_bytes()).await;
        let answer = self.answer().await;
        assert_eq!(answer.status, 101, "{answer:?}");
    }

    /// Says this, whatever it is.
    pub async fn says(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("in time").expect("an open connection");
    }

    /// Says this, if anybody still listens.
    pub async fn tries_to_say(&mut self, bytes: &[u8]) {
        // Whoever has hung up has heard enough.
        let _ = timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("in time");
    }

    /// Will say nothing more, but listens.
    pub async fn falls_silent(&mut self) {
        self.stream.shutdown().await.expect("an open connection");
    }

    /// The answer to a request. What an upgraded connection says after it is left for [`Raw::hears`].
    pub async fn answer(&mut self) -> Answer {
        let end = loop {
            match find(&self.unread, b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => assert!(self.reads().await, "no answer: {:?}", String::from_utf8_lossy(&self.unread)),
            }
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).expect("text");
        let mut lines = head.lines();
        let status = lines.next().expect("a status").split(' ').nth(1).expect("a status");
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let mut answer = Answer { status: status.parse().expect("a status"), headers, body: String::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        while self.unread.len() < length {
            assert!(self.reads().await, "half a body");
        }
        answer.body = String::from_utf8(self.unread.drain(..length).collect()).expect("text");
        answer
    }

    /// The next thing that the server says, but for its pings: those may come at any time.
    pub async fn hears(&mut self) -> Heard {
        loop {
            match parse(&mut self.unread) {
                Some(Heard::Ping(_)) => continue,
                Some(heard) => return heard,
                None => {}
            }
            if !self.reads().await {
                return Heard::End;
            }
        }
    }

    /// The next text.
    pub async fn text(&mut self) -> String {
        match self.hears().await {
            Heard::Text(text) => text,
            other => panic!("{other:?} is no text"),
        }
    }

    /// How many texts have come by now, without waiting for any; pings are passed over.
    pub fn texts_by_now(&mut self) -> usize {
        self.unread.reserve(ROOM);
        // Whether there is nothing yet or never will be makes no difference here.
        let _ = self.stream.try_read_buf(&mut self.unread);
        let heard = std::iter::from_fn(|| parse(&mut self.unread));
        heard.filter(|heard| matches!(heard, Heard::Text(_))).count()
    }

    /// All that the server says until the connection is over, which has to be soon.
    pub async fn hears_out(&mut self) -> Vec<Heard> {
        let mut all = Vec::new();
        loop {
            match self.hears().await {
                Heard::End => return all,
                heard => all.push(heard),
            }
        }
    }

    /// Whether nothing of a frame was left over when the connection ended.
    pub fn has_heard_whole_frames(&self) -> bool {
        self.unread.is_empty()
    }

    /// Pings, and is answered by nothing but the pong.
    pub async fn is_heard(&mut self) {
        self.says(&frame(FIN | PING, b"still there?")).await;
        assert_eq!(self.hears().await, Heard::Pong(b"still there?".to_vec()));
    }

    /// Leaves as one should, and waits until the server has let go.
    pub async fn leaves(mut self) {
        self.tries_to_say(&frame(FIN | CLOSE, &1000_u16.to_be_bytes())).await;
        self.hears_out().await;
    }

    /// Takes in more; false when there is no more.
    async fn reads(&mut self) -> bool {
        self.unread.reserve(ROOM);
        let read = self.stream.read_buf(&mut self.unread);
        // A connection that is reset is over as well.
        timeout(PATIENCE, read).await.expect("something in time").is_ok_and(|read| read > 0)
    }
}

/// A request without a body.
pub fn request(method: &str, path: &str, version: &str, headers: &[&str]) -> String {
    format!("{method} {path} {version}\r\n{}\r\n\r\n", headers.join("\r\n"))
}

/// A frame of a client's: its first byte is FIN, the reserved bits and the opcode.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(first, 0x80, payload.len() as u64);
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A frame that hides nothing, as only servers may.
pub fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    [head(first, 0, payload.len() as u64), payload.to_vec()].concat()
}

/// The beginning of a client's frame whose payload never comes.
pub fn announced(first: u8, length: u64) -> Vec<u8> {
    [head(first, 0x80, length), MASK.to_vec()].concat()
}

/// A goodbye.
pub fn goodbye(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

fn head(first: u8, masked: u8, length: u64) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..=125), _) => vec![first, masked | length],
        (_, Ok(length)) => [&[first, masked | 0x7E][..], &length.to_be_bytes()].concat(),
        _ => [&[first, masked | 0x7F][..], &length.to_be_bytes()].concat(),
    }
}

/// Takes the first frame, if all of it is there. Panics at whatever no server may say.
fn parse(bytes: &mut Vec<u8>) -> Option<Heard> {
    let (head, length) = measure(bytes)?;
    let (kind, end) = (bytes[0] & 0xF, head + length);
    assert_eq!(bytes[0] & 0xF0, FIN, "frames are whole, and their reserved bits are 0");
    assert!(kind < CLOSE || length <= 125, "{length} bytes are too much for a control frame");
    if bytes.len() < end {
        return None;
    }
    let payload = bytes[head..end].to_vec();
    bytes.drain(..end);
    Some(match kind {
        TEXT => Heard::Text(String::from_utf8(payload).expect("UTF-8")),
        PING => Heard::Ping(payload),
        PONG => Heard::Pong(payload),
        CLOSE => Heard::Close(farewell(&payload)),
        other => panic!("the server never sends frames of kind {other}"),
    })
}

/// How long a frame's head and its payload are, if that is known already.
fn measure(bytes: &[u8]) -> Option<(usize, usize)> {
    let (extra, least) = match bytes.get(1)? {
        0x80.. => panic!("a server hides nothing"),
        127 => (8, 1 << 16),
        126 => (2, 126),
        length => return Some((2, usize::from(*length))),
    };
    let mut long = [0; 8];
    long[8 - extra..].copy_from_slice(bytes.get(2..2 + extra)?);
    let length = u64::from_be_bytes(long);
    assert!(length >= least, "{length} is told with more bytes than it takes");
    Some((2 + extra, usize::try_from(length).expect("a length")))
}

fn farewell(payload: &[u8]) -> Option<(u16, String)> {
    if payload.is_empty() {
        return None;
    }
    let (code, reason) = payload.split_first_chunk().expect("a code has two bytes");
    Some((u16::from_be_bytes(*code), String::from_utf8(reason.to_vec()).expect("UTF-8")))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
