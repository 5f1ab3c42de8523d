//! A public client has no token of its own: for what any token will do, it borrows somebody's.

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use std::fmt::Debug;

/// Lends tokens of people who have let the app in.
pub trait Lender: Debug + Send + Sync {
    /// Anybody's token; none when nobody has let us in.
    fn lend(&self) -> BoxFuture<'_, Option<SecretString>>;

    /// Hears that Twitch has refused a token that was lent: it is not lent again.
    fn refused(&self, token: SecretString) -> BoxFuture<'_, ()>;
}
