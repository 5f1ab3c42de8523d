//! Asking Spotify something about a link: token, call, at most one refresh, a few tries. Every request is taken from
//! the budget of the client id.

use super::budget::Purpose;
use super::budgets::Budgets;
use crate::accounts::{Links, SpotifyLink, TokenError};
use crate::base::backoff::Backoff;
use crate::clients::spotify::{SpotifyError, Unauthorized};
use secrecy::SecretString;
use std::time::Duration;

/// How often one question is tried when Spotify is down.
pub(super) const TRIES: u32 = 3;
const RETRY: Backoff = Backoff { first: Duration::from_millis(500), most: Duration::from_secs(4) };

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    pub(super) links: Links,
    pub(super) budgets: Budgets,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The streamer has to link again.
    LinkLost,
    /// The link is not there any more: there is another one, or none.
    LinkGone,
    /// No token this time.
    NoToken(TokenError),
    /// What Spotify said.
    Spotify(SpotifyError),
}

impl Asker {
    /// Asks, with a fresh token once if the first is refused. A second refusal counts like `invalid_grant`.
    pub(super) async fn ask<T, F>(
        &self,
        link: &SpotifyLink,
        purpose: Purpose,
        question: impl Fn(SecretString) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SpotifyError>>,
    {
        let token = self.links.token_at_hand(link.id).await.map_err(no_token)?;
        match self.try_often(link, purpose, &token, &question).await {
            Err(SpotifyError::Unauthorized(Unauthorized::Token)) => {}
            answer => return answer.map_err(Failure::Spotify),
        }
        let fresh = self.links.refresh(link.id, token).await.map_err(no_token)?;
        match self.try_often(link, purpose, &fresh, &question).await {
            Err(SpotifyError::Unauthorized(Unauthorized::Token)) => Err(self.refused_twice(link).await),
            answer => answer.map_err(Failure::Spotify),
        }
    }

    /// Tries again, with growing waits, as long as Spotify is down and the budget allows.
    async fn try_often<T, F>(
        &self,
        link: &SpotifyLink,
        purpose: Purpose,
        token: &SecretString,
        question: &impl Fn(SecretString) -> F,
    ) -> Result<T, SpotifyError>
    where
        F: Future<Output = Result<T, SpotifyError>>,
    {
        let mut failures = 0;
        loop {
            self.budgets.spend(&link.client_id);
            let answer = question(token.clone()).await;
            failures += 1;
            let down = matches!(&answer, Err(SpotifyError::NoAnswer(_) | SpotifyError::Status { .. }));
            if !down
                || failures >= tries(purpose)
                || self.budgets.not_before(&link.client_id, purpose).is_some()
            {
                return answer;
            }
            tokio::time::sleep(RETRY.wait(failures, rand::random())).await;
        }
    }

    async fn refused_twice(&self, link: &SpotifyLink) -> Failure {
        if let Err(error) = self.links.mark_broken(link.id).await {
            tracing::warn!(%error, "a broken link is not marked");
        }
        Failure::LinkLost
    }
}

/// Whoever waits for a test is better off with a quick answer.
fn tries(purpose: Purpose) -> u32 {
    if purpose == Purpose::Test { 1 } else { TRIES }
}

fn no_token(error: TokenError) -> Failure {
    match error {
        TokenError::Refused => Failure::LinkLost,
        TokenError::Gone => Failure::LinkGone,
        error => Failure::NoToken(error),
    }
}
