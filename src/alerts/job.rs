//! The job that watches: it looks at how things are for everybody who wants to be told, and has told what the rules say.

use super::letter::Reader;
use super::model::{News, Reason, Target, Trouble};
use super::outbox::Outbox;
use super::rules::{Effect, Reading, State, Terms, read, step};
use super::store;
use crate::accounts::{Accounts, User};
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::seal::SealingKey;
use crate::db::Db;
use crate::live::Controls;
use anyhow::Context as _;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Things are looked at at least so often, and never more often than the second.
const GLANCES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_millis(100));

/// Watches.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) db: Db,
    pub(super) key: Arc<SealingKey>,
    pub(super) accounts: Accounts,
    pub(super) controls: Controls,
    pub(super) clock: SharedClock,
    pub(super) outbox: Outbox,
    pub(super) dashboard: String,
    pub(super) poll_interval: Duration,
    pub(super) stop: CancellationToken,
}

/// What is known of one streamer.
#[derive(Debug, Default)]
struct Known {
    state: State,
    reader: Option<Reader>,
    targets: Vec<Target>,
    /// Whether they were on air when that could last be read.
    is_on_air: bool,
    /// What could not be stored yet.
    unsaved: BTreeMap<Reason, Trouble>,
}

impl Job {
    /// Watches until it is stopped.
    pub(super) async fn run(self: Arc<Self>) {
        let (most, least) = GLANCES;
        let glance = (self.poll_interval / 4).clamp(least, most);
        let mut known = HashMap::new();
        while !self.stop.is_cancelled() {
            self.round(&mut known).await;
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(glance) => {}
            }
        }
    }

    async fn round(&self, known: &mut HashMap<UserId, Known>) {
        match store::people(&self.db).await {
            Ok(people) => {
                known.retain(|user, _| people.contains(user));
                for user in people {
                    known.entry(user).or_default();
                }
            }
            // Whoever was known is told all the same.
            Err(error) => tracing::debug!(%error, "who wants to be told of troubles is not known"),
        }
        for (user, known) in known {
            if let Err(error) = self.look(*user, known).await {
                tracing::debug!(%user, error = format!("{error:#}"), "how things are is not known");
            }
        }
    }

    async fn look(&self, user: UserId, known: &mut Known) -> anyhow::Result<()> {
        if let Err(error) = self.refresh(user, known).await
            && known.reader.is_none()
        {
            return Err(error);
        }
        let (now, terms) = (self.clock.now(), Terms::of(self.poll_interval));
        let reading = match self.controls.status(user).await {
            Ok(status) => {
                known.is_on_air = status.stream.is_some();
                read(&status, now, &terms)
            }
            Err(error) if known.is_on_air => {
                tracing::debug!(error = format!("{error:#}"), "the database does not say how things are");
                Reading::Still(Reason::Database, terms.storing)
            }
            Err(error) => return Err(error),
        };
        for effect in step(&mut known.state, reading, now, &terms) {
            match effect {
                Effect::Keep(trouble) => drop(known.unsaved.insert(trouble.reason, trouble)),
                Effect::Tell(news) => self.tell(user, known, news).await,
            }
        }
        self.save(user, known).await
    }

    /// Reads who is told, and where; of somebody new also what was known before.
    async fn refresh(&self, user: UserId, known: &mut Known) -> anyhow::Result<()> {
        let person =
            self.accounts.by_id(user).await.context("reading a streamer")?.context("they are gone")?;
        known.targets = store::targets(&self.db, &self.key, user).await.context("reading whom to tell")?;
        let reader = self.reader(&person);
        if known.reader.replace(reader.clone()).is_none() {
            let troubles = store::troubles(&self.db, user).await.context("reading troubles")?;
            known.state = State::of(troubles);
            for target in &known.targets {
                if let Some(news) = target.pending {
                    self.outbox.send(target.clone(), reader.clone(), news).await;
                }
            }
        }
        Ok(())
    }

    async fn tell(&self, user: UserId, known: &Known, news: News) {
        let Some(reader) = &known.reader else { return };
        tracing::info!(%user, streamer = %reader.login, event = ?news.event, "a streamer is told");
        for target in &known.targets {
            self.outbox.send(target.clone(), reader.clone(), news).await;
        }
    }

    async fn save(&self, user: UserId, known: &mut Known) -> anyhow::Result<()> {
        while let Some((reason, trouble)) = known.unsaved.pop_first() {
            if let Err(error) = store::keep(&self.db, user, &trouble).await {
                known.unsaved.insert(reason, trouble);
                return Err(error).context("keeping what was told");
            }
        }
        Ok(())
    }

    pub(super) fn reader(&self, user: &User) -> Reader {
        Reader {
            login: user.login.clone(),
            name: user.name.clone(),
            timezone: user.timezone,
            dashboard: self.dashboard.clone(),
        }
    }
}
