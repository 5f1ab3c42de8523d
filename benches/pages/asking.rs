//! Many connections that ask at once, from one thread.

use crate::client::{ROOM, Reading, Wish};
use crate::stopwatch::now;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Connections that ask for the same page, each again as soon as it has it.
pub struct Crowd {
    poll: Poll,
    members: Vec<Member>,
    request: Vec<u8>,
}

struct Member {
    stream: TcpStream,
    reading: Reading,
    asked_at: Instant,
}

/// What a crowd was given.
#[derive(Debug, Default)]
pub struct Given {
    /// How long each answer took.
    pub took: Vec<Duration>,
}

impl Crowd {
    /// So many connections to a server.
    pub fn of(connections: u16, addr: SocketAddr, wish: Wish) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let mut members = Vec::new();
        for number in 0..connections {
            let stream = std::net::TcpStream::connect(addr)?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(number.into()), Interest::READABLE)?;
            members.push(Member { stream, reading: Reading::new(), asked_at: now() });
        }
        Ok(Self { poll, members, request: wish.request() })
    }

    /// Has all of them ask again and again for so long.
    pub fn ask_for(&mut self, time: Duration) -> anyhow::Result<Given> {
        let begun = now();
        self.ask(|| begun.elapsed() < time)
    }

    /// Has each of them ask once.
    pub fn ask_once(&mut self) -> anyhow::Result<Given> {
        self.ask(|| false)
    }

    /// Nobody is left waiting, so that another round may begin.
    fn ask(&mut self, goes_on: impl Fn() -> bool) -> anyhow::Result<Given> {
        let (mut given, mut room) = (Given::default(), vec![0; ROOM]);
        for member in &mut self.members {
            member.ask(&self.request)?;
        }
        let (mut waiting, mut events) = (self.members.len(), Events::with_capacity(256));
        while waiting > 0 {
            // Whoever sleeps has to be woken, at the expense of the slower server: these clients are awake.
            self.poll.poll(&mut events, Some(Duration::ZERO))?;
            for event in &events {
                let member = &mut self.members[event.token().0];
                if member.reading.go_on(&mut member.stream, &mut room)? {
                    given.took.push(member.asked_at.elapsed());
                    if goes_on() { member.ask(&self.request)? } else { waiting -= 1 }
                }
            }
        }
        Ok(given)
    }
}

impl Member {
    fn ask(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.asked_at = now();
        // So little always fits.
        Ok(self.stream.write_all(request)?)
    }
}

impl Given {
    /// The time within which so many of a hundred answers came.
    pub fn percentile(&mut self, percent: usize) -> Duration {
        self.took.sort_unstable();
        let place = (self.took.len() * percent / 100).min(self.took.len().saturating_sub(1));
        self.took.get(place).copied().unwrap_or_default()
    }
}
