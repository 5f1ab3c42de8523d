//! The page of a streamer's link to Spotify: plain data in, HTML out. It reads nothing and knows no clock.

use super::spotify_words::{Verdict, Whose, purse, verdict};
use super::view::{Answer, link_line};
use super::words::Times;
use crate::accounts::{BroughtApp, LinkView, User};
use crate::base::clock::Instant;
use crate::http::{Layout, Ways};
use crate::i18n::{Locale, Messages, fill, messages};
use crate::live::{Purse, Trial};
use askama::Template;

/// Where apps are made.
const SITE: &str = "<a href=\"https://developer.spotify.com/dashboard\" rel=\"noreferrer\" target=\"_blank\">developer.spotify.com/dashboard</a>";

/// What the page shows.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) locale: Locale,
    pub(super) now: Instant,
    pub(super) user: User,
    pub(super) ways: Ways,
    /// What each form repeats.
    pub(super) token: String,
    pub(super) link: Option<LinkView>,
    /// How the budget of the link's app is doing.
    pub(super) purse: Option<Purse>,
    /// The app that the streamer has brought.
    pub(super) own: Option<BroughtApp>,
    /// The client id of this Airlog's own app.
    pub(super) house: Option<String>,
    /// What is to be pasted at Spotify.
    pub(super) redirect_uri: String,
    /// The last test of this link.
    pub(super) trial: Option<Trial>,
    /// What has just been done, or could not be.
    pub(super) answer: Option<Answer>,
}

#[derive(Template)]
#[template(path = "spotify.html")]
struct PageTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    user: &'a User,
    ways: &'a Ways,
    token: &'a str,
    said: Option<&'a Answer>,
    is_linked: bool,
    /// Since when, through which app, how its budget is doing.
    about_link: Vec<String>,
    verdict: Option<Verdict>,
    own: Option<&'a BroughtApp>,
    own_line: String,
    make_hint: String,
    redirect_uri: &'a str,
}

impl Page {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let title = m.spotify_app.title.clone();
        let page = Layout::new(self.locale, &title, &title).asked(&self.ways.query);
        let own = self.own.as_ref();
        let template = PageTemplate {
            page,
            m,
            user: &self.user,
            ways: &self.ways,
            token: &self.token,
            said: self.answer.as_ref(),
            is_linked: self.link.is_some(),
            about_link: self.about_link(),
            verdict: self.verdict(),
            own,
            own_line: own.map(|own| fill(&m.spotify_app.own_there, "id", &own.client_id)).unwrap_or_default(),
            make_hint: fill(&m.spotify_app.make_hint, "site", SITE),
            redirect_uri: &self.redirect_uri,
        };
        template.render().expect("the template writes to memory only")
    }

    fn times(&self) -> Times {
        Times { locale: self.locale, timezone: self.user.timezone, now: self.now }
    }

    fn verdict(&self) -> Option<Verdict> {
        self.trial.as_ref().map(|trial| verdict(trial, self.whose(), self.locale, self.times()))
    }

    fn whose(&self) -> Whose {
        let through = self.link.as_ref().map(|link| link.client_id.as_str());
        if through.is_some() && through == self.own.as_ref().map(|own| own.client_id.as_str()) {
            Whose::Own
        } else if through.is_some() && through == self.house.as_deref() {
            Whose::House
        } else {
            Whose::Nobodys
        }
    }

    fn about_link(&self) -> Vec<String> {
        let m = &messages(self.locale).spotify_app;
        let lacking = self.link.is_none() && self.own.is_none() && self.house.is_none();
        let Some(link) = &self.link else { return lacking.then(|| m.no_app.clone()).into_iter().collect() };
        let through = match self.whose() {
            Whose::Own => &m.through_own,
            Whose::House => &m.through_house,
            Whose::Nobodys => &m.through_other,
        };
        let purse = self.purse.iter().flat_map(|known| purse(known, self.locale, self.times()));
        let lines =
            [link_line(link, &self.user, self.locale), fill(through, "id", &shortened(&link.client_id))];
        lines.into_iter().chain(self.next()).chain(purse).collect()
    }

    /// What the next link goes through, where that is another app.
    fn next(&self) -> Option<String> {
        let m = &messages(self.locale).spotify_app;
        match (self.whose(), &self.own, &self.house) {
            (Whose::House | Whose::Nobodys, Some(_), _) => Some(m.next_own.clone()),
            (Whose::Nobodys, None, Some(_)) => Some(m.next_house.clone()),
            _ => None,
        }
    }
}

/// Enough of a client id to know it again.
fn shortened(client_id: &str) -> String {
    let start: String = client_id.chars().take(8).collect();
    if start.len() < client_id.len() { format!("{start}…") } else { start }
}
