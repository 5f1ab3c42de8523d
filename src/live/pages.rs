//! Everybody who wants to be followed, a page at a time: however many there are, few of them are in memory at once, and
//! others find time for their work in between.

use super::store::Span;
use crate::accounts::{Accounts, SpotifyLink, User};
use crate::base::id::UserId;
use crate::db::DbError;

/// How many people a page has: Twitch is asked about a hundred at a time.
const AT_ONCE: u32 = 500;

/// A page of people.
#[derive(Debug)]
pub(super) struct Page {
    /// Who wants to be followed, and through which link; the last page may have nobody.
    pub(super) people: Vec<(User, SpotifyLink)>,
    /// Whose turn it is, whatever they want: each is in one page.
    pub(super) span: Span,
}

/// Turns the pages.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    accounts: &'a Accounts,
    /// After whom the next page begins.
    after: Option<UserId>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    /// From the first page on.
    pub(super) fn of(accounts: &'a Accounts) -> Self {
        Self { accounts, after: None, is_over: false }
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn turn(&mut self) -> Result<Option<Page>, DbError> {
        if self.is_over {
            return Ok(None);
        }
        let people = self.accounts.linked(self.after, AT_ONCE).await?;
        let is_full = people.len() >= AT_ONCE as usize;
        let upto = people.last().filter(|_| is_full).map(|(user, _)| user.id);
        let span = Span { after: self.after, upto };
        (self.after, self.is_over) = (upto, upto.is_none());
        Ok(Some(Page { people, span }))
    }
}
