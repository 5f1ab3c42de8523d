//! What a streamer can do about tracking, and how they learn how things are. Every change takes effect at once.

use super::board::Board;
use super::budgets::{Budgets, Purse};
use super::control::{Action, Override};
use super::evidence::Evidence;
use super::ignore::{self, IgnoreRule, Kind};
use super::model::Stream;
use super::registry;
use super::root::Current;
use super::status::{Facts, Status};
use super::store;
use super::trial::{Trial, Trials};
use super::writer::Writer;
use crate::accounts::{Accounts, SpotifyLink};
use crate::base::clock::{Instant, SharedClock, whole_millis};
use crate::base::id::{RuleId, UserId};
use crate::db::Db;
use anyhow::Context as _;
use chrono::TimeDelta;

/// How long a start or a stop lasts that nobody gave an end and no stream can end.
const USUAL: TimeDelta = TimeDelta::hours(12);
/// No decision lasts longer.
const LONGEST: TimeDelta = TimeDelta::days(7);
/// As many rules as anybody needs.
const MOST_RULES: usize = 200;

/// Why a wish is not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such streamer.
    #[error("there is no such streamer")]
    Unknown,
    /// Tracking is switched off, and off means never.
    #[error("tracking is switched off: switch it on first")]
    Disabled,
    /// There is no player to look at.
    #[error("no Spotify account is linked: link one first")]
    Unlinked,
    /// The end is not ahead, or too far.
    #[error("the end has to lie ahead, and within seven days")]
    End,
    /// There are too many rules.
    #[error("there are 200 rules already: remove one first")]
    TooManyRules,
}

/// What the streamer does about tracking. It can be cloned into handlers.
#[derive(Debug, Clone)]
pub struct Controls {
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    pub(super) registry: Current,
    pub(super) board: Board,
    pub(super) budgets: Budgets,
    pub(super) trials: Trials,
    pub(super) writer: Writer,
    pub(super) clock: SharedClock,
    pub(super) stream_grace: TimeDelta,
    /// When this life of the program began: crashes of an earlier one are history.
    pub(super) since: Instant,
}

impl Controls {
    /// Follows the player from now on. Who is live is followed until the broadcast ends; who is not begins a stream of
    /// their own, which ends at `until`, in twelve hours without, or by [`Self::stop`] or [`Self::auto`]. Should they go
    /// live meanwhile, it becomes that broadcast's and ends with it.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn start(&self, user: UserId, until: Option<Instant>) -> anyhow::Result<()> {
        let (until, now) = (self.checked(until)?, self.clock.now());
        self.link_of(user).await?;
        let broadcast = self.on_air(user).await?.filter(|(_, is_live)| *is_live).map(|(stream, _)| stream);
        let usual = broadcast.is_none().then(|| now + USUAL);
        self.decide(user, Action::Start, broadcast, until.or(usual)).await
    }

    /// Follows nothing from now on. It ends at `until`; without one with the stream that is on air, or in twelve hours
    /// when there is none. A stream that was begun by hand ends at once.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn stop(&self, user: UserId, until: Option<Instant>) -> anyhow::Result<()> {
        let (until, now) = (self.checked(until)?, self.clock.now());
        match (self.on_air(user).await?, until) {
            (Some((_, false)), None) => self.auto(user).await,
            (Some((stream, true)), None) => self.decide(user, Action::Stop, Some(stream), None).await,
            (_, until) => self.decide(user, Action::Stop, None, until.or(Some(now + USUAL))).await,
        }
    }

    /// Follows nothing until then, and goes on as before by itself.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn pause(&self, user: UserId, until: Instant) -> anyhow::Result<()> {
        let until = self.checked(Some(until))?;
        self.decide(user, Action::Pause, None, until).await
    }

    /// Whatever was decided by hand is over: who is live is followed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn auto(&self, user: UserId) -> anyhow::Result<()> {
        let all = [Action::Start, Action::Stop, Action::Pause];
        store::lift_overrides(&self.db, user, &all).await.context("going back to automatic")?;
        self.wake();
        Ok(())
    }

    /// How things are.
    ///
    /// # Errors
    /// [`Refused::Unknown`], or what the database says.
    pub async fn status(&self, user: UserId) -> anyhow::Result<Status> {
        let now = self.clock.now();
        let enabled =
            self.accounts.by_id(user).await.context("reading a streamer")?.ok_or(Refused::Unknown)?.enabled;
        let link = self.any_link_of(user).await?;
        let stream = store::open_stream(&self.db, user).await.context("reading the open stream")?;
        let crashes = store::crashes_since(&self.db, self.since).await.context("reading crashes")?;
        let rest = |link: &SpotifyLink| self.budgets.allowance(&link.client_id).rests_until;
        let facts = Facts {
            enabled,
            link: link.as_ref().map(|link| link.status),
            by_hand: self.governing(user, stream.clone(), now).await?,
            seen: self.board.of(user),
            crash: stream.as_ref().and_then(|stream| crashes.get(&stream.id)).cloned(),
            rests_until: link.as_ref().and_then(rest),
            has_room: self.writer.has_room(),
            stream,
        };
        Ok(facts.status(now))
    }

    /// Looks once through a streamer's link and says what is seen, or what is in the way. The list does not change; who
    /// stands still because Spotify forbade to look goes on at once when it does not any more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn test_link(&self, user: UserId) -> anyhow::Result<Trial> {
        self.trials.test(user).await
    }

    /// What the last test of a streamer's link has found, since the program was started.
    #[must_use]
    pub fn last_test(&self, user: UserId) -> Option<Trial> {
        self.trials.last(user)
    }

    /// How the budget of a client id is doing.
    #[must_use]
    pub fn purse(&self, client_id: &str) -> Purse {
        self.budgets.purse(client_id)
    }

    /// What is to be ignored, the oldest rule first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn ignored(&self, user: UserId) -> anyhow::Result<Vec<IgnoreRule>> {
        store::ignore_rules_of(&self.db, user).await.context("reading what is ignored")
    }

    /// Ignores a playlist (its link or URI), a device or an artist (the whole name) from now on, and gives the rule. One
    /// that is there already is given.
    ///
    /// # Errors
    /// [`ignore::BadRule`] says what is wrong with the text; [`Refused`]; what the database says.
    pub async fn ignore(&self, user: UserId, kind: Kind, text: &str) -> anyhow::Result<IgnoreRule> {
        let value = ignore::read(kind, text)?;
        let rules = self.ignored(user).await?;
        if let Some(known) = rules.iter().find(|rule| rule.is_about(kind, &value)) {
            return Ok(known.clone());
        }
        anyhow::ensure!(rules.len() < MOST_RULES, Refused::TooManyRules);
        let now = self.clock.now();
        let rule = IgnoreRule { id: RuleId::random(now), kind, value };
        let rule = store::put_ignore_rule(&self.db, user, &rule, now).await.context("keeping a rule")?;
        self.wake();
        Ok(rule)
    }

    /// Ignores no longer what this rule names; false when the streamer has no such rule.
    ///
    /// # Errors
    /// What the database says.
    pub async fn heed(&self, user: UserId, rule: RuleId) -> anyhow::Result<bool> {
        let dropped = store::drop_ignore_rule(&self.db, user, rule).await.context("removing a rule")?;
        self.wake();
        Ok(dropped)
    }

    /// Has the registry look again, and ask Twitch who is live, because a setting was changed.
    pub fn wake(&self) {
        self.registry.tell(registry::Message::Ask);
    }

    async fn decide(
        &self,
        user: UserId,
        action: Action,
        stream: Option<Stream>,
        ends_at: Option<Instant>,
    ) -> anyhow::Result<()> {
        let stream = stream.map(|stream| stream.id);
        let one = Override { action, stream, ends_at, made_at: self.clock.now() };
        store::put_override(&self.db, user, &one).await.context("keeping what was decided")?;
        store::lift_overrides(&self.db, user, action.replaces()).await.context("lifting what was decided")?;
        self.wake();
        Ok(())
    }

    fn checked(&self, until: Option<Instant>) -> Result<Option<Instant>, Refused> {
        let now = self.clock.now();
        let is_ahead = until.is_none_or(|until| (now..=now + LONGEST).contains(&until));
        if is_ahead { Ok(until.map(whole_millis)) } else { Err(Refused::End) }
    }

    /// The link of somebody who wants to be followed.
    async fn link_of(&self, user: UserId) -> anyhow::Result<SpotifyLink> {
        let known = self.accounts.by_id(user).await.context("reading a streamer")?.ok_or(Refused::Unknown)?;
        anyhow::ensure!(known.enabled, Refused::Disabled);
        Ok(self.any_link_of(user).await?.ok_or(Refused::Unlinked)?)
    }

    async fn any_link_of(&self, user: UserId) -> anyhow::Result<Option<SpotifyLink>> {
        Ok(self.accounts.linked_among(&[user]).await.context("reading a link")?.remove(&user))
    }

    /// The stream that is on air, and whether it is so on Twitch.
    async fn on_air(&self, user: UserId) -> anyhow::Result<Option<(Stream, bool)>> {
        let open = store::open_stream(&self.db, user).await.context("reading the open stream")?;
        let evidence = store::evidence_of(&self.db, user).await.context("reading evidence")?;
        let is_live = evidence.as_ref().and_then(Evidence::live).is_some();
        Ok(open.filter(|stream| is_live || stream.twitch_id.is_none()).map(|stream| (stream, is_live)))
    }

    async fn governing(
        &self,
        user: UserId,
        open: Option<Stream>,
        now: Instant,
    ) -> anyhow::Result<Option<Override>> {
        let by_hand = store::overrides_of(&self.db, user).await.context("reading what is decided by hand")?;
        let last = match open {
            Some(open) => Some(open),
            None => store::last_stream(&self.db, user).await.context("reading the last stream")?,
        };
        Ok(by_hand.sift(last.as_ref(), self.stream_grace, now).0.governing().cloned())
    }
}
