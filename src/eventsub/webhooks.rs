//! Webhook subscriptions, kept as they are to be: looked at when the program starts, hourly, when people change, and when
//! Twitch has ended one.

use super::pace::Pace;
use super::rules::repair::{Change, Found, find, ours, repair};
use super::types;
use super::watch::{Standing, Trouble, Watch};
use crate::accounts::Accounts;
use crate::base::id::UserId;
use crate::clients::twitch::{Helix, Topic, TwitchError};
use crate::db::DbError;
use secrecy::SecretString;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use tokio::time::sleep;

/// What it takes to keep them.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Who streams here.
    pub accounts: Accounts,
    /// Twitch, which knows our app.
    pub helix: Helix,
    /// Where Twitch delivers: the public URL of `/webhooks/twitch`. Subscriptions that lead elsewhere are left alone.
    pub callback: String,
    /// What deliveries are signed with: 10 to 100 ASCII characters.
    pub secret: SecretString,
    /// Where it is shown how they stand.
    pub watch: Watch,
    /// When to look.
    pub pace: Pace,
    /// How often it is looked whether people have changed without a word.
    pub people: Duration,
}

/// A subscription that is to be there, and for whom; none for the app's own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    user: Option<UserId>,
    topic: Topic,
}

/// What the last pass has left.
#[derive(Debug, Default)]
struct Round {
    wanted: Vec<Wanted>,
    /// Passes in a row that have not found everything as it is to be.
    failures: u32,
}

impl Webhooks {
    /// Keeps them until it is dropped.
    pub(super) async fn run(&self) {
        let mut round = Round::default();
        loop {
            match self.pass(&mut round).await {
                Ok(true) => round.failures = 0,
                Ok(false) => round.failures = round.failures.saturating_add(1),
                Err(error) => {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "EventSub subscriptions are looked at again"
                    );
                    round.failures = round.failures.saturating_add(1);
                }
            }
            self.rest(&mut round).await;
        }
    }

    /// Makes of what there is what is to be; whether nothing is left to be done.
    async fn pass(&self, round: &mut Round) -> anyhow::Result<bool> {
        round.wanted = self.wanted().await?;
        let existing = match self.helix.subscriptions().await {
            Ok(listed) => ours(listed, &self.callback),
            Err(error) => {
                self.show_unseen(&round.wanted, trouble_of(&error));
                return Err(error.into());
            }
        };
        let topics: Vec<Topic> = round.wanted.iter().map(|wanted| wanted.topic.clone()).collect();
        let changes = repair(&topics, &existing);
        let refused = self.perform(&changes).await;
        let found = round.wanted.iter().zip(find(&topics, &existing));
        let standings: Vec<(Option<UserId>, Standing)> =
            found.map(|(wanted, found)| (wanted.user, standing(wanted, &found, &refused))).collect();
        self.watch.show_all(worst(&standings));
        Ok(changes.is_empty() && standings.iter().all(|(_, standing)| *standing == Standing::Subscribed))
    }

    /// Does what is to be done, as far as Twitch lets us; what it refuses, and why.
    async fn perform(&self, changes: &[Change]) -> Vec<(Topic, Trouble)> {
        let mut refused = Vec::new();
        for change in changes {
            let result = match change {
                Change::Remove(id) => self.helix.unsubscribe(id).await,
                Change::Create(topic) => self.create(topic).await,
            };
            let Err(error) = result else { continue };
            tracing::warn!(%error, ?change, "Twitch does not change a subscription; it is tried again");
            if let Change::Create(topic) = change {
                refused.push((topic.clone(), trouble_of(&error)));
            }
            if is_about_everything(&error) {
                break;
            }
        }
        refused
    }

    async fn create(&self, topic: &Topic) -> Result<(), TwitchError> {
        match self.helix.subscribe(topic, &self.callback, &self.secret).await {
            Err(TwitchError::Conflict) => Ok(()),
            result => result,
        }
    }

    async fn wanted(&self) -> Result<Vec<Wanted>, DbError> {
        let client_id = self.helix.client_id().unwrap_or_default();
        let app = types::about_app(&client_id).into_iter().map(|topic| Wanted { user: None, topic });
        let people = self.accounts.all().await?;
        let theirs = people.iter().filter(|user| user.enabled).flat_map(|user| {
            let topics = types::by_webhook(&user.twitch_id).into_iter();
            topics.map(|topic| Wanted { user: Some(user.id), topic })
        });
        Ok(app.chain(theirs).collect())
    }

    /// Waits until there is something to look at.
    async fn rest(&self, round: &mut Round) {
        let failing = round.failures > 0;
        let wait =
            if failing { self.pace.retry.wait(round.failures, rand::random()) } else { self.pace.check };
        let mut due = pin!(sleep(wait));
        loop {
            tokio::select! {
                () = &mut due => return,
                () = self.watch.revoked() => {
                    // Twitch that ends them again and again is not answered as often.
                    round.failures = round.failures.saturating_add(1);
                    return sleep(self.pace.retry.wait(round.failures, rand::random())).await;
                }
                () = self.watch.changed() => if failing || self.is_news(round).await { return },
                () = sleep(self.people) => if self.is_news(round).await { return },
            }
        }
    }

    /// Whether other subscriptions are wanted than when it was last looked.
    async fn is_news(&self, round: &Round) -> bool {
        self.wanted().await.is_ok_and(|wanted| wanted != round.wanted)
    }

    /// What cannot be seen may work all the same: what is known of somebody stays.
    fn show_unseen(&self, wanted: &[Wanted], trouble: Trouble) {
        for user in wanted.iter().filter_map(|wanted| wanted.user) {
            if self.watch.of(user).is_none_or(|standing| standing == Standing::Connecting) {
                self.watch.show(user, Standing::Trouble(trouble));
            }
        }
    }
}

fn standing(wanted: &Wanted, found: &Found, refused: &[(Topic, Trouble)]) -> Standing {
    if let Some((_, trouble)) = refused.iter().find(|(topic, _)| *topic == wanted.topic) {
        return Standing::Trouble(*trouble);
    }
    match found {
        Found::Enabled => Standing::Subscribed,
        Found::Pending | Found::Missing => Standing::Connecting,
        Found::Failed(status) => Standing::Trouble(match status.as_str() {
            "webhook_callback_verification_failed" => Trouble::NotVerified,
            "notification_failures_exceeded" => Trouble::NotDelivered,
            _ => Trouble::Revoked,
        }),
    }
}

/// Somebody stands where the worst of their subscriptions stands.
fn worst(standings: &[(Option<UserId>, Standing)]) -> HashMap<UserId, Standing> {
    let mut worst = HashMap::new();
    for (user, standing) in standings {
        if let Some(user) = user {
            let shown = worst.entry(*user).or_insert(*standing);
            *shown = (*shown).max(*standing);
        }
    }
    worst
}

/// What an answer of Twitch means for whom it was about.
pub(super) fn trouble_of(error: &TwitchError) -> Trouble {
    match error {
        TwitchError::Status { status: 429, .. } => Trouble::TooMany,
        TwitchError::Status { status: 500.., .. } | TwitchError::NoAnswer(_) => Trouble::TwitchDown,
        TwitchError::NoApp
        | TwitchError::NoGrant
        | TwitchError::Unauthorized
        | TwitchError::Conflict
        | TwitchError::Status { .. } => Trouble::Refused,
    }
}

/// Whether the next call would meet the same.
fn is_about_everything(error: &TwitchError) -> bool {
    matches!(error, TwitchError::Unauthorized) || !matches!(trouble_of(error), Trouble::Refused)
}
