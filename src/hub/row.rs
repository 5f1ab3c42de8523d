//! Rows: viewers of one topic who want the same and keep up. One task writes for the whole row: what is pending is worked
//! out once, put into one piece, and handed to each connection with one `write` that waits for nobody.
//!
//! Whoever does not take all of it leaves the row, is looked after by their own task, and sits down again when they have
//! caught up. Every viewer knows by themselves up to where they have been told, so it does not matter when exactly somebody
//! comes, goes, or falls behind while a row is being told.

use super::place::Place;
use super::viewer::{Batch, Pace, Viewer};
use super::wire;
use crate::telemetry::Learned;
use slab::Slab;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};
use tokio::task::yield_now;

/// Seats of a row: a topic that many watch has several, which all cores write.
const SEATS: usize = 1024;
/// So many are told before others get their turn: other topics, newcomers, whoever asks for a page.
const AT_ONCE: usize = 128;

/// All rows of a streamer's topics.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Mutex<Vec<Arc<Row>>>,
}

/// Viewers who are told together.
#[derive(Debug)]
struct Row {
    /// Where its first viewer sat down: the others are told the same.
    place: Place,
    seats: Mutex<Seats>,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Seats {
    viewers: Slab<Arc<Viewer>>,
    /// Nobody sits here, nobody will.
    is_over: bool,
}

/// A place in a row; dropping it leaves the row.
#[derive(Debug)]
pub(super) struct Seat {
    row: Arc<Row>,
    number: usize,
    viewer: Arc<Viewer>,
}

/// What becomes of somebody who looks for a seat.
enum Seating {
    Seated(usize),
    /// They have to catch up first.
    Behind,
    /// There is none.
    Full,
}

impl Rows {
    /// A seat for somebody who is even; none when they are not any more.
    pub(super) fn seat(self: &Arc<Self>, viewer: &Arc<Viewer>) -> Option<Seat> {
        let place = viewer.place();
        let mut rows = self.rows();
        let alike = rows.iter().rev().filter(|row| row.place.is_like(&place));
        for row in alike {
            match row.seat(viewer) {
                Seating::Seated(number) => return Some(Seat::new(row, number, viewer)),
                Seating::Behind => return None,
                Seating::Full => {}
            }
        }
        let row = Row::new(place.clone());
        let (told, bell) = (place.anew(), row.place.bell());
        let Seating::Seated(number) = row.seat(viewer) else { return None };
        rows.push(Arc::clone(&row));
        tokio::spawn(Arc::clone(&row).tell_all(Arc::clone(self), told, bell));
        Some(Seat::new(&row, number, viewer))
    }

    fn remove(&self, row: &Arc<Row>) {
        self.rows().retain(|other| !Arc::ptr_eq(other, row));
    }

    fn rows(&self) -> MutexGuard<'_, Vec<Arc<Row>>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn new(row: &Arc<Row>, number: usize, viewer: &Arc<Viewer>) -> Self {
        Self { row: Arc::clone(row), number, viewer: Arc::clone(viewer) }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.row.leave(self.number, &self.viewer);
    }
}

/// The end of a row's task, also by a panic: nobody stays seated whom nobody tells.
struct End(Arc<Row>, Arc<Rows>);

impl Drop for End {
    fn drop(&mut self) {
        let Self(row, rows) = self;
        row.seats().is_over = true;
        row.send_away();
        rows.remove(row);
    }
}

impl Row {
    fn new(place: Place) -> Arc<Self> {
        Arc::new(Self { place, seats: Mutex::default(), emptied: Notify::new() })
    }

    fn seat(&self, viewer: &Arc<Viewer>) -> Seating {
        let mut seats = self.seats();
        if seats.is_over || seats.viewers.len() >= SEATS {
            return Seating::Full;
        }
        // Looked at while nobody is told anything here: whatever comes later, the row will tell.
        if viewer.is_even() {
            Seating::Seated(seats.viewers.insert(Arc::clone(viewer)))
        } else {
            Seating::Behind
        }
    }

    fn leave(&self, number: usize, viewer: &Arc<Viewer>) {
        let mut seats = self.seats();
        if seats.viewers.get(number).is_some_and(|sits| Arc::ptr_eq(sits, viewer)) {
            seats.viewers.remove(number);
        }
        if seats.viewers.is_empty() {
            self.emptied.notify_one();
        }
    }

    /// The row's task: tells everybody what is new, until nobody is left.
    async fn tell_all(
        self: Arc<Self>,
        rows: Arc<Rows>,
        mut told: Place,
        mut bell: watch::Receiver<Option<Learned>>,
    ) {
        let _end = End(Arc::clone(&self), rows);
        let mut learned = None;
        while !self.is_over() {
            bell.mark_unchanged();
            let from = told.seen();
            match (told.pending(), from.zip(told.seen())) {
                // What is no news to these viewers moves them on as well.
                (Some(messages), Some((from, to))) if from != to => {
                    self.tell(&Batch { from, to, wire: wire::joined(&messages) }, messages.len()).await;
                    if let Some(learned) = learned.filter(|_| !messages.is_empty()) {
                        self.place.metrics().told_since(learned);
                    }
                }
                (Some(_), _) => {}
                (None, _) => {
                    // In this order: whoever is let in between is looked at too.
                    told = told.anew();
                    self.send_away();
                }
            }
            learned = tokio::select! {
                // Cannot fail: the sender lives in the desk that is held here.
                _ = bell.changed() => *bell.borrow(),
                () = self.emptied.notified() => None,
            };
        }
    }

    async fn tell(&self, batch: &Batch, messages: usize) {
        for first in (0..SEATS).step_by(AT_ONCE) {
            if !self.tell_some(first..first + AT_ONCE, batch, messages) {
                return;
            }
            yield_now().await;
        }
    }

    /// Tells those on some of the seats; false when there is none beyond.
    fn tell_some(&self, numbers: Range<usize>, batch: &Batch, messages: usize) -> bool {
        let mut seats = self.seats();
        let (sat, is_more) = (seats.viewers.len(), seats.viewers.capacity() > numbers.end);
        let mut told = 0;
        for number in numbers {
            match seats.viewers.get(number).map(|viewer| viewer.tell(batch)) {
                Some(Pace::Even) => told += 1,
                Some(_) => drop(seats.viewers.remove(number)),
                None => {}
            }
        }
        self.place.metrics().told(messages * told, told * usize::from(messages > 0));
        self.place.metrics().fell_behind(sat - seats.viewers.len());
        is_more
    }

    /// Somebody was sent away: each finds out for themselves whether it was they.
    fn send_away(&self) {
        self.seats().viewers.drain().for_each(|viewer| viewer.nudge());
    }

    /// Whether nobody sits here any more; then nobody will.
    fn is_over(&self) -> bool {
        let mut seats = self.seats();
        seats.is_over = seats.viewers.is_empty();
        seats.is_over
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
