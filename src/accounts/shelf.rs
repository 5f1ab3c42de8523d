//! What a place for token pairs has to offer, and why there may be no token.

use super::store::SealedTokens;
use crate::base::clock::Instant;
use crate::base::seal::SealError;
use crate::clients::oauth::{Granted, OAuthError};
use crate::db::DbError;
use secrecy::SecretString;
use std::fmt::{Debug, Display};
use std::hash::Hash;

/// Where pairs of one kind stand, and who renews them.
pub trait Shelf: Debug + Send + Sync + 'static {
    /// What a pair belongs to.
    type Id: Copy + Eq + Hash + Display + Debug + Send + Sync;

    /// Whose tokens these are, for the log.
    const OF: &'static str;

    /// Names the row and column that a sealed token belongs to.
    fn row(id: Self::Id, column: &str) -> String;

    /// The pair as it stands in the database; none when there is none (any more).
    fn read(&self, id: Self::Id) -> impl Future<Output = Result<Option<SealedTokens>, DbError>> + Send;

    /// Puts a pair in place of the one that is there.
    fn write(
        &self,
        id: Self::Id,
        sealed: &SealedTokens,
        now: Instant,
    ) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Notes that a pair is accepted no more.
    fn lose(&self, id: Self::Id, now: Instant) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Trades the refresh token for new tokens.
    fn renew(
        &self,
        id: Self::Id,
        client_id: &str,
        refresh_token: &SecretString,
    ) -> impl Future<Output = Result<Granted, OAuthError>> + Send;
}

/// Why there is no usable token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The person has to let us in again.
    #[error("the tokens are accepted no more; they must be granted again")]
    Refused,
    /// There are no tokens (any more).
    #[error("there are no tokens")]
    Gone,
    /// The sealed tokens do not open.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The database did not answer.
    #[error("the database did not give the tokens: {0}")]
    Database(#[from] DbError),
    /// No renewal begins any more: see [`Pairs::settled`].
    #[error("the program is stopping")]
    Stopping,
    /// The token service gave nothing this time.
    #[error(transparent)]
    Service(OAuthError),
}
