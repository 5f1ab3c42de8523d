//! What the team's page says: what was done and by whom, and why something was not done. Pure.

use crate::accounts::{KeyError, NamingError};
use crate::audit::{By, Deed, Entry};
use crate::i18n::{Locale, fill, messages};

/// A line of the log in words: who, and what.
pub(super) fn line(entry: &Entry, locale: Locale) -> (String, String) {
    let m = &messages(locale).team;
    let who = match &entry.by {
        By::Streamer => m.you.clone(),
        By::Moderator { login, .. } => login.clone(),
        By::Key { name, .. } => fill(&m.by_key, "name", name),
    };
    let deed = m.deeds.get(entry.deed.word()).map_or(entry.deed.word(), String::as_str);
    let about = about(entry, locale);
    (who, if about.is_empty() { deed.to_owned() } else { together(deed, &about, locale) })
}

/// What, and to what: with a colon, before which some languages want a space.
fn together(what: &str, about: &str, locale: Locale) -> String {
    messages(locale).layout.told(what, about)
}

/// What it was done to, with our own words for our own things.
fn about(entry: &Entry, locale: Locale) -> String {
    let (first, rest) = entry.about.split_once(": ").unwrap_or((&entry.about, ""));
    match entry.deed {
        Deed::SettingChanged => {
            let (before, after) = rest.split_once(" → ").unwrap_or(("", rest));
            let change = format!("{} → {}", value(before, locale), value(after, locale));
            together(setting(first, locale), &change, locale)
        }
        Deed::IgnoreAdded | Deed::IgnoreRemoved => rest.to_owned(),
        Deed::Tracked => tracked(&entry.about, locale),
        _ => entry.about.clone(),
    }
}

fn setting(key: &str, locale: Locale) -> &str {
    let m = &messages(locale).dashboard;
    match key {
        "enabled" => &m.enabled,
        "visibility" => &m.visibility,
        "retention_days" => &m.retention,
        "timezone" => &m.timezone,
        "delay_seconds" => &m.delay,
        "after_leaving" => &m.leaving,
        other => other,
    }
}

/// What a setting can be, as the settings themselves call it.
fn value(text: &str, locale: Locale) -> &str {
    let (m, team) = (&messages(locale).dashboard, &messages(locale).team);
    match text {
        "true" => &team.yes,
        "false" => &team.no,
        "null" => &m.for_ever,
        "public" => &m.public,
        "private" => &m.private,
        "keep" => &m.leaving_keep,
        "delete" => &m.leaving_delete,
        other => other,
    }
}

/// `start`, `pause 30`: what was decided, for so many minutes.
fn tracked(about: &str, locale: Locale) -> String {
    let (m, counts) = (&messages(locale).team, &messages(locale).counts);
    let (action, minutes) = about.split_once(' ').map_or((about, None), |(one, two)| (one, Some(two)));
    let action = match action {
        "start" => &m.started,
        "stop" => &m.stopped,
        "pause" => &m.paused,
        _ => &m.automatic,
    };
    let minutes: Option<usize> = minutes.and_then(|minutes| minutes.parse().ok());
    minutes
        .map_or_else(|| action.clone(), |minutes| format!("{action}, {}", counts.minutes.of(locale, minutes)))
}

/// Why somebody does not help from now on.
pub(super) fn refused_name(refused: &NamingError, locale: Locale) -> String {
    let m = &messages(locale).team;
    let text = match refused {
        NamingError::NoLogin => &m.no_login,
        NamingError::Oneself => &m.oneself,
        NamingError::Nobody => &m.nobody,
        NamingError::TooMany => &m.too_many_moderators,
        NamingError::Database(_) => &messages(locale).error.unavailable_hint,
    };
    text.clone()
}

/// Why there is no new key.
pub(super) fn refused_key(refused: &KeyError, locale: Locale) -> String {
    let m = &messages(locale).team;
    let text = match refused {
        KeyError::Name => &m.no_key_name,
        KeyError::Scopes(_) => &m.no_scopes,
        KeyError::TooMany => &m.too_many_keys,
        KeyError::Database(_) => &messages(locale).error.unavailable_hint,
    };
    text.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{AuditId, KeyId};
    use chrono::DateTime;

    fn told(by: By, deed: Deed, about: &str, locale: Locale) -> String {
        let at = DateTime::UNIX_EPOCH;
        let entry = Entry { id: AuditId::random(at), at, by, deed, about: about.into() };
        let (who, what) = line(&entry, locale);
        format!("{who} | {what}")
    }

    #[test]
    fn every_deed_has_words_in_each_language_and_there_are_no_others() {
        for locale in Locale::ALL {
            let words: Vec<&str> = messages(locale).team.deeds.keys().map(String::as_str).collect();
            let mut deeds: Vec<&str> = Deed::ALL.iter().map(|deed| deed.word()).collect();
            deeds.sort_unstable();
            assert_eq!(words, deeds, "[team.deeds] in {}.toml", locale.tag());
        }
    }

    #[test]
    fn a_line_says_who_did_what_in_plain_words() {
        let key = By::Key { id: KeyId::random(DateTime::UNIX_EPOCH), name: "deck".into() };
        let said = told(By::Streamer, Deed::SettingChanged, "delay_seconds: 0 → 12", Locale::En);
        assert_eq!(said, "You | Setting changed: Delay in seconds: 0 → 12");
        assert_eq!(
            told(key, Deed::Tracked, "pause 30", Locale::En),
            "Key “deck” | Tracking: paused, 30 minutes"
        );
        let said = told(By::Streamer, Deed::IgnoreAdded, "artist: A: B", Locale::Fr);
        assert_eq!(said, "Vous | Désormais ignoré\u{a0}: A: B");
        let said = told(By::Streamer, Deed::SettingChanged, "enabled: false → true", Locale::Fr);
        assert_eq!(said, "Vous | Réglage modifié\u{a0}: Suivre mes streams\u{a0}: non → oui");
        assert_eq!(told(By::Streamer, Deed::Linked, "", Locale::En), "You | Spotify linked");
    }
}
