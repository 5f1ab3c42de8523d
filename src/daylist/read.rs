//! What the public may read, and reading it: today from memory, other days from the database.

use super::access::{Owner, streamer};
use super::recent::Recent;
use super::store;
use crate::accounts::{Accounts, User, Visibility};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::base::local_day::{bounds, first_kept, local_date};
use crate::base::together::Together;
use crate::db::{Db, or_remembered};
use crate::http::AppError;
use crate::hub::{Day, Hub, Streamer, Terms, Topic};
use crate::live::Writer;
use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use quick_cache::sync::Cache;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// How far back a profile lists days.
pub(super) const MOST_DAYS: Days = Days::new(400);
/// Of so many streamers the days are remembered.
const STREAMERS: usize = 1_000;

/// Reads day lists for the public.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Where plays are stored.
    pub(super) db: Db,
    /// Who they belong to.
    pub(super) accounts: Accounts,
    /// Today, in memory.
    pub(super) hub: Hub,
    /// Where it waits to be stored that plays are hidden.
    pub(super) writer: Writer,
    /// The time.
    pub(super) clock: SharedClock,
    /// Streamers that are being looked up, by login.
    pub(super) lookups: Together<String, Found>,
    /// And such as were found a moment ago.
    pub(super) recent: Recent,
    /// The days with music before today, as long as nothing changes.
    days: Arc<Cache<DaysOf, Arc<[NaiveDate]>>>,
}

/// Whose days, by which terms, before which day, at which revision, and how fresh.
type DaysOf = (UserId, (Tz, Terms), NaiveDate, u64, i64);

/// A streamer whose list the public may read, if there is one; or why nobody knows.
pub(super) type Found = Result<Option<Arc<Owner>>, Arc<anyhow::Error>>;

/// A day as read, with the cursor from which its live topic goes on if it is today.
pub(super) struct Read {
    pub(super) day: Arc<Day>,
    pub(super) is_today: bool,
    pub(super) cursor: String,
    pub(super) at: Instant,
}

impl Reader {
    /// A reader of what is stored in `db`, what waits for that in `writer`, and what the hub has in memory.
    #[must_use]
    pub fn new(db: Db, accounts: Accounts, hub: Hub, writer: Writer, clock: SharedClock) -> Self {
        let (lookups, recent) = (Together::default(), Recent::default());
        let days = Arc::new(Cache::new(STREAMERS));
        Self { db, accounts, hub, writer, clock, lookups, recent, days }
    }

    /// The live topic of a streamer, which goes by what they have chosen.
    pub(super) async fn topic(&self, owner: &Owner) -> Result<Topic, AppError> {
        if owner.is_own {
            return self.hub.staff(owner.id).await?.ok_or(AppError::NotFound);
        }
        let topic = self.hub.topic(owner.id).await?.ok_or(AppError::NotFound)?;
        if !owner.is_remembered && !topic.goes_by(&owner.choices()) {
            self.hub.heed(owner.id).await?;
            if !topic.is_public() {
                return Err(AppError::NotFound);
            }
        }
        Ok(topic)
    }

    /// How often anybody's account has changed, and up to where whose viewers have been told.
    pub(super) fn told(&self) -> (u64, Vec<String>) {
        let (changes, now) = (self.accounts.revision(), self.clock.now());
        let mut cursors: Vec<String> =
            self.hub.in_memory().into_iter().map(|(_, topic)| topic.day(now).1).collect();
        cursors.sort_unstable();
        (changes, cursors)
    }

    /// Which revision of a streamer's list is stored.
    pub(super) fn revision(&self, user: UserId) -> u64 {
        self.writer.revisions().of(user)
    }

    /// What the public has been told of a stream that is on air, and up to where; none while nothing is told.
    pub(super) fn live(&self, owner: &Owner, at: Instant) -> Option<(Arc<Day>, String)> {
        self.hub.held(owner.id).map(|topic| topic.day(at)).filter(|(day, _)| day.stream.is_some())
    }

    /// The date that `asked` names: `today` or `YYYY-MM-DD`. Impossible ones are not found.
    pub(super) fn date(&self, owner: &Owner, asked: &str) -> Result<NaiveDate, AppError> {
        if asked == "today" { Ok(owner.today(self.clock.now())) } else { parse(asked) }
    }

    /// The day that `asked` names, as [`Reader::date`] and [`Reader::day_of`] find it.
    pub(super) async fn day(&self, owner: &Owner, asked: &str) -> Result<Read, AppError> {
        self.day_of(owner, self.date(owner, asked)?).await
    }

    /// The day of that date. Such that lie ahead of what the public knows, and such that are no longer kept are not found.
    pub(super) async fn day_of(&self, owner: &Owner, date: NaiveDate) -> Result<Read, AppError> {
        let at = self.clock.now();
        let today = owner.today(at);
        if date == today {
            let (day, cursor) = self.topic(owner).await?.day(at);
            return Ok(Read { day, is_today: true, cursor, at });
        }
        let day = self.past(owner, date, at).await?;
        if date > today || (day.tracks.is_empty() && !is_kept(owner, date, today)) {
            return Err(AppError::NotFound);
        }
        Ok(Read { day: Arc::new(day), is_today: false, cursor: String::new(), at })
    }

    async fn past(&self, owner: &Owner, date: NaiveDate, at: Instant) -> anyhow::Result<Day> {
        let ((from, to), until) = (bounds(date, owner.timezone), owner.known_until(at));
        // Asked first: what is stored meanwhile is left out by both rather than by neither.
        let hidden = self.writer.hidden_of(owner.id);
        let mut tracks =
            store::between(&self.db, owner.id, from, to, until).await.context("reading a day's plays")?;
        tracks.retain(|track| !hidden.contains(&track.id));
        let latest =
            store::latest_stream(&self.db, owner.id, until).await.context("reading the latest stream")?;
        let stream = latest.and_then(|stream| stream.as_of(until)?.on_air());
        let gaps = store::gaps_between(&self.db, owner.id, from, to).await.context("reading a day's gaps")?;
        Ok(Day { date, stream, tracks, gaps, ..Day::empty(owner.streamer.clone(), owner.timezone, at) })
    }

    /// The nearest days with music before and after a day; after a past day at the latest today. None are known while the
    /// database is away.
    pub(super) async fn neighbours(
        &self,
        owner: &Owner,
        read: &Read,
    ) -> anyhow::Result<[Option<NaiveDate>; 2]> {
        if owner.is_remembered {
            return Ok([None, None]);
        }
        let ((from, to), until) = (bounds(read.day.date, owner.timezone), owner.known_until(read.at));
        let before =
            store::last_before(&self.db, owner.id, from, until).await.context("reading the day before")?;
        let after =
            store::first_from(&self.db, owner.id, to, until).await.context("reading the day after")?;
        let date = |at: Instant| local_date(at, owner.timezone);
        let today = (!read.is_today).then(|| date(owner.public_time(read.at)));
        Ok([before.map(date), after.map(date).or(today)])
    }

    /// The days that have music, newest first: today by what is in memory, the others by what is stored. Only today is
    /// known while the database is away.
    pub(super) async fn days(&self, owner: &Owner, today: &Day) -> anyhow::Result<Vec<NaiveDate>> {
        let mut days: Vec<NaiveDate> = (!today.tracks.is_empty()).then_some(today.date).into_iter().collect();
        if !owner.is_remembered {
            let (id, now) = (owner.id, self.clock.now());
            let terms = (owner.timezone, owner.terms);
            let place = (id, terms, today.date, self.revision(id), owner.freshness(now));
            let past = self.past_days(owner, today.date, now);
            days.extend_from_slice(&self.days.get_or_insert_async(&place, past).await?);
        }
        Ok(days)
    }

    /// The days before `today` that have music, newest first.
    async fn past_days(
        &self,
        owner: &Owner,
        today: NaiveDate,
        now: Instant,
    ) -> anyhow::Result<Arc<[NaiveDate]>> {
        let (from, to) = (bounds(today - MOST_DAYS, owner.timezone).0, bounds(today, owner.timezone).0);
        let hours = store::each_hour(&self.db, owner.id, from, to, owner.known_until(now)).await;
        let instants = hours.context("reading days with music")?.into_iter();
        let instants = instants.flat_map(|(first, last)| [first, last]);
        let days: BTreeSet<NaiveDate> = instants.map(|at| local_date(at, owner.timezone)).collect();
        Ok(days.into_iter().rev().collect())
    }

    /// Who is on air, with their day, the longest first, and the other public streamers by login. Only those on air are
    /// known while the database is away.
    pub(super) async fn everybody(&self) -> anyhow::Result<(Vec<Arc<Day>>, Vec<Streamer>)> {
        or_remembered(self.stored_everybody(), || self.remembered_on_air()).await
    }

    async fn stored_everybody(&self) -> anyhow::Result<(Vec<Arc<Day>>, Vec<Streamer>)> {
        let mut on_air: HashSet<UserId> =
            store::on_air(&self.db).await.context("reading who is on air")?.into_iter().collect();
        // Whose stream has just ended is on air to a public that is told later.
        on_air.extend(self.hub.in_memory().into_iter().map(|(user, _)| user));
        let public = |user: &User| user.visibility == Visibility::Public && user.enabled;
        let users = self.accounts.all().await.context("reading streamers")?.into_iter().filter(public);
        let (mut days, mut others) = (Vec::new(), Vec::new());
        for user in users {
            match self.live_day(&user, on_air.contains(&user.id)).await? {
                Some(day) => days.push(day),
                None => others.push(streamer(&user)),
            }
        }
        days.sort_by_key(on_air_since);
        Ok((days, others))
    }

    /// The day of a streamer who is on air to the public.
    async fn live_day(&self, user: &User, may_be: bool) -> anyhow::Result<Option<Arc<Day>>> {
        let topic = if may_be { self.hub.topic(user.id).await? } else { None };
        let day = topic.map(|topic| topic.day(self.clock.now()).0);
        Ok(day.filter(|day| day.stream.is_some()))
    }

    /// None when nobody is in memory: then we do not know that nobody is on air.
    fn remembered_on_air(&self) -> Option<(Vec<Arc<Day>>, Vec<Streamer>)> {
        let now = self.clock.now();
        let days = self.hub.in_memory().into_iter().map(|(_, topic)| topic.day(now).0);
        let mut days: Vec<Arc<Day>> = days.filter(|day| day.stream.is_some()).collect();
        days.sort_by_key(on_air_since);
        (!days.is_empty()).then_some((days, Vec::new()))
    }
}

fn on_air_since(day: &Arc<Day>) -> Option<Instant> {
    day.stream.as_ref().map(|stream| stream.started_at)
}

fn parse(asked: &str) -> Result<NaiveDate, AppError> {
    // Strict: chrono would read `2026-1-5` and `+12026-01-05` too, and one day should have one address.
    let date = NaiveDate::parse_from_str(asked, "%Y-%m-%d").map_err(|_| AppError::NotFound)?;
    if asked.len() == 10 && date.to_string() == asked { Ok(date) } else { Err(AppError::NotFound) }
}

/// Whether a day is within what the streamer keeps.
pub(super) fn is_kept(owner: &Owner, date: NaiveDate, today: NaiveDate) -> bool {
    first_kept(today, owner.terms.retention_days).is_none_or(|first| date >= first)
}
