//! How a topic's day is loaded: what is stored of the local day that it is to the public and of the latest stream, and
//! what waits to be stored. What a public that is told later does not know yet is given apart.

use super::access::{choices, is_open, known_until};
use super::model::Stream;
use super::store;
use crate::accounts::{Accounts, User};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{PlayId, UserId};
use crate::base::local_day::bounds;
use crate::db::Db;
use crate::hub::{
    Choices, Choosing, Curtain, Day, Event, Gap, Latest, LoadDay, Loaded, Loading, Noticed, Track,
};
use crate::live::{Writer, ghosts, waiting, waiting_gaps};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use std::collections::{HashMap, HashSet};

/// Loads days for the hub.
#[derive(Debug, Clone)]
pub struct Loader {
    /// Where plays are stored.
    pub db: Db,
    /// Who they belong to.
    pub accounts: Accounts,
    /// Where they wait to be stored.
    pub writer: Writer,
    /// The time.
    pub clock: SharedClock,
    /// Each load is counted.
    pub metrics: Metrics,
    /// Whether rows show covers.
    pub covers: bool,
}

impl LoadDay for Loader {
    fn load(&self, user: UserId) -> Loading<'_, Loaded> {
        Box::pin(async move {
            let user = self.accounts.by_id(user).await.context("reading a streamer")?;
            match user {
                Some(user) => self.loaded(&user).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn choices(&self, user: UserId) -> Loading<'_, Choices> {
        Box::pin(async move {
            let user = self.accounts.by_id(user).await.context("reading a streamer")?;
            match user {
                Some(user) => self.chosen_by(&user).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn choices_of<'a>(&'a self, users: &'a [UserId]) -> Choosing<'a> {
        Box::pin(async move {
            let mut all = HashMap::new();
            for user in self.accounts.some(users).await.context("reading streamers")? {
                all.insert(user.id, self.chosen_by(&user).await?);
            }
            Ok(all)
        })
    }
}

/// What a load has at hand.
struct Search<'a> {
    user: &'a User,
    now: Instant,
    /// Until when the public knows what is stored; none while that is all of it.
    until: Option<Instant>,
    /// Plays and gaps that wait to be stored.
    waiting: (Vec<Track>, Vec<Gap>),
}

impl Search<'_> {
    /// Whether the public knows a stored gap.
    fn is_known(&self, gap: &Gap) -> bool {
        self.until.is_none_or(|until| gap.from <= until)
    }

    /// What waits and is of the day already: everything without a delay.
    fn told(&self) -> (&[Track], &[Gap]) {
        if self.until.is_none() { (&self.waiting.0, &self.waiting.1) } else { (&[], &[]) }
    }
}

impl Loader {
    async fn chosen_by(&self, user: &User) -> anyhow::Result<Choices> {
        let first = if user.enabled {
            None
        } else {
            let first = store::first_from(&self.db, user.id, Instant::UNIX_EPOCH, None).await;
            first.context("reading the first play")?
        };
        Ok(choices(user, is_open(user, first.is_some())))
    }

    async fn loaded(&self, user: &User) -> anyhow::Result<Loaded> {
        self.metrics.day_loaded();
        let (choices, now) = (self.chosen_by(user).await?, self.clock.now());
        // In this order: a play that is stored meanwhile is seen twice rather than never.
        let hidden = self.writer.hidden_of(user.id);
        let mut waiting = (waiting(&self.writer, user.id), waiting_gaps(&self.writer, user.id));
        waiting.0.retain(|track| !hidden.contains(&track.id));
        let search = Search { user, now, until: known_until(choices.terms, now), waiting };
        let mut day = self.day_of(&search, choices).await?;
        let mut since = match search.until {
            Some(until) => self.since(&search, &day, until).await?,
            None => Vec::new(),
        };
        let from = first_instant(&day);
        day.keep_tracks(|track| !hidden.contains(&track.id));
        since.retain(|noticed| noticed.play().is_none_or(|play| !hidden.contains(&play)));
        Ok(Loaded { day, since, curtain: self.curtain(user.id, hidden, from).await? })
    }

    /// What nobody is told of what began at `from` or later; `hidden` waits to be stored so.
    async fn curtain(
        &self,
        user: UserId,
        mut hidden: HashSet<PlayId>,
        from: Instant,
    ) -> anyhow::Result<Curtain> {
        let stored = store::hidden_since(&self.db, user, from).await.context("reading what is hidden")?;
        hidden.extend(stored);
        let ghosts = ghosts(&self.db, user, from).await.context("reading when ghost mode was on")?;
        Ok(Curtain { hidden, ghost: ghosts.last().copied() })
    }

    /// The day as the public has it.
    async fn day_of(&self, search: &Search<'_>, choices: Choices) -> anyhow::Result<Day> {
        let (user, until) = (search.user.id, search.until);
        let Choices { streamer, timezone, terms } = choices;
        let mut day = Day::empty(streamer, timezone, until.unwrap_or(search.now));
        day.covers = self.covers;
        day.terms = terms;
        let (from, to) = bounds(day.date, day.timezone);
        day.tracks =
            store::between(&self.db, user, from, to, until).await.context("reading the day's plays")?;
        let gaps = store::gaps_between(&self.db, user, from, to).await.context("reading the day's gaps")?;
        day.gaps = gaps.into_iter().filter(|gap| search.is_known(gap)).collect();
        let latest =
            store::latest_stream(&self.db, user, until).await.context("reading the latest stream")?;
        let latest = latest.and_then(|stream| stream.as_of(until));
        day.stream = latest.as_ref().and_then(Stream::on_air);
        if let Some(stream) = latest {
            day.latest = self.before_today(search, &stream, from).await?;
        }
        let (tracks, gaps) = search.told();
        merge(&mut day.tracks, tracks.iter().filter(|track| (from..to).contains(&track.started_at)));
        merge_gaps(&mut day.gaps, gaps, |gap| gap.to.is_none_or(|end| end > from));
        Ok(day)
    }

    /// What began before today of a stream. Most streams began today.
    async fn before_today(
        &self,
        search: &Search<'_>,
        stream: &Stream,
        today: Instant,
    ) -> anyhow::Result<Latest> {
        let (user, id, start) = (search.user.id, stream.id, stream.started_at);
        let mut latest = Latest { stream: Some(stream.broadcast()), ..Latest::default() };
        if start < today {
            let tracks = store::of_stream(&self.db, user, id, search.until).await;
            let gaps = store::gaps_of_stream(&self.db, user, id).await.context("reading a stream's gaps")?;
            let is_earlier = |track: &Track| (start..today).contains(&track.started_at);
            let is_over = |gap: &Gap| gap.to.is_some_and(|end| start < end && end <= today);
            let (waiting, waiting_gaps) = search.told();
            let tracks = tracks.context("reading a stream's plays")?.into_iter();
            latest.tracks = tracks.filter(is_earlier).collect();
            merge(&mut latest.tracks, waiting.iter().filter(|track| is_earlier(track)));
            latest.gaps = gaps.into_iter().filter(|gap| is_over(gap) && search.is_known(gap)).collect();
            merge_gaps(&mut latest.gaps, waiting_gaps, is_over);
        }
        Ok(latest)
    }

    /// What has happened since the public's `day`, as far as it is stored or waits for that. When it was noticed is not
    /// known any more; when it was stored is a little later, so nothing comes too early.
    async fn since(&self, search: &Search<'_>, day: &Day, until: Instant) -> anyhow::Result<Vec<Noticed>> {
        let (user, now) = (search.user.id, search.now);
        let streams = store::streams_between(&self.db, user, until, now).await;
        let streams = streams.context("reading the newest streams")?;
        let from = first_instant(day);
        let plays = store::stored_since(&self.db, user, from, until).await.context("reading new plays")?;
        let gaps = store::gaps_between(&self.db, user, until, now).await.context("reading new gaps")?;
        let gaps = gaps.into_iter().filter(|gap| gap.from > until).map(|gap| (gap.from, gap));
        let (waiting, waiting_gaps) = &search.waiting;
        let plays = plays.into_iter().chain(waiting.iter().map(|track| (now, track.clone())));
        let gaps = gaps.chain(waiting_gaps.iter().map(|gap| (now, gap.clone())));
        let mut since: Vec<Noticed> = streams.iter().flat_map(|stream| news(stream, until)).collect();
        since.extend(gaps.map(|(at, gap)| Noticed { at, event: Event::Gap { gap } }));
        since.extend(plays.map(|(at, track)| Noticed { at, event: Event::TrackAdded { track } }));
        since.sort_by_key(|noticed| noticed.at);
        Ok(since)
    }
}

/// Where a day and its latest stream begin.
fn first_instant(day: &Day) -> Instant {
    let begun = day.latest.stream.iter().map(|stream| stream.started_at);
    begun.fold(bounds(day.date, day.timezone).0, Instant::min)
}

/// What has happened to a stream since.
fn news(stream: &Stream, since: Instant) -> impl Iterator<Item = Noticed> {
    let began = Event::StreamStarted { stream: stream.broadcast() };
    let ended = Event::StreamEnded { stream: stream.broadcast() };
    let news = [(Some(stream.started_at), began), (stream.ended_at, ended)].into_iter();
    news.filter_map(move |(at, event)| Some(Noticed { at: at.filter(|at| *at > since)?, event }))
}

/// What waits is the newest word on a play.
fn merge<'a>(tracks: &mut Vec<Track>, waiting: impl Iterator<Item = &'a Track>) {
    let waiting: Vec<Track> = waiting.cloned().collect();
    tracks.retain(|track| waiting.iter().all(|newer| newer.id != track.id));
    tracks.extend(waiting);
    tracks.sort_by_key(|track| (track.started_at, track.id));
}

/// And on a gap, which may not belong here any more.
fn merge_gaps(gaps: &mut Vec<Gap>, waiting: &[Gap], belongs: impl Fn(&Gap) -> bool) {
    gaps.retain(|gap| waiting.iter().all(|newer| newer.id != gap.id));
    gaps.extend(waiting.iter().filter(|gap| belongs(gap)).cloned());
    gaps.sort_by_key(|gap| gap.from);
}
