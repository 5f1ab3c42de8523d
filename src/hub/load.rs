//! Where the hub's days come from.

use super::choices::Choices;
use super::curtain::Curtain;
use super::day::Day;
use super::delay::Noticed;
use crate::base::id::UserId;
use std::collections::HashMap;
use std::pin::Pin;

/// An answer that is looked for.
pub type Loading<'a, T> = Pin<Box<dyn Future<Output = anyhow::Result<Option<T>>> + Send + 'a>>;

/// What many have chosen, which is looked for.
pub type Choosing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<HashMap<UserId, Choices>>> + Send + 'a>>;

/// A day as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The day as the public has it: that it was a delay ago.
    pub day: Day,
    /// What was noticed since, in order: nothing without a delay.
    pub since: Vec<Noticed>,
    /// What nobody is told: hidden plays of the day and the latest stream, and ghost mode.
    pub curtain: Curtain,
}

impl Loaded {
    /// A day of which nothing is hidden or waits.
    #[must_use]
    pub fn open(day: Day) -> Self {
        Self { day, since: Vec::new(), curtain: Curtain::default() }
    }
}

/// Where the day of a streamer comes from when nobody holds it in memory.
pub trait LoadDay: Send + Sync {
    /// Loads the local day that it is now for this streamer; none when there is no such streamer.
    fn load(&self, user: UserId) -> Loading<'_, Loaded>;

    /// What the streamer has chosen; none when there is no such streamer.
    fn choices(&self, user: UserId) -> Loading<'_, Choices>;

    /// What each of these streamers has chosen; there is nothing of those who are gone.
    fn choices_of<'a>(&'a self, users: &'a [UserId]) -> Choosing<'a> {
        Box::pin(async move {
            let mut all = HashMap::new();
            for user in users {
                all.extend(self.choices(*user).await?.map(|choices| (*user, choices)));
            }
            Ok(all)
        })
    }
}
