//! What a streamer may choose, and what is no choice. Pure.

use crate::accounts::{AfterLeaving, User, Visibility};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

/// The longest delay, in seconds: an hour.
const LONGEST_DELAY: i64 = 3_600;
/// The most days that a list is kept, unless it is kept for ever.
const MOST_DAYS: i64 = 365;

/// A change of some settings; what is not there stays as it is. The keys and their shapes are a promise to other
/// programs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Whether the streamer wants to be followed.
    enabled: Option<bool>,
    /// `private` or `public`.
    visibility: Option<String>,
    /// 1 to 365, or null to keep the list for ever.
    #[serde(default, deserialize_with = "present")]
    retention_days: Option<Days>,
    /// An IANA name, such as `Europe/Paris`.
    timezone: Option<String>,
    /// 0 to 3600.
    delay_seconds: Option<i64>,
    /// `keep` or `delete`.
    after_leaving: Option<String>,
}

/// How long a list is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    Some(i64),
    ForEver,
}

/// A setting that has no such value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is {allowed}, not {value}")]
pub struct BadSetting {
    /// Which.
    pub key: &'static str,
    /// What it may be.
    pub allowed: &'static str,
    /// What it was to be.
    pub value: String,
}

/// A change that can be made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    enabled: Option<bool>,
    visibility: Option<Visibility>,
    retention_days: Option<Days>,
    timezone: Option<Tz>,
    delay_seconds: Option<i64>,
    after_leaving: Option<AfterLeaving>,
}

impl Change {
    /// One setting by its name and what a form says about it: a switch is on when anything is said.
    #[must_use]
    pub fn of(key: &str, value: &str) -> Option<Self> {
        let (text, number) = (Some(value.to_owned()), value.trim().parse().ok());
        let none = Self::default();
        Some(match key {
            "enabled" => Self { enabled: Some(value == "on"), ..none },
            "visibility" => Self { visibility: text, ..none },
            "retention_days" if value == "for-ever" => Self { retention_days: Some(Days::ForEver), ..none },
            "retention_days" => Self { retention_days: Some(Days::Some(number.unwrap_or_default())), ..none },
            "timezone" => Self { timezone: text, ..none },
            "delay_seconds" => Self { delay_seconds: Some(number.unwrap_or(-1)), ..none },
            "after_leaving" => Self { after_leaving: text, ..none },
            _ => return None,
        })
    }

    /// The change, if everything in it is a choice that there is.
    ///
    /// # Errors
    /// The first that is none.
    pub fn check(self) -> Result<Checked, BadSetting> {
        Ok(Checked {
            enabled: self.enabled,
            visibility: word("visibility", "\"private\" or \"public\"", self.visibility)?,
            retention_days: days(self.retention_days)?,
            timezone: word("timezone", "an IANA time zone such as \"Europe/Paris\"", self.timezone)?,
            delay_seconds: delay(self.delay_seconds)?,
            after_leaving: word("after_leaving", "\"keep\" or \"delete\"", self.after_leaving)?,
        })
    }
}

impl Checked {
    /// Changes what a streamer chose.
    pub fn apply(self, user: &mut User) {
        user.enabled = self.enabled.unwrap_or(user.enabled);
        user.visibility = self.visibility.unwrap_or(user.visibility);
        match self.retention_days {
            Some(Days::Some(days)) => user.retention_days = Some(days),
            Some(Days::ForEver) => user.retention_days = None,
            None => {}
        }
        user.timezone = self.timezone.unwrap_or(user.timezone);
        user.delay_seconds = self.delay_seconds.unwrap_or(user.delay_seconds);
        user.after_leaving = self.after_leaving.unwrap_or(user.after_leaving);
    }
}

/// What has been changed, a line for each setting: its key, what it was and what it is.
#[must_use]
pub fn differences(before: &User, after: &User) -> Vec<String> {
    let lines = values(before).into_iter().zip(values(after));
    let changed = lines.filter(|(before, after)| before != after);
    changed.map(|((key, before), (_, after))| format!("{key}: {before} → {after}")).collect()
}

/// Each setting as programs have it.
fn values(user: &User) -> [(&'static str, String); 6] {
    let days = user.retention_days.map_or_else(|| "null".to_owned(), |days| days.to_string());
    [
        ("enabled", user.enabled.to_string()),
        ("visibility", user.visibility.to_string()),
        ("retention_days", days),
        ("timezone", user.timezone.name().to_owned()),
        ("delay_seconds", user.delay_seconds.to_string()),
        ("after_leaving", user.after_leaving.to_string()),
    ]
}

fn word<T: std::str::FromStr>(
    key: &'static str,
    allowed: &'static str,
    text: Option<String>,
) -> Result<Option<T>, BadSetting> {
    let read =
        |text: String| text.parse().map_err(|_| BadSetting { key, allowed, value: format!("{text:?}") });
    text.map(read).transpose()
}

fn days(asked: Option<Days>) -> Result<Option<Days>, BadSetting> {
    let allowed = "a number of days from 1 to 365, or null to keep the list for ever";
    match asked {
        Some(Days::Some(days)) if !(1..=MOST_DAYS).contains(&days) => {
            Err(BadSetting { key: "retention_days", allowed, value: days.to_string() })
        }
        asked => Ok(asked),
    }
}

fn delay(asked: Option<i64>) -> Result<Option<i64>, BadSetting> {
    let allowed = "a number of seconds from 0 to 3600";
    match asked {
        Some(seconds) if !(0..=LONGEST_DELAY).contains(&seconds) => {
            Err(BadSetting { key: "delay_seconds", allowed, value: seconds.to_string() })
        }
        asked => Ok(asked),
    }
}

/// Tells a key that is null from one that is not there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Days>, D::Error> {
    let days = Option::deserialize(deserializer)?;
    Ok(Some(days.map_or(Days::ForEver, Days::Some)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::UserId;
    use chrono::DateTime;

    fn ann() -> User {
        User {
            id: UserId::random(DateTime::UNIX_EPOCH),
            twitch_id: "1001".into(),
            login: "ann".into(),
            name: "Ann".into(),
            enabled: false,
            visibility: Visibility::Public,
            retention_days: Some(7),
            timezone: Tz::UTC,
            delay_seconds: 0,
            after_leaving: AfterLeaving::Keep,
        }
    }

    fn changed(json: &str) -> Result<User, String> {
        let change: Change = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut user = ann();
        change.check().map_err(|error| error.to_string())?.apply(&mut user);
        Ok(User { id: ann().id, ..user })
    }

    #[test]
    fn what_is_not_there_stays_as_it_is() {
        let ann = User { id: ann().id, ..ann() };
        assert_eq!(changed("{}").map(|user| user.login), Ok(ann.login.clone()));
        let user = changed(r#"{"enabled":true,"delay_seconds":30}"#).expect("a change");
        assert_eq!((user.enabled, user.delay_seconds, user.retention_days), (true, 30, Some(7)));
        let user = changed(r#"{"retention_days":null,"visibility":"private"}"#).expect("a change");
        assert_eq!((user.retention_days, user.visibility), (None, Visibility::Private));
        let user = changed(r#"{"timezone":"Asia/Tokyo","after_leaving":"delete"}"#).expect("a change");
        assert_eq!((user.timezone, user.after_leaving), (Tz::Asia__Tokyo, AfterLeaving::Delete));
    }

    #[test]
    fn what_is_no_choice_is_refused_with_its_name_and_what_there_is() {
        for (json, told) in [
            (r#"{"retention_days":0}"#, "`retention_days` is a number of days from 1 to 365"),
            (r#"{"retention_days":366}"#, "not 366"),
            (r#"{"delay_seconds":-1}"#, "`delay_seconds` is a number of seconds from 0 to 3600, not -1"),
            (r#"{"delay_seconds":3601}"#, "3601"),
            (r#"{"visibility":"secret"}"#, "`visibility` is \"private\" or \"public\", not \"secret\""),
            (r#"{"timezone":"Mars/Olympus"}"#, "Mars/Olympus"),
            (r#"{"after_leaving":"sell"}"#, "`after_leaving`"),
            (r#"{"login":"bob"}"#, "unknown field `login`"),
            (r#"{"enabled":"yes"}"#, "boolean"),
        ] {
            let error = changed(json).expect_err(json);
            assert!(error.contains(told), "{json}: {error}");
        }
    }

    #[test]
    fn what_was_changed_is_told_with_what_it_was() {
        let before = ann();
        let after = User { delay_seconds: 12, retention_days: None, ..before.clone() };
        assert_eq!(differences(&before, &after), ["retention_days: 7 → null", "delay_seconds: 0 → 12"]);
        assert!(differences(&before, &before).is_empty());
    }

    #[test]
    fn a_form_says_the_same_in_words() {
        let said = |key, value| Change::of(key, value).map(Change::check);
        let checked = Checked::default();
        assert_eq!(said("enabled", "on"), Some(Ok(Checked { enabled: Some(true), ..checked })));
        assert_eq!(said("enabled", ""), Some(Ok(Checked { enabled: Some(false), ..checked })));
        let for_ever = Checked { retention_days: Some(Days::ForEver), ..checked };
        assert_eq!(said("retention_days", "for-ever"), Some(Ok(for_ever)));
        assert_eq!(said("delay_seconds", " 12 "), Some(Ok(Checked { delay_seconds: Some(12), ..checked })));
        for (key, value) in [("retention_days", "many"), ("delay_seconds", ""), ("timezone", "")] {
            assert!(said(key, value).is_some_and(|said| said.is_err()), "{key} {value}");
        }
        assert_eq!(said("login", "bob"), None);
    }
}
