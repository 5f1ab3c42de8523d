//! Everybody who is followed over a socket: one task for each, begun and ended as people come, change and go.

use super::socket::{Kit, Sockets};
use crate::accounts::{Accounts, User};
use crate::base::id::UserId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long goodbyes may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Keeps the sockets of everybody.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    pub(super) accounts: Accounts,
    pub(super) kit: Kit,
    /// How often it is looked whether people have changed without a word.
    pub(super) people: Duration,
}

/// Somebody who is followed.
struct Member {
    stop: CancellationToken,
    task: JoinHandle<()>,
    since: Instant,
}

type Members = HashMap<UserId, Member>;

impl Crowd {
    /// Keeps them until `stop` ends.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        let mut members = Members::new();
        let mut asked = false;
        loop {
            match self.wanted().await {
                Ok(people) => self.align(&mut members, people, asked).await,
                Err(error) => tracing::warn!(%error, "who is to be subscribed is read again soon"),
            }
            tokio::select! {
                () = stop.cancelled() => return self.disperse(members).await,
                () = self.kit.watch.changed() => asked = true,
                () = sleep(self.people) => asked = false,
            }
        }
    }

    /// Who is enabled and lets us in.
    async fn wanted(&self) -> Result<Vec<User>, crate::db::DbError> {
        Ok(self.accounts.with_grant().await?.into_iter().filter(|user| user.enabled).collect())
    }

    /// Ends who is not wanted any more and begins who is missing. Who gave up is tried again when something has
    /// `changed`, and now and then.
    async fn align(&self, members: &mut Members, people: Vec<User>, changed: bool) {
        let gone: Vec<UserId> =
            members.keys().copied().filter(|id| people.iter().all(|user| user.id != *id)).collect();
        for user in gone {
            if let Some(member) = members.remove(&user) {
                member.end().await;
                self.kit.watch.forget(user);
            }
        }
        for user in people {
            match members.entry(user.id) {
                Entry::Vacant(place) => drop(place.insert(self.begin(user))),
                Entry::Occupied(mut place) => {
                    let rested = changed || place.get().since.elapsed() >= self.kit.pace.check;
                    if place.get().task.is_finished() && rested {
                        place.insert(self.begin(user));
                    }
                }
            }
        }
    }

    fn begin(&self, user: User) -> Member {
        let stop = CancellationToken::new();
        let task = tokio::spawn(Sockets::keep(self.kit.clone(), user, stop.clone()));
        Member { stop, task, since: Instant::now() }
    }

    /// Everybody leaves at once.
    async fn disperse(&self, members: Members) {
        for member in members.values() {
            member.stop.cancel();
        }
        for member in members.into_values() {
            member.end().await;
        }
        self.kit.tasks.close();
        // Whoever does not hear the goodbye finds the line dead.
        let _ = timeout(FAREWELL, self.kit.tasks.wait()).await;
    }
}

impl Member {
    async fn end(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the task of an EventSub socket failed");
        }
    }
}
