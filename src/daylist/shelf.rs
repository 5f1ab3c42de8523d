//! Public pages in memory: one set of bytes for each language, made once however many ask, and made anew as soon as
//! anything is told or stored that they are made of.

use super::Daylist;
use super::access::Owner;
use super::asking::Asking;
use crate::base::id::{StreamId, UserId};
use crate::http::{AppError, Page, private};
use crate::hub::{Choices, Day};
use crate::i18n::Locale;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{NaiveDate, TimeDelta};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::Arc;

/// Pages that may lie there, about.
const PAGES: usize = 1_000;
/// Their bytes together; what nobody asks for goes first.
const BYTES: u64 = 16 << 20;
/// Another process may write to the database too: after so many seconds a page is made anew in any case.
const FRESH_FOR: i64 = 60;

/// The pages; clones share them.
#[derive(Clone)]
pub(super) struct Shelf {
    pages: Arc<Cache<Place, Page, ByBytes>>,
}

/// Everything that the bytes of a page depend on: whoever has the same place has the same page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    owner: UserId,
    choices: Choices,
    what: What,
    locale: Locale,
    today: NaiveDate,
    revision: u64,
    /// Up to where viewers have been told; none while nobody is on air.
    cursor: Option<String>,
    freshness: i64,
}

/// Which page of a streamer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A day, as they count days.
    Day(NaiveDate),
    /// A stream whole.
    Stream(StreamId),
    /// Theirs of all that is kept.
    Streamer,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Place, Page> for ByBytes {
    fn weight(&self, _: &Place, page: &Page) -> u64 {
        page.len() as u64
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self { pages: Arc::new(Cache::with_weighter(PAGES, BYTES, ByBytes)) }
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("pages", &self.pages.len()).finish_non_exhaustive()
    }
}

impl Daylist {
    /// Answers with this page of a streamer's: from memory, or as `make` makes it. Whoever reads their own private list is
    /// answered alone, and so is whoever looks for something.
    pub(super) async fn answer(
        &self,
        owner: &Owner,
        what: What,
        asking: &Asking,
        make: impl AsyncFnOnce() -> Result<String, AppError>,
    ) -> Result<Response, AppError> {
        let locale = asking.locale;
        if owner.is_own {
            return Ok(private(locale, StatusCode::OK, make().await?));
        }
        let make = async || Ok::<_, AppError>(Page::new(locale, make().await?));
        let page = match self.place(owner, what, locale).filter(|_| asking.search.is_none()) {
            Some(place) => self.shelf.pages.get_or_insert_async(&place, make()).await?,
            None => make().await?,
        };
        Ok(page.answer(&asking.known))
    }

    /// Where a page lies; none for one that cannot be kept: while the database is away it is not whole, and what a delay
    /// holds back becomes public by the time alone where no frame tells of it: on past days, and where plays are counted.
    fn place(&self, owner: &Owner, what: What, locale: Locale) -> Option<Place> {
        // Asked first: what changes while the page is made lies in another place.
        let (revision, now) = (self.reader.revision(owner.id), self.reader.clock.now());
        let live = self.reader.live(owner, now).filter(|(day, _)| what.is_live_in(day));
        let is_told = live.is_some() && what != What::Streamer;
        let is_kept = !owner.is_remembered && (is_told || owner.terms.delay == TimeDelta::zero());
        is_kept.then(|| Place {
            owner: owner.id,
            choices: owner.choices(),
            what,
            locale,
            today: owner.today(now),
            revision,
            cursor: live.map(|(_, cursor)| cursor),
            freshness: now.timestamp().div_euclid(FRESH_FOR),
        })
    }
}

impl What {
    /// Whether frames may change the page.
    fn is_live_in(self, day: &Day) -> bool {
        match self {
            Self::Day(date) => date == day.date,
            Self::Streamer => day.stream.is_some(),
            Self::Stream(id) => day.stream.as_ref().is_some_and(|stream| stream.id == id),
        }
    }
}
