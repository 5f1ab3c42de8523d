//! What a message says: plain data in, words out, in the language of whoever reads it. Pure.

use super::model::{Event, News, Reason};
use crate::base::clock::Instant;
use crate::hub::instant_text;
use crate::i18n::{Advice, Locale, fill, messages};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// Whom a message is for.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Twitch login.
    pub login: String,
    /// The name as they write it.
    pub name: String,
    /// Where they live.
    pub timezone: Tz,
    /// Where they can do something about it.
    pub dashboard: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub title: String,
    /// The reason and what to do.
    pub text: String,
    /// Whether somebody should look at it soon.
    pub is_urgent: bool,
    /// Where to go.
    pub dashboard: String,
    /// The same for programs.
    pub document: Value,
}

/// What is said of some news.
#[must_use]
pub fn letter(news: &News, reader: &Reader, locale: Locale) -> Letter {
    let m = &messages(locale).alerts;
    let (title, text) = match news.event {
        Event::StandsStill(reason) => (&m.stands_title, stands_still(reason, news, reader, locale)),
        Event::GoesOn(reason) => (&m.goes_title, goes_on(reason, news, reader, locale)),
        Event::Test => (&m.test_title, m.test_text.clone()),
    };
    let title = fill(title, "name", &reader.name);
    let document = document(news, reader, locale, &format!("{title}. {text}"));
    let is_urgent = matches!(news.event, Event::StandsStill(_));
    Letter { title, text, is_urgent, dashboard: reader.dashboard.clone(), document }
}

fn stands_still(reason: Reason, news: &News, reader: &Reader, locale: Locale) -> String {
    let m = &messages(locale).alerts;
    let Advice { why, todo } = advice(reason, locale);
    let text = fill(&m.stands_text, "time", &clock_time(news.since, reader));
    fill(&fill(&text, "why", why), "todo", todo)
}

fn goes_on(reason: Reason, news: &News, reader: &Reader, locale: Locale) -> String {
    let text = &messages(locale).alerts.goes_text;
    let text = fill(text, "from", &clock_time(news.since, reader));
    let text = fill(&text, "to", &clock_time(news.at, reader));
    fill(&text, "why", &advice(reason, locale).why)
}

fn document(news: &News, reader: &Reader, locale: Locale, text: &str) -> Value {
    let (kind, reason) = match news.event {
        Event::StandsStill(reason) => ("tracking_stands_still", Some(reason)),
        Event::GoesOn(reason) => ("tracking_goes_on", Some(reason)),
        Event::Test => ("test", None),
    };
    let still = matches!(news.event, Event::StandsStill(_));
    json!({
        "type": kind,
        "streamer": reader.login,
        "reason": reason,
        "what_to_do": reason.filter(|_| still).map(|reason| &advice(reason, locale).todo),
        "text": text,
        "since": instant_text(news.since),
        "at": instant_text(news.at),
        "dashboard": reader.dashboard,
    })
}

/// Why tracking stands still, and what to do about it.
pub(super) fn advice(reason: Reason, locale: Locale) -> &'static Advice {
    let m = &messages(locale).advice;
    match reason {
        Reason::ReconnectNeeded => &m.reconnect_needed,
        Reason::Unlinked => &m.unlinked,
        Reason::PremiumRequired => &m.premium_required,
        Reason::NotAllowListed => &m.not_allow_listed,
        Reason::OwnerLapsed => &m.owner_lapsed,
        Reason::ScopeMissing => &m.scope_missing,
        Reason::Forbidden => &m.forbidden,
        Reason::AppRefused => &m.app_refused,
        Reason::RateLimited => &m.rate_limited,
        Reason::SpotifyDown => &m.spotify_down,
        Reason::Failing => &m.failing,
        Reason::Database => &m.database,
    }
}

fn clock_time(at: Instant, reader: &Reader) -> String {
    at.with_timezone(&reader.timezone).format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn reader() -> Reader {
        Reader {
            login: "ann".into(),
            name: "Ann".into(),
            timezone: Tz::Europe__Paris,
            dashboard: "https://airlog.example/dashboard".into(),
        }
    }

    fn news(event: Event) -> News {
        let since = chrono::DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        News { event, since, at: since + TimeDelta::minutes(3) }
    }

    #[test]
    fn a_message_says_why_and_what_to_do_in_the_readers_language_and_time() {
        let still = news(Event::StandsStill(Reason::ReconnectNeeded));
        let told = letter(&still, &reader(), Locale::En);
        assert_eq!(told.title, "Tracking stands still: Ann");
        assert_eq!(
            told.text,
            "Since 21:00: Spotify no longer accepts the link. What to do: link Spotify again on the dashboard; \
             nothing is lost, and tracking goes on at once."
        );
        assert!(told.is_urgent);
        let told = letter(&still, &reader(), Locale::Fr);
        assert!(told.title.starts_with("Le suivi est à l’arrêt"), "{}", told.title);
        let told = letter(&news(Event::GoesOn(Reason::SpotifyDown)), &reader(), Locale::En);
        assert_eq!(told.text, "It stood still from 21:00 to 21:03: Spotify does not answer.");
        assert!(!told.is_urgent);
    }

    #[test]
    fn programs_get_words_that_never_change() {
        let told = letter(&news(Event::StandsStill(Reason::Database)), &reader(), Locale::Fr).document;
        assert_eq!(told["type"], "tracking_stands_still");
        assert_eq!((&told["streamer"], &told["reason"]), (&json!("ann"), &json!("database")));
        assert_eq!(told["since"], "2026-11-20T20:00:00.000Z");
        assert!(told["what_to_do"].is_string() && told["text"].is_string());
        assert_eq!(told["dashboard"], "https://airlog.example/dashboard");
        let over = letter(&news(Event::GoesOn(Reason::Database)), &reader(), Locale::En).document;
        assert_eq!((&over["type"], &over["what_to_do"]), (&json!("tracking_goes_on"), &Value::Null));
    }

    #[test]
    fn each_reason_has_words_of_its_own_in_each_language() {
        for locale in Locale::ALL {
            let words = Reason::ALL.map(|reason| advice(reason, locale));
            let whys: std::collections::BTreeSet<&str> =
                words.iter().map(|words| words.why.as_str()).collect();
            assert_eq!(whys.len(), Reason::ALL.len());
        }
    }
}
