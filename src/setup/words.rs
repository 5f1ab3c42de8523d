//! The setup's words: what is wrong with an app, and the steps to a new one.

use super::model::{Company, Refusal};
use crate::i18n::{Locale, fill, messages};

/// Where an app of a company's is made.
pub(super) fn console(company: Company) -> (&'static str, &'static str) {
    match company {
        Company::Twitch => ("https://dev.twitch.tv/console", "dev.twitch.tv/console"),
        Company::Spotify => ("https://developer.spotify.com/dashboard", "developer.spotify.com/dashboard"),
    }
}

/// The steps to a new app.
pub(super) struct Steps {
    /// To the console.
    pub(super) open: &'static str,
    /// Before the address.
    pub(super) before: Vec<&'static str>,
    /// Where the address is to be pasted.
    pub(super) address: &'static str,
    /// After it.
    pub(super) after: Vec<&'static str>,
}

/// The steps at a company.
pub(super) fn steps(company: Company, locale: Locale) -> Steps {
    let m = &messages(locale).setup;
    match company {
        Company::Twitch => Steps {
            open: &m.twitch_open,
            before: vec![&m.twitch_register],
            address: &m.twitch_address,
            after: vec![&m.twitch_kind, &m.twitch_copy],
        },
        Company::Spotify => Steps {
            open: &m.spotify_open,
            before: Vec::new(),
            address: &m.spotify_address,
            after: vec![&m.spotify_api, &m.spotify_users, &m.spotify_copy],
        },
    }
}

/// Why an app is not used, and what to do about it.
pub(super) fn refusal(company: Company, refusal: &Refusal, locale: Locale) -> String {
    let m = &messages(locale).setup;
    let text = match refusal {
        Refusal::NoId => m.no_id.clone(),
        Refusal::OddId if company == Company::Spotify => m.odd_spotify_id.clone(),
        Refusal::OddId => m.odd_id.clone(),
        Refusal::OddSecret => m.odd_secret.clone(),
        Refusal::UnknownId => m.unknown_id.clone(),
        Refusal::WrongSecret => m.wrong_secret.clone(),
        Refusal::NeedsSecret => m.needs_secret.clone(),
        Refusal::Refused(said) => fill(&m.refused, "said", said),
        Refusal::NoAnswer(said) => fill(&m.no_answer, "said", said),
    };
    fill(&text, "company", company.name())
}
