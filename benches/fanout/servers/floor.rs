//! The floor: one thread, one frame of ready bytes, and a `write` to each socket. Nothing that serves WebSockets does
//! less for one frame. Of many frames it writes each by itself, which is naive. Viewers of many streams get the same frame,
//! stream by stream.

use super::Order;
use crate::stopwatch::now;
use mio::net::{TcpListener, TcpStream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::AsRawFd as _;
use std::time::Duration;

/// Agrees to the key that [`crate::crowd`] asks with.
const WELCOME: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const DOOR: Token = Token(usize::MAX - 1);
const ORDERS: Token = Token(usize::MAX - 2);

struct Floor {
    poll: Poll,
    door: TcpListener,
    viewers: Vec<TcpStream>,
    streams: usize,
    frame: Vec<u8>,
    scratch: [u8; 4096],
}

/// Writes frames with so long a text to viewers of so many streams until standard input ends.
pub fn serve(payload: usize, streams: usize) -> anyhow::Result<()> {
    let poll = Poll::new()?;
    let mut door = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    poll.registry().register(&mut door, DOOR, Interest::READABLE)?;
    rustix::io::ioctl_fionbio(io::stdin(), true)?;
    let orders = io::stdin().as_raw_fd();
    poll.registry().register(&mut SourceFd(&orders), ORDERS, Interest::READABLE)?;
    println!("{}", door.local_addr()?);
    Floor { poll, door, viewers: Vec::new(), streams, frame: frame(payload), scratch: [0; 4096] }.run()
}

impl Floor {
    fn run(&mut self) -> anyhow::Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            self.poll.poll(&mut events, None)?;
            for event in &events {
                match event.token() {
                    DOOR => self.let_in()?,
                    ORDERS if !self.obey()? => return Ok(()),
                    ORDERS => {}
                    Token(viewer) => self.hear(viewer)?,
                }
            }
        }
    }

    fn let_in(&mut self) -> io::Result<()> {
        while let Some((mut viewer, _)) = patient(self.door.accept())? {
            viewer.set_nodelay(true)?;
            self.poll.registry().register(&mut viewer, Token(self.viewers.len()), Interest::READABLE)?;
            self.viewers.push(viewer);
        }
        Ok(())
    }

    /// A request is answered; nothing else is looked at.
    fn hear(&mut self, viewer: usize) -> io::Result<()> {
        let mut viewer = &self.viewers[viewer];
        while let Some(read @ 1..) = patient(viewer.read(&mut self.scratch))? {
            if self.scratch[..read].ends_with(b"\r\n\r\n") {
                viewer.write_all(WELCOME)?;
            }
        }
        Ok(())
    }

    /// False when there will be no more orders.
    fn obey(&mut self) -> anyhow::Result<bool> {
        while let Some(read) = patient(io::stdin().read(&mut self.scratch))? {
            if read == 0 {
                return Ok(false);
            }
            for line in String::from_utf8_lossy(&self.scratch[..read]).lines() {
                match line.parse()? {
                    Order::Now(frames) => (0..frames).try_for_each(|_| self.publish())?,
                    Order::Rounds { rounds, each } => (0..rounds).try_for_each(|_| self.go_round(each))?,
                }
            }
        }
        Ok(true)
    }

    fn publish(&self) -> io::Result<()> {
        self.viewers.iter().try_for_each(|viewer| send(viewer, &self.frame))
    }

    /// Each stream has a frame, one after the other.
    fn go_round(&self, each: Duration) -> io::Result<()> {
        let pause = each / u32::try_from(self.streams).unwrap_or(u32::MAX);
        let mut due = now();
        for stream in 0..self.streams {
            due += pause;
            std::thread::sleep(due.saturating_duration_since(now()));
            let mut theirs = self.viewers.iter().skip(stream).step_by(self.streams);
            theirs.try_for_each(|viewer| send(viewer, &self.frame))?;
        }
        Ok(())
    }
}

/// Its viewers read: whoever has no room has it in a moment.
fn send(mut viewer: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match patient(viewer.write(bytes))? {
            Some(written) => bytes = &bytes[written..],
            None => std::thread::yield_now(),
        }
    }
    Ok(())
}

/// None while there is nothing yet, or no room.
fn patient<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A whole text frame, as servers send them.
fn frame(payload: usize) -> Vec<u8> {
    let mut frame = vec![0x81];
    match (u8::try_from(payload), u16::try_from(payload)) {
        (Ok(short @ ..126), _) => frame.push(short),
        (_, Ok(length)) => frame.extend([&[126], length.to_be_bytes().as_slice()].concat()),
        _ => unreachable!("frames are small"),
    }
    frame.resize(frame.len() + payload, b'x');
    frame
}
