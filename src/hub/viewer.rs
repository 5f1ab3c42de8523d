//! A viewer's connection, and how far it has been written: by a row while the viewer keeps up with it, by their own task
//! otherwise. Both write under one lock and remember what the connection did not take, so that no frame is ever broken.

use super::mark::Mark;
use super::place::Place;
use super::wire;
use bytes::{Buf as _, Bytes};
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// A viewer who listens.
#[derive(Debug)]
pub(super) struct Viewer {
    stream: TcpStream,
    line: Mutex<Line>,
    /// Their own task has something to do.
    nudge: Notify,
}

/// How far a connection has been written.
#[derive(Debug)]
struct Line {
    place: Place,
    /// What the connection has not taken of what was begun. Shared with whoever else was sent it.
    rest: Bytes,
}

/// Whether somebody keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// They have been told everything.
    Even,
    /// Their connection takes no more for now.
    Behind,
    /// They may no longer read.
    SentAway,
}

impl Viewer {
    /// Somebody who has been told nothing yet.
    pub(super) fn new(stream: TcpStream, place: Place) -> Arc<Self> {
        let line = Mutex::new(Line { place, rest: Bytes::new() });
        let viewer = Self { stream, line, nudge: Notify::new() };
        viewer.nudge();
        Arc::new(viewer)
    }

    /// What carries the frames.
    pub(super) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Has their own task look after them.
    pub(super) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Ends when there is something for their own task to do.
    pub(super) async fn nudged(&self) {
        self.nudge.notified().await;
    }

    /// Sends what leads from one mark to another, to those who stand there. Whoever does not, or takes only a part, is
    /// behind: their own task goes on.
    pub(super) fn tell(&self, batch: &Batch) -> Pace {
        let mut line = self.line();
        let pace = line.take(&self.stream, batch);
        if pace == Pace::Behind {
            self.nudge();
        }
        pace
    }

    /// Writes what is left over and all that is pending, until nothing is or the connection takes no more.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn catch_up(&self) -> io::Result<Pace> {
        let mut line = self.line();
        while line.flush(&self.stream)? {
            match line.place.pending() {
                None => return Ok(Pace::SentAway),
                Some(messages) if messages.is_empty() => return Ok(Pace::Even),
                Some(messages) => {
                    line.rest = wire::joined(&messages);
                    line.place.metrics().told(messages.len(), 1);
                }
            }
        }
        Ok(Pace::Behind)
    }

    /// Writes what is left over of what was begun; false when the connection does not take all of it.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn flush(&self) -> io::Result<bool> {
        self.line().flush(&self.stream)
    }

    /// Says something that is no news, between two frames.
    ///
    /// # Errors
    /// When a frame is not finished yet ([`ErrorKind::WouldBlock`]), or the connection is broken.
    pub(super) fn say(&self, words: &[u8]) -> io::Result<()> {
        let mut line = self.line();
        if !line.rest.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        let written = written(self.stream.try_write(words))?;
        if written < words.len() {
            line.rest = Bytes::copy_from_slice(&words[written..]);
            self.nudge();
        }
        Ok(())
    }

    /// Whether they have been told all that there is.
    pub(super) fn is_even(&self) -> bool {
        let line = self.line();
        line.rest.is_empty() && line.place.is_even()
    }

    /// Where they stand.
    pub(super) fn place(&self) -> Place {
        self.line().place.clone()
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What leads from one mark to another, in one piece.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) from: Mark,
    pub(super) to: Mark,
    pub(super) wire: Bytes,
}

impl Line {
    fn take(&mut self, stream: &TcpStream, batch: &Batch) -> Pace {
        let stands_at = self.place.seen().filter(|_| self.rest.is_empty());
        if stands_at == Some(batch.to) {
            return Pace::Even;
        }
        if stands_at != Some(batch.from) {
            return Pace::Behind;
        }
        if batch.wire.is_empty() {
            self.place.saw(batch.to);
            return Pace::Even;
        }
        // Their own task finds out that a connection is broken.
        let Ok(written) = written(stream.try_write(&batch.wire)) else { return Pace::Behind };
        self.place.saw(batch.to);
        if written == batch.wire.len() {
            return Pace::Even;
        }
        self.rest = batch.wire.slice(written..);
        Pace::Behind
    }

    fn flush(&mut self, stream: &TcpStream) -> io::Result<bool> {
        while !self.rest.is_empty() {
            match written(stream.try_write(&self.rest))? {
                0 => return Ok(false),
                some => self.rest.advance(some),
            }
        }
        // An empty rest must not keep in memory what it was a part of.
        self.rest = Bytes::new();
        Ok(true)
    }
}

/// How much was taken: nothing, when the connection takes nothing for now.
fn written(outcome: io::Result<usize>) -> io::Result<usize> {
    match outcome {
        Err(full) if full.kind() == ErrorKind::WouldBlock => Ok(0),
        outcome => outcome,
    }
}
