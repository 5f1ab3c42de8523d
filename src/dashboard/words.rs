//! How things are, in a streamer's words: one title, one sentence, at most one thing to do. Pure.

use super::settings::BadSetting;
use crate::accounts::User;
use crate::accounts::rules::LinkAge;
use crate::base::clock::Instant;
use crate::clients::spotify::Forbidden;
use crate::eventsub::Trouble;
use crate::i18n::{Locale, fill, messages, moment};
use crate::live::{Action, BadRule, Doing, Refused, Status};
use chrono::TimeDelta;
use chrono_tz::Tz;

/// For so many hours tracking can be started by hand.
const HOURS: [u32; 6] = [1, 2, 4, 8, 12, 24];

/// A status as the page shows it.
#[derive(Debug)]
pub(super) struct Said {
    /// How it looks: `live`, `good`, `calm` or `act`.
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) air: String,
    pub(super) looked: Option<String>,
    /// Where to go, and what that is called.
    pub(super) remedy: Option<(&'static str, String)>,
    /// What can be decided now: `start`, `pause`, `stop`, `auto`.
    pub(super) deeds: Vec<&'static str>,
    pub(super) hours: Vec<(u32, String)>,
}

/// Something else that wants to be done.
#[derive(Debug)]
pub(super) struct Notice {
    pub(super) text: String,
    /// Where to go, and what that is called; none when nobody here can do anything.
    pub(super) remedy: Option<(&'static str, String)>,
}

/// The time of day where the streamer lives; with its date when that is another day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) locale: Locale,
    pub(super) timezone: Tz,
    pub(super) now: Instant,
}

impl Times {
    pub(super) fn say(self, at: Instant) -> String {
        let (there, here) = (at.with_timezone(&self.timezone), self.now.with_timezone(&self.timezone));
        if there.date_naive() == here.date_naive() {
            return there.format("%H:%M").to_string();
        }
        moment(self.locale, there.naive_local())
    }

    /// With seconds, for what has just happened.
    pub(super) fn say_exactly(self, at: Instant) -> String {
        let there = at.with_timezone(&self.timezone);
        if self.now - at < TimeDelta::hours(1) { there.format("%H:%M:%S").to_string() } else { self.say(at) }
    }
}

impl Said {
    pub(super) fn offers(&self, deed: &str) -> bool {
        self.deeds.contains(&deed)
    }
}

/// A status in words.
pub(super) fn said(status: &Status, user: &User, locale: Locale, now: Instant) -> Said {
    let (m, times) = (&messages(locale).dashboard, Times { locale, timezone: user.timezone, now });
    let (tone, title, hint) = words(&status.doing, locale, times);
    let air = match &status.stream {
        Some(stream) if stream.twitch_id.is_some() => {
            fill(&m.on_air_since, "time", &times.say(stream.started_at))
        }
        Some(stream) => fill(&m.by_hand_since, "time", &times.say(stream.started_at)),
        None => m.off_air.clone(),
    };
    Said {
        tone,
        title,
        hint,
        air,
        looked: status.last_look_at.map(|at| fill(&m.looked, "time", &times.say_exactly(at))),
        remedy: remedy(&status.doing, locale),
        deeds: deeds(status),
        hours: HOURS.into_iter().map(|hours| (hours, lasting(hours, locale))).collect(),
    }
}

fn lasting(hours: u32, locale: Locale) -> String {
    let m = messages(locale);
    fill(&m.dashboard.hours_long, "hours", &m.counts.hours.of(locale, hours))
}

/// So many days, in words.
pub(super) fn days_of(days: i64, locale: Locale) -> String {
    messages(locale).counts.days.of(locale, days)
}

/// Why something was not done, for a person; none when that is ours to mend.
pub(super) fn refusal(error: &anyhow::Error, locale: Locale) -> Option<String> {
    let m = &messages(locale).dashboard;
    let text = match (error.downcast_ref(), error.downcast_ref()) {
        (Some(Refused::Disabled), _) => &m.refused_disabled,
        (Some(Refused::Unlinked), _) => &m.refused_unlinked,
        (Some(Refused::End), _) => &m.refused_end,
        (Some(Refused::TooManyRules), _) => &m.refused_rules,
        (_, Some(BadRule::NoPlaylist)) => &m.no_playlist,
        (_, Some(BadRule::Empty | BadRule::NoName)) => &m.no_name,
        (Some(Refused::Unknown) | None, None) => return None,
    };
    Some(text.clone())
}

/// Why a setting was not kept.
pub(super) fn bad_setting(bad: &BadSetting, locale: Locale) -> String {
    let m = &messages(locale).dashboard;
    let text = match bad.key {
        "timezone" => &m.no_timezone,
        "delay_seconds" => &m.no_delay,
        _ => &m.no_choice,
    };
    fill(text, "value", &bad.value)
}

/// What can be decided now. A decision that stands can always be taken back.
fn deeds(status: &Status) -> Vec<&'static str> {
    let started = status.by_hand.as_ref().is_some_and(|one| one.action == Action::Start);
    let halted = matches!(status.doing, Doing::Paused { .. } | Doing::Stopped { .. });
    let able = !matches!(status.doing, Doing::Disabled | Doing::Unlinked | Doing::ReconnectNeeded);
    let (on_air, deciding) = (able && status.stream.is_some() && !halted, started || halted);
    let is_own = status.stream.as_ref().is_some_and(|stream| stream.twitch_id.is_none());
    let offered = [
        ("start", able && (status.stream.is_none() || halted && is_own)),
        ("pause", on_air),
        ("stop", on_air),
        ("auto", deciding),
    ];
    offered.into_iter().filter(|(_, offered)| *offered).map(|(deed, _)| deed).collect()
}

fn words(doing: &Doing, locale: Locale, times: Times) -> (&'static str, String, String) {
    let m = &messages(locale).dashboard;
    let until = |at: Option<Instant>, never: &str| {
        at.map_or_else(|| never.to_owned(), |at| fill(&m.until, "time", &times.say(at)))
    };
    let (tone, title, hint) = match doing {
        Doing::Following => ("live", &m.following, &m.following_hint),
        Doing::Idle => ("good", &m.idle, &m.idle_hint),
        Doing::Disabled => ("calm", &m.disabled, &m.disabled_hint),
        Doing::Unlinked => ("act", &m.unlinked, &m.unlinked_hint),
        Doing::ReconnectNeeded => ("act", &m.reconnect, &m.reconnect_hint),
        Doing::DatabaseFull => ("act", &m.database, &m.database_hint),
        Doing::Standing(reason) => standing(*reason, locale),
        Doing::AppRefused => ("act", &m.app_refused, &m.app_refused_hint),
        Doing::SpotifyDown => ("act", &m.down, &m.down_hint),
        Doing::SpotifyUnreadable => ("act", &m.unreadable, &m.unreadable_hint),
        Doing::Paused { until: at } => {
            return ("calm", m.paused.clone(), fill(&m.paused_hint, "until", &until(*at, &m.stopped_stream)));
        }
        Doing::Stopped { until: at } => {
            let hint = fill(&m.stopped_hint, "until", &until(*at, &m.stopped_stream));
            return ("calm", m.stopped.clone(), hint);
        }
        Doing::Resting { until: at } => {
            return ("act", m.resting.clone(), fill(&m.resting_hint, "until", &until(*at, &m.resting_soon)));
        }
        Doing::CrashLoop { times: count, rests_until, reason } => {
            let hint = fill(&m.crashing_hint, "times", &m.crashing_times.of(locale, *count));
            let hint = fill(&hint, "time", &times.say_exactly(*rests_until));
            return ("act", m.crashing.clone(), fill(&hint, "reason", reason));
        }
    };
    (tone, title.clone(), hint.clone())
}

fn standing(reason: Forbidden, locale: Locale) -> (&'static str, &'static String, &'static String) {
    let m = &messages(locale).dashboard;
    let (title, hint) = match reason {
        Forbidden::PremiumRequired => (&m.premium, &m.premium_hint),
        Forbidden::NotAllowListed => (&m.not_listed, &m.not_listed_hint),
        Forbidden::OwnerLapsed => (&m.lapsed, &m.lapsed_hint),
        Forbidden::Scope => (&m.scope, &m.scope_hint),
        Forbidden::Other => (&m.forbidden, &m.forbidden_hint),
    };
    ("act", title, hint)
}

/// What a click can do about it.
fn remedy(doing: &Doing, locale: Locale) -> Option<(&'static str, String)> {
    let m = &messages(locale).dashboard;
    match doing {
        Doing::Unlinked => Some(("/auth/spotify", m.link.clone())),
        Doing::ReconnectNeeded
        | Doing::Standing(Forbidden::Scope | Forbidden::PremiumRequired | Forbidden::Other) => {
            Some(("/auth/spotify", m.link_again.clone()))
        }
        Doing::Standing(Forbidden::NotAllowListed | Forbidden::OwnerLapsed)
        | Doing::AppRefused
        | Doing::Resting { .. } => Some(("/dashboard/spotify", messages(locale).spotify_app.mend.clone())),
        _ => None,
    }
}

/// What a link's age asks for.
pub(super) fn link_notice(age: LinkAge, locale: Locale) -> Option<Notice> {
    let m = &messages(locale).dashboard;
    let text = match age {
        LinkAge::Fresh => return None,
        LinkAge::Ending { days: 0 } => m.ending_today.clone(),
        LinkAge::Ending { days } => fill(&m.ending, "days", &days_of(days, locale)),
        LinkAge::Over => m.ended.clone(),
    };
    Some(Notice { text, remedy: Some(("/auth/spotify", m.renew.clone())) })
}

/// What a login that Twitch does not accept asks for.
pub(super) fn login_notice(locale: Locale) -> Notice {
    let m = &messages(locale).dashboard;
    let remedy = Some(("/auth/twitch", m.login_again_action.clone()));
    Notice { text: m.login_again.clone(), remedy }
}

/// What it means that Twitch does not tell us of streams at once.
pub(super) fn deaf_notice(trouble: Trouble, locale: Locale) -> Option<Notice> {
    let m = &messages(locale).dashboard;
    let why = match trouble {
        Trouble::TwitchDown => &m.deaf_down,
        Trouble::TooMany => &m.deaf_too_many,
        Trouble::Refused | Trouble::Revoked => &m.deaf_refused,
        Trouble::NotVerified | Trouble::NotDelivered => &m.deaf_unreached,
        // Said already, with what to do about it.
        Trouble::GrantLost => return None,
    };
    Some(Notice { text: fill(&m.deaf, "why", why), remedy: None })
}
