//! Public pages in memory: one set of bytes for each language, made once however many ask, and made anew as soon as
//! anything is told or stored that they are made of.

use super::Daylist;
use super::access::{Owner, minute};
use super::asking::Asking;
use crate::base::id::{StreamId, UserId};
use crate::http::{AppError, Page, private};
use crate::hub::{Choices, Day};
use crate::i18n::Locale;
use crate::telemetry::Metrics;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use std::fmt;
use std::sync::Arc;

/// Pages that may lie there, about.
const PAGES: usize = 1_000;
/// Their bytes together; what nobody asks for goes first.
const BYTES: u64 = 16 << 20;
/// On how many shelves they lie: each holds whole pages.
const SHARDS: usize = 4;
/// Home pages that may lie there: the newest of each language are asked for.
const HALLS: usize = 16;
/// For so many seconds a home page is not made anew while nothing is told.
const HOME_FRESH_FOR: i64 = 5;

/// The pages; clones share them.
#[derive(Clone)]
pub(super) struct Shelf {
    pages: Arc<Cache<Place, Page, ByBytes>>,
    halls: Arc<Cache<Hall, Page>>,
    metrics: Metrics,
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

/// The same of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Hall {
    locale: Locale,
    /// How often anybody's account has changed.
    changes: u64,
    /// Up to where whose viewers have been told.
    cursors: Vec<String>,
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

impl Shelf {
    /// An empty one; each page that is made is counted.
    pub(super) fn new(metrics: Metrics) -> Self {
        let mut options = OptionsBuilder::new();
        options.estimated_items_capacity(PAGES).weight_capacity(BYTES).shards(SHARDS);
        let options = options.build().expect("all that has no default is given");
        let hasher = DefaultHashBuilder::default();
        let pages = Cache::with_options(options, ByBytes, hasher, DefaultLifecycle::default());
        Self { pages: Arc::new(pages), halls: Arc::new(Cache::new(HALLS)), metrics }
    }

    async fn make(
        &self,
        locale: Locale,
        make: impl AsyncFnOnce() -> Result<String, AppError>,
    ) -> Result<Page, AppError> {
        self.metrics.page_made();
        Ok(Page::new(locale, make().await?))
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
        owner: Arc<Owner>,
        what: What,
        asking: &Asking,
        make: impl AsyncFnOnce(Arc<Owner>) -> Result<String, AppError>,
    ) -> Result<Response, AppError> {
        let locale = asking.locale;
        let place = |owner: &Owner| {
            self.place(owner, what, locale).filter(|_| !owner.is_own && asking.search.is_none())
        };
        if let Some(page) = place(&owner).and_then(|place| self.shelf.pages.get(&place)) {
            return Ok(page.answer(&asking.known));
        }
        let owner = self.reader.anew(owner, asking.me.as_ref()).await?;
        if owner.is_own {
            return Ok(private(locale, StatusCode::OK, make(owner).await?));
        }
        let place = place(&owner);
        let make = self.shelf.make(locale, async || make(owner).await);
        let page = match place {
            Some(place) => self.shelf.pages.get_or_insert_async(&place, make).await?,
            None => make.await?,
        };
        Ok(page.answer(&asking.known))
    }

    /// Answers with the home page in the same way: it holds as long as nothing is told anywhere and nobody chooses otherwise.
    pub(super) async fn answer_home(
        &self,
        asking: &Asking,
        make: impl AsyncFnOnce() -> Result<String, AppError>,
    ) -> Result<Response, AppError> {
        let (locale, (changes, cursors)) = (asking.locale, self.reader.told());
        let freshness = self.reader.clock.now().timestamp().div_euclid(HOME_FRESH_FOR);
        let place = Hall { locale, changes, cursors, freshness };
        let make = self.shelf.make(locale, make);
        let page = self.shelf.halls.get_or_insert_async(&place, make).await?;
        Ok(page.answer(&asking.known))
    }

    /// Where a page lies; none for one that cannot be kept: while the database is away it is not whole.
    fn place(&self, owner: &Owner, what: What, locale: Locale) -> Option<Place> {
        // Asked first: what changes while the page is made lies in another place.
        let (revision, now) = (self.reader.revision(owner.id), self.reader.clock.now());
        let live = self.reader.live(owner, now).filter(|(day, _)| what.is_live_in(day));
        let is_told = live.is_some() && what != What::Streamer;
        (!owner.is_remembered).then(|| Place {
            owner: owner.id,
            choices: owner.choices(),
            what,
            locale,
            today: owner.today(now),
            revision,
            cursor: live.map(|(_, cursor)| cursor),
            freshness: if is_told { minute(now) } else { owner.freshness(now) },
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
