//! The clients: plain HTTP/1.1 over connections that are kept, no more than is needed to ask for one page again and
//! again. They are the same for every server.

use anyhow::{Context as _, bail};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Room for what is read at once.
pub const ROOM: usize = 256 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub path: &'static str,
    pub takes_gzip: bool,
}

/// An answer, whole.
#[derive(Debug, Default)]
pub struct Answer {
    /// The head as it came, without the empty line.
    pub head: String,
    pub body: Vec<u8>,
}

/// One connection's place in an answer.
#[derive(Debug)]
pub struct Reading {
    bytes: Vec<u8>,
    /// How much of the answer is still to come, once its head is known.
    left: Option<usize>,
}

impl Wish {
    pub fn name(&self) -> String {
        format!("{}, {}", self.path, self.coding())
    }

    pub fn coding(&self) -> &'static str {
        if self.takes_gzip { "gzip" } else { "identity" }
    }

    /// The request as it goes over the wire.
    pub fn request(&self) -> Vec<u8> {
        let Self { path, .. } = self;
        let coding = self.coding();
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {coding}\r\nAccept-Language: en\r\n\r\n")
            .into_bytes()
    }
}

impl Answer {
    /// A header of it.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(named, _)| named.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

/// Asks once.
pub fn fetch(addr: SocketAddr, wish: Wish) -> anyhow::Result<Answer> {
    ask(&mut TcpStream::connect(addr).context("connecting")?, wish)
}

/// Asks on a connection that is open.
pub fn ask(stream: &mut TcpStream, wish: Wish) -> anyhow::Result<Answer> {
    stream.write_all(&wish.request())?;
    let mut bytes = Vec::new();
    let mut room = vec![0; ROOM];
    loop {
        let read = stream.read(&mut room)?;
        anyhow::ensure!(read > 0, "the server closed the connection");
        bytes.extend_from_slice(&room[..read]);
        if let Some((head, length)) = head(&bytes)?
            && bytes.len() == head + length
        {
            let body = bytes.split_off(head);
            bytes.truncate(head - 4);
            return Ok(Answer { head: String::from_utf8(bytes)?, body });
        }
    }
}

impl Reading {
    pub fn new() -> Self {
        Self { bytes: Vec::new(), left: None }
    }

    /// Reads what is there; true when the answer is whole.
    pub fn go_on(&mut self, stream: &mut impl Read, room: &mut [u8]) -> anyhow::Result<bool> {
        loop {
            let read = match stream.read(room) {
                Ok(0) => bail!("the server closed the connection"),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            if self.take(&room[..read])? {
                return Ok(true);
            }
        }
    }

    fn take(&mut self, read: &[u8]) -> anyhow::Result<bool> {
        let left = if let Some(left) = self.left {
            left.checked_sub(read.len())
        } else {
            self.bytes.extend_from_slice(read);
            let Some((head, length)) = head(&self.bytes)? else { return Ok(false) };
            let left = (head + length).checked_sub(self.bytes.len());
            self.bytes.clear();
            left
        };
        let left = left.context("more came than was asked for")?;
        self.left = (left > 0).then_some(left);
        Ok(left == 0)
    }
}

/// How long the head of an answer is, and how long it says that the body is; none before the head is there.
fn head(bytes: &[u8]) -> anyhow::Result<Option<(usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end])?;
    anyhow::ensure!(head.starts_with("HTTP/1.1 200"), "{}", head.lines().next().unwrap_or_default());
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    };
    let length = head.lines().find_map(named).context("an answer does not say how long it is")?;
    Ok(Some((end + 4, length)))
}
