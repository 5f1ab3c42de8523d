//! Everybody who wants to be followed, a page at a time: however many there are, few of their rows are in memory at once,
//! and others find time for their work in between.

use super::store::Span;
use crate::accounts::{Accounts, SpotifyLink, User};
use crate::base::id::UserId;
use crate::db::DbError;

/// How many people a page has: five questions to Twitch, a few milliseconds of the database.
const AT_ONCE: u32 = 500;

/// A page of people.
#[derive(Debug)]
pub(super) struct Page {
    /// Who wants to be followed, and through which link; the last page may have nobody.
    pub(super) people: Vec<(User, SpotifyLink)>,
    /// Everybody from the end of one page to the end of the next, whatever they want: each is on one page.
    pub(super) span: Span,
}

/// Turns the pages.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    accounts: &'a Accounts,
    at_once: u32,
    /// After whom the next page begins; none after the last page.
    after: Option<UserId>,
}

impl<'a> Pages<'a> {
    /// From the first page on.
    pub(super) fn of(accounts: &'a Accounts) -> Self {
        Self { accounts, at_once: AT_ONCE, after: Some(UserId::FIRST) }
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn turn(&mut self) -> Result<Option<Page>, DbError> {
        let Some(after) = self.after else { return Ok(None) };
        let people = self.accounts.linked(after, self.at_once).await?;
        let is_full = people.len() >= self.at_once as usize;
        self.after = people.last().filter(|_| is_full).map(|(user, _)| user.id);
        let span = Span { after, upto: self.after.unwrap_or(UserId::LAST) };
        Ok(Some(Page { people, span }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Clock as _, SystemClock};
    use crate::base::seal::SealingKey;
    use crate::live::fixtures::{database, streamer};
    use std::sync::Arc;

    /// The logins on each page where one has two people, and whether everybody is on exactly one of them.
    async fn pages(logins: &[&str], not_followed: &[&str]) -> Vec<Vec<String>> {
        let (db, _folder) = database().await;
        let accounts = Accounts::new(db, Arc::new(SealingKey::random()));
        let now = SystemClock.now();
        let mut all = Vec::new();
        for login in logins {
            let user = accounts.add(&streamer(login), now).await.expect("a streamer");
            let enabled = !not_followed.contains(login);
            accounts.change(user.id, |user| user.enabled = enabled, now).await.expect("a change");
            all.push(user.id);
        }
        let (mut book, mut spans, mut found) = (Pages { at_once: 2, ..Pages::of(&accounts) }, vec![], vec![]);
        while let Some(page) = book.turn().await.expect("a page") {
            found.push(page.people.into_iter().map(|(user, _)| user.login).collect());
            spans.push(page.span);
        }
        for user in all {
            assert_eq!(spans.iter().filter(|span| span.has(user)).count(), 1, "{spans:?}");
        }
        found
    }

    fn sizes(pages: &[Vec<String>]) -> Vec<usize> {
        pages.iter().map(Vec::len).collect()
    }

    #[tokio::test]
    async fn everybody_is_on_one_page_and_the_last_is_not_full() {
        assert_eq!(sizes(&pages(&[], &[]).await), [0]);
        assert_eq!(sizes(&pages(&["ann"], &[]).await), [1]);
        assert_eq!(sizes(&pages(&["ann", "bob"], &[]).await), [2, 0]);
        assert_eq!(sizes(&pages(&["ann", "bob", "cid", "dee", "eve"], &[]).await), [2, 2, 1]);
    }

    #[tokio::test]
    async fn whoever_does_not_want_to_be_followed_has_a_page_too() {
        let found = pages(&["ann", "bob", "cid", "dee", "eve"], &["bob", "eve"]).await;
        let mut followed = found.concat();
        followed.sort();
        assert_eq!((sizes(&found), followed), (vec![2, 1], vec!["ann".into(), "cid".into(), "dee".into()]));
    }
}
