//! What a test of a link has found, in a streamer's words: one title, one hint, at most one thing to do. Pure.

use super::words::{Notice, Times};
use crate::accounts::NotTaken;
use crate::clients::AppFault;
use crate::clients::spotify::{Forbidden, Limit};
use crate::i18n::{Locale, fill, messages};
use crate::live::{Diagnosis, Purse, Rest, Trial};

/// Whose app a link goes through: who can do something about it depends on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The streamer's own.
    Own,
    /// This Airlog's, which everybody here shares.
    House,
    /// One that is entered nowhere any more.
    Nobodys,
}

/// A test as the page shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// How it looks: `good` or `act`.
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) hint: String,
    /// When it was tested, and whether Spotify was asked.
    pub(super) tested: String,
    /// Where to go, and what that is called.
    pub(super) remedy: Option<(&'static str, String)>,
}

/// A test in words.
pub(super) fn verdict(trial: &Trial, whose: Whose, locale: Locale, times: Times) -> Verdict {
    let m = &messages(locale).spotify_app;
    let (title, hint) = words(&trial.diagnosis, whose, locale, times);
    let tested = fill(&m.tested, "time", &times.say_exactly(trial.at));
    Verdict {
        tone: if trial.diagnosis.is_admitted() { "good" } else { "act" },
        title,
        hint,
        tested: if trial.asked { tested } else { format!("{tested} {}", m.not_asked) },
        remedy: remedy(&trial.diagnosis, locale),
    }
}

fn words(diagnosis: &Diagnosis, whose: Whose, locale: Locale, times: Times) -> (String, String) {
    let (m, d) = (&messages(locale).spotify_app, &messages(locale).dashboard);
    let (title, hint) = match diagnosis {
        Diagnosis::Track { name, artist, is_playing, device } => {
            let title = if *is_playing { &m.playing } else { &m.is_paused };
            return (title.clone(), track(name, artist, device.as_deref(), locale));
        }
        Diagnosis::Rests(rest) => return rests(*rest, whose, locale, times),
        Diagnosis::Spent(until) => {
            return (m.spent.clone(), fill(&m.spent_hint, "time", &times.say(*until)));
        }
        Diagnosis::Nothing => (&m.nothing, &m.nothing_hint),
        Diagnosis::Podcast => (&m.podcast, &m.podcast_hint),
        Diagnosis::Advert => (&m.advert, &m.advert_hint),
        Diagnosis::Unlinked => (&m.no_link, &m.no_link_hint),
        Diagnosis::Lost => (&d.reconnect, &d.reconnect_hint),
        Diagnosis::Forbidden(reason) => forbidden(*reason, whose, locale),
        Diagnosis::AppRefused if whose == Whose::House => (&d.app_refused, &d.app_refused_hint),
        Diagnosis::AppRefused => (&d.app_refused, &m.refused),
        Diagnosis::NoAnswer => (&m.no_answer, &m.no_answer_hint),
        Diagnosis::Unreadable => (&d.unreadable, &d.unreadable_hint),
        Diagnosis::Ours => (&m.ours, &m.ours_hint),
    };
    (title.clone(), hint.clone())
}

fn track(name: &str, artist: &str, device: Option<&str>, locale: Locale) -> String {
    let m = &messages(locale).spotify_app;
    let told = fill(&fill(&m.track, "name", name), "artist", artist);
    let device = device.map(|device| fill(&m.on_device, "device", device));
    std::iter::once(told).chain(device).collect::<Vec<_>>().join(" ")
}

fn rests(rest: Rest, whose: Whose, locale: Locale, times: Times) -> (String, String) {
    let (m, time) = (&messages(locale).spotify_app, times.say(rest.until));
    match rest.limit {
        Limit::Rate => (messages(locale).dashboard.resting.clone(), fill(&m.rate, "time", &time)),
        Limit::Quota => {
            let hint = fill(&m.quota_hint, "time", &time);
            let shared = (whose == Whose::House).then(|| format!(" {}", m.quota_house));
            (m.quota.clone(), hint + &shared.unwrap_or_default())
        }
    }
}

fn forbidden(reason: Forbidden, whose: Whose, locale: Locale) -> (&'static String, &'static String) {
    let (m, d) = (&messages(locale).spotify_app, &messages(locale).dashboard);
    let is_shared = whose == Whose::House;
    match reason {
        Forbidden::NotAllowListed if is_shared => (&d.not_listed, &m.not_listed_house),
        Forbidden::NotAllowListed => (&d.not_listed, &m.not_listed_own),
        Forbidden::OwnerLapsed if is_shared => (&d.lapsed, &d.lapsed_hint),
        Forbidden::OwnerLapsed => (&d.lapsed, &m.lapsed_own),
        Forbidden::PremiumRequired => (&d.premium, &d.premium_hint),
        Forbidden::Scope => (&d.scope, &d.scope_hint),
        Forbidden::Other => (&d.forbidden, &d.forbidden_hint),
    }
}

/// What a click can do about it.
fn remedy(diagnosis: &Diagnosis, locale: Locale) -> Option<(&'static str, String)> {
    let m = &messages(locale).dashboard;
    match diagnosis {
        Diagnosis::Unlinked => Some(("/auth/spotify", m.link.clone())),
        Diagnosis::Lost
        | Diagnosis::Forbidden(Forbidden::Scope | Forbidden::PremiumRequired | Forbidden::Other) => {
            Some(("/auth/spotify", m.link_again.clone()))
        }
        _ => None,
    }
}

/// How the budget of a link's app is doing, a sentence each.
pub(super) fn purse(purse: &Purse, locale: Locale, times: Times) -> Vec<String> {
    let m = &messages(locale).spotify_app;
    let limit = purse.limit.map(|limit| m.budget.of(locale, limit));
    let resting = purse.rest.map(|rest| match rest.limit {
        Limit::Rate => fill(&m.resting, "time", &times.say(rest.until)),
        Limit::Quota => fill(&m.resting_quota, "time", &times.say(rest.until)),
    });
    let spent = purse.spent_until.map(|until| fill(&m.all_spent, "time", &times.say(until)));
    let stands = resting.or(spent).unwrap_or_else(|| m.pace.of(locale, purse.interval.num_seconds().max(1)));
    vec![limit.unwrap_or_else(|| m.no_budget.clone()), stands]
}

/// Why an app was not taken.
pub(super) fn not_taken(why: &NotTaken, locale: Locale) -> String {
    let (m, setup) = (&messages(locale).spotify_app, &messages(locale).setup);
    match why {
        NotTaken::Malformed => m.malformed.clone(),
        NotTaken::Fault(AppFault::UnknownId) => fill(&setup.unknown_id, "company", "Spotify"),
        NotTaken::Fault(AppFault::WrongSecret) => fill(&setup.wrong_secret, "company", "Spotify"),
        _ => m.refused.clone(),
    }
}

/// What became of an app that was brought: `saved`, `unchecked` or `removed`.
pub(super) fn done(what: &str, locale: Locale) -> Option<Notice> {
    let m = &messages(locale).spotify_app;
    let text = match what {
        "saved" => &m.saved,
        "unchecked" => &m.saved_unchecked,
        "removed" => &m.removed,
        _ => return None,
    };
    Some(Notice { text: text.clone(), remedy: None })
}
