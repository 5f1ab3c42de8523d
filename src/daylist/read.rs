//! What the public may read, and reading it: today from memory, other days from the database.

use super::load::streamer;
use super::store;
use crate::accounts::{Accounts, User, Visibility};
use crate::base::clock::{Instant, SharedClock};
use crate::base::local_day::{bounds, local_date};
use crate::db::Db;
use crate::http::AppError;
use crate::hub::{Day, Hub, Topic};
use anyhow::Context as _;
use chrono::{NaiveDate, TimeDelta};
use std::sync::Arc;

/// The most days that a profile lists.
const MOST_DAYS: usize = 400;

/// Reads day lists for the public.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Where plays are stored.
    pub db: Db,
    /// Who they belong to.
    pub accounts: Accounts,
    /// Today, in memory.
    pub hub: Hub,
    /// The time.
    pub clock: SharedClock,
}

/// A day as read, with the cursor from which its live topic goes on if it is today.
pub(super) struct Read {
    pub(super) day: Day,
    pub(super) is_today: bool,
    pub(super) cursor: String,
    pub(super) at: Instant,
}

impl Reader {
    /// A streamer whose list the public may read. Private lists and such that were never enabled look like unknown ones.
    pub(super) async fn public(&self, login: &str) -> Result<User, AppError> {
        let user =
            self.accounts.by_login(login).await.context("reading a streamer")?.ok_or(AppError::NotFound)?;
        let open = user.visibility == Visibility::Public && (user.enabled || self.has_music(&user).await?);
        if open { Ok(user) } else { Err(AppError::NotFound) }
    }

    async fn has_music(&self, user: &User) -> anyhow::Result<bool> {
        let first = store::first_from(&self.db, user.id, Instant::UNIX_EPOCH).await;
        Ok(first.context("reading the first play")?.is_some())
    }

    /// The live topic of a streamer.
    pub(super) async fn topic(&self, user: &User) -> Result<Arc<Topic>, AppError> {
        self.hub.topic(user.id).await?.ok_or(AppError::NotFound)
    }

    /// The day that `asked` names: `today` or `YYYY-MM-DD`. Impossible days, such that lie ahead, and such that are no
    /// longer kept are not found.
    pub(super) async fn day(&self, user: &User, asked: &str) -> Result<Read, AppError> {
        let at = self.clock.now();
        let today = local_date(at, user.timezone);
        let date = if asked == "today" { today } else { parse(asked)? };
        if date == today {
            let (day, cursor) = self.topic(user).await?.day(at);
            return Ok(Read { day, is_today: true, cursor, at });
        }
        let day = self.past(user, date, at).await?;
        if date > today || (day.tracks.is_empty() && !is_kept(user, date, today)) {
            return Err(AppError::NotFound);
        }
        Ok(Read { day, is_today: false, cursor: String::new(), at })
    }

    async fn past(&self, user: &User, date: NaiveDate, at: Instant) -> anyhow::Result<Day> {
        let (from, to) = bounds(date, user.timezone);
        let tracks = store::between(&self.db, user.id, from, to).await.context("reading a day's plays")?;
        let stream = store::open_stream(&self.db, user.id).await.context("reading the open stream")?;
        Ok(Day { date, stream, tracks, ..Day::empty(streamer(user), user.timezone, at) })
    }

    /// The nearest days with music before and after a day; after a past day at the latest today.
    pub(super) async fn neighbours(
        &self,
        user: &User,
        read: &Read,
    ) -> anyhow::Result<[Option<NaiveDate>; 2]> {
        let (from, to) = bounds(read.day.date, user.timezone);
        let before = store::last_before(&self.db, user.id, from).await.context("reading the day before")?;
        let after = store::first_from(&self.db, user.id, to).await.context("reading the day after")?;
        let date = |at: Instant| local_date(at, user.timezone);
        let today = (!read.is_today).then(|| date(read.at));
        Ok([before.map(date), after.map(date).or(today)])
    }

    /// The days that have music, newest first: today by what is in memory, the others by what is stored.
    pub(super) async fn days(&self, user: &User, today: &Day) -> anyhow::Result<Vec<NaiveDate>> {
        let mut days: Vec<NaiveDate> = (!today.tracks.is_empty()).then_some(today.date).into_iter().collect();
        let mut before = bounds(today.date, user.timezone).0;
        while days.len() < MOST_DAYS
            && let Some(at) = store::last_before(&self.db, user.id, before).await.context("reading days")?
        {
            let date = local_date(at, user.timezone);
            days.push(date);
            before = bounds(date, user.timezone).0;
        }
        Ok(days)
    }

    /// All public streamers by login, and which of them are on air, with their day.
    pub(super) async fn everybody(&self) -> anyhow::Result<(Vec<Day>, Vec<User>)> {
        let on_air = store::on_air(&self.db).await.context("reading who is on air")?;
        let public = |user: &User| user.visibility == Visibility::Public && user.enabled;
        let users = self.accounts.all().await.context("reading streamers")?.into_iter().filter(public);
        let (live, others): (Vec<User>, Vec<User>) = users.partition(|user| on_air.contains(&user.id));
        let mut days = Vec::new();
        for user in live {
            if let Some(topic) = self.hub.topic(user.id).await? {
                days.push(topic.day(self.clock.now()).0);
            }
        }
        Ok((days, others))
    }
}

fn parse(asked: &str) -> Result<NaiveDate, AppError> {
    // Strict: chrono would read `2026-1-5` and `+12026-01-05` too, and one day should have one address.
    let date = NaiveDate::parse_from_str(asked, "%Y-%m-%d").map_err(|_| AppError::NotFound)?;
    if asked.len() == 10 && date.to_string() == asked { Ok(date) } else { Err(AppError::NotFound) }
}

fn is_kept(user: &User, date: NaiveDate, today: NaiveDate) -> bool {
    user.retention_days.is_none_or(|days| date >= today - TimeDelta::days(days))
}
