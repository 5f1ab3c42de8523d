//! The catalogues: what the pages say, one file per language, read once.
//!
//! The shape is a Rust type, so a template that asks for a message that is not there does not compile, and a
//! file with a key too few or too many does not load.

use super::Locale;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static ENGLISH: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../web/i18n/en.toml")));
static FRENCH: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../web/i18n/fr.toml")));

/// What the pages say in `locale`.
#[must_use]
pub fn messages(locale: Locale) -> &'static Messages {
    match locale {
        Locale::En => &ENGLISH,
        Locale::Fr => &FRENCH,
    }
}

/// `text` with `{name}` replaced by `value`.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace(&format!("{{{name}}}"), value)
}

fn read(file: &str) -> Messages {
    toml::from_str(file).expect("the catalogues are embedded, and a test reads each")
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $seen:vis $name:ident { $($key:ident: $kind:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        $seen struct $name { $(pub(crate) $key: $kind,)* }
    )*};
}

catalogue! {
    /// Everything the pages say in one language.
    pub Messages {
        language: Language,
        dates: Dates,
        counts: Counts,
        layout: Frame,
        day: Day,
        stream: Stream,
        zone: Zone,
        gap: Gaps,
        home: Home,
        docs: Docs,
        auth: Auth,
        dashboard: Dashboard,
        alerts: Alerts,
        advice: Advices,
        error: Failures,
        setup: Setup,
        device: Device,
        ways: Navigation,
        spotify_app: SpotifyApp,
        team: Team,
        curation: Curation,
        privacy: Privacy,
        share: Share,
    }
    /// The picture that stands for the house where somebody links to it.
    pub(crate) Share { heading: String }
    /// The language's own name, and it with a region, as link previews want it.
    pub(crate) Language { name: String, region: String }
    /// How a date is written.
    pub(crate) Dates { weekdays: [String; 7], months: [String; 12], first_of_month: String, long: String }
    /// How many of something.
    pub(crate) Counts { tracks: Plural, hours: Plural, days: Plural }
    /// One message in the forms that a count may need.
    pub Plural { one: String, other: String }
    /// What stands around each page.
    pub(crate) Frame { skip: String, home: String, affiliation: String, dashboard: String, docs: String, privacy: String }
    /// The day page.
    pub(crate) Day {
        title: String, description: String,
        on_air: String, off_air: String, on_air_now: String, since: String,
        previous: String, next: String, days: String,
        midnight: String, streams: String,
        playing: String, paused: String, progress: String, silence: String,
        tracks: String, empty_today: String, empty_today_hint: String, empty_past: String, empty_past_hint: String,
        reconnecting: String,
    }
    /// The page of a stream.
    pub(crate) Stream {
        title: String, description: String, heading: String, ended: String, days: String,
        tracks: String, empty: String, into: String,
    }
    /// In which time zone times are shown.
    pub(crate) Zone { times_in_utc: String, times_in: String, to_theirs: String, to_yours: String }
    /// Why nothing is known about a time, by the reason of the gap.
    pub(crate) Gaps {
        rate_limited: String, spotify_down: String, link_lost: String, server_down: String,
        database: String, paused: String, other: String,
    }
    /// The home page.
    pub(crate) Home {
        title: String, description: String, heading: String, lead: String, live: String, others: String,
        nothing_playing: String, nobody_live: String, nobody_live_hint: String, nobody: String, nobody_hint: String,
    }
    /// The description of the API.
    pub(crate) Docs {
        title: String, heading: String, lead: String, contents: String,
        parameters: String, body: String, answers: String, example: String, shapes: String,
    }
    /// The way in, and what may be in it.
    pub(crate) Auth {
        login: String, again: String,
        setup: String, setup_hint: String, setup_code: String, setup_wrong: String, setup_go: String,
        yours: String, yours_hint: String,
        not_configured: String, not_configured_hint: String, unknown: String, unknown_hint: String,
        denied: String, denied_hint: String, not_allowed: String, not_allowed_hint: String,
        refused: String, refused_hint: String, bad_client: String, bad_client_hint: String,
        trouble: String, trouble_hint: String,
        sent_back: String, sent_back_hint: String,
    }
    /// The dashboard.
    pub(crate) Dashboard {
        title: String, log_out: String, list: String, overlay: String, saved: String,
        on_air_since: String, by_hand_since: String, off_air: String, looked: String, until: String,
        following: String, following_hint: String, idle: String, idle_hint: String, disabled: String,
        disabled_hint: String, unlinked: String, unlinked_hint: String, reconnect: String,
        reconnect_hint: String, paused: String, paused_hint: String, stopped: String, stopped_hint: String,
        stopped_stream: String, crashing: String, crashing_hint: String, database: String,
        database_hint: String, resting: String, resting_hint: String, resting_soon: String, premium: String,
        premium_hint: String, not_listed: String, not_listed_hint: String, lapsed: String,
        lapsed_hint: String, scope: String, scope_hint: String, forbidden: String, forbidden_hint: String,
        app_refused: String, app_refused_hint: String, down: String, down_hint: String, unreadable: String,
        unreadable_hint: String, start: String, stop: String, pause: String, auto: String, hours: String,
        hours_long: String, deaf: String, deaf_down: String, deaf_too_many: String, deaf_refused: String, deaf_unreached: String,
        login_again: String, login_again_action: String, ending: String, ending_today: String, ended: String,
        renew: String, spotify: String, link: String, link_again: String, link_hint: String,
        scope_state: String, scope_recent: String, link_line: String, test_or_own: String, unlink: String, unlink_hint: String,
        plays_keep: String, plays_delete: String, settings: String, save: String, enabled: String,
        enabled_hint: String, visibility: String, visibility_hint: String, public: String, private: String,
        delay: String, delay_hint: String, timezone: String, timezone_hint: String, retention: String,
        retention_hint: String, for_ever: String, leaving: String,
        leaving_hint: String, leaving_keep: String, leaving_delete: String, ignored: String,
        ignored_hint: String, playlist: String, device: String, artist: String, ignore_kind: String,
        ignore_value: String, ignore: String, heed: String,
        refused_disabled: String, refused_unlinked: String, refused_end: String, refused_rules: String,
        no_playlist: String, no_name: String, no_timezone: String, no_delay: String, no_choice: String,
    }
    /// Messages when tracking stands still, and where they go.
    pub(crate) Alerts {
        heading: String, lead: String, none: String, sent: String, never: String, failed: String,
        test: String, remove: String, add_heading: String, add: String, kind: String,
        ntfy: String, ntfy_hint: String, discord: String, discord_hint: String,
        webhook: String, webhook_hint: String, url: String, url_hint: String,
        added: String, removed: String, test_sent: String, test_failed: String, too_many: String,
        no_address: String, credentials: String, private_network: String, unknown_name: String,
        timeout: String, no_connection: String, sent_on: String, answered: String,
        stands_title: String, stands_text: String, goes_title: String, goes_text: String,
        test_title: String, test_text: String, banner: String,
    }
    /// Why tracking stands still, and what to do about it, by the reason.
    pub(crate) Advices {
        reconnect_needed: Advice, unlinked: Advice, premium_required: Advice, not_allow_listed: Advice,
        owner_lapsed: Advice, scope_missing: Advice, forbidden: Advice, app_refused: Advice,
        rate_limited: Advice, spotify_down: Advice, failing: Advice, database: Advice,
    }
    /// One of them: neither begins with a capital nor ends with a stop, because they stand within sentences.
    pub(crate) Advice { why: String, todo: String }
    /// The pages for what went wrong.
    pub(crate) Failures {
        title: String, home: String,
        not_found: String, not_found_hint: String, bad_request: String, bad_request_hint: String,
        unauthorized: String, unauthorized_hint: String,
        forbidden: String, forbidden_hint: String, too_many: String, too_many_hint: String,
        unavailable: String, unavailable_hint: String, internal: String, internal_hint: String,
    }
    /// The setup: our own apps at Twitch and Spotify.
    pub(crate) Setup {
        title: String, heading: String, lead: String, code_hint: String, ready: String, missing: String,
        how: String, copy: String, copied: String,
        twitch_open: String, twitch_register: String, twitch_address: String, twitch_plain: String,
        twitch_kind: String, twitch_copy: String, twitch_changes: String, twitch_done: String, twitch_why: String,
        spotify_open: String, spotify_address: String, spotify_plain: String, spotify_api: String,
        spotify_users: String, spotify_copy: String, spotify_changes: String, spotify_done: String, spotify_why: String,
        client_id: String, client_secret: String, twitch_secret: String, spotify_secret: String,
        kept: String, forget: String, given: String, save: String, test: String,
        no_id: String, odd_id: String, odd_spotify_id: String, odd_secret: String, unknown_id: String,
        wrong_secret: String, needs_secret: String, refused: String, no_answer: String,
        next: String, next_owner: String, next_other: String, dashboard: String,
    }
    /// Logging in by device code, and coming back by hand.
    pub(crate) Device {
        title: String, hint: String, code: String, open: String, scan: String, qr: String, waiting: String,
        care: String, only: String, anew: String, expired: String, expired_hint: String,
        refused: String, refused_hint: String, not_allowed: String, not_allowed_hint: String,
        pass: String, pass_hint: String, pass_code: String, pass_wrong: String, pass_right: String,
        paste: String, paste_before: String, paste_hint: String, paste_lands: String, paste_label: String,
        paste_wrong: String, paste_go: String,
    }
    /// The privacy page, and the page on which a streamer takes everything along or leaves.
    pub(crate) Privacy {
        title: String, heading: String, lead: String, who: String, who_text: String, kept_heading:
        String, kept_text: String, column_what: String, column_term: String, column_why: String,
        term_chosen: String, term_ended: String, term_account: String, term_house: String, companies:
        String, companies_text: String, cookies: String, cookies_text: String, rights: String,
        rights_text: String, rights_link: String, account_title: String, export: String, export_hint:
        String, export_do: String, browsers: String, browsers_hint: String, browsers_do: String, delete:
        String, delete_hint: String, delete_lists: String, delete_tokens: String, delete_others: String,
        delete_owner: String, delete_confirm: String, delete_do: String, delete_wrong: String,
        gone_title: String, gone_lead: String, gone_spotify: String, gone_owner: String,
        gone: BTreeMap<String, String>, kept: BTreeMap<String, Kept>,
    }
    /// What is kept, and why so long.
    pub(crate) Kept { what: String, why: String }
    /// The ways from one page of the dashboard to the others.
    pub(crate) Navigation {
        title: String, home: String, list: String, spotify: String, team: String, alerts: String, account: String,
    }
    /// A streamer’s own Spotify app, and the test of a link.
    pub(crate) SpotifyApp {
        title: String, test: String, test_hint: String, tested: String, not_asked: String, playing: String,
        is_paused: String, track: String, on_device: String, nothing: String, nothing_hint: String,
        podcast: String, podcast_hint: String, advert: String, advert_hint: String, no_link: String,
        no_link_hint: String, not_listed_own: String, not_listed_house: String, lapsed_own: String,
        rate: String, quota: String, quota_hint: String, quota_house: String, spent: String, spent_hint: String,
        refused: String, mend: String, no_answer: String, no_answer_hint: String, ours: String,
        ours_hint: String, yours: String, through_own: String, through_house: String, through_other: String,
        next_own: String, next_house: String, no_app: String, budget: String, no_budget: String, pace: String,
        resting: String, resting_quota: String, all_spent: String, own: String, own_hint: String,
        own_there: String, own_secret: String, make: String, make_hint: String, redirect: String,
        redirect_hint: String, users: String, users_hint: String, enter: String, enter_hint: String,
        client_id: String, client_secret: String, secret_kept: String, enter_do: String, link: String,
        link_hint: String, link_do: String, remove: String, remove_hint: String, saved: String,
        saved_unchecked: String, removed: String, malformed: String, errors: String, wrong_redirect: String,
        wrong_client: String,
    }
    /// Who helps, which programs hold a key, and who did what.
    pub(crate) Team {
        title: String, helping: String, elsewhere: String, you_help: String, only_help: String, open: String,
        moderators: String, moderators_hint: String, login: String, name: String, remove: String, since: String,
        login_code: String, awaited: String, no_login: String, oneself: String, nobody: String, too_many_moderators: String,
        keys: String, keys_hint: String, keys_docs: String, key_name: String, scopes: String, scope_read: String,
        scope_curate: String, scope_track: String, scope_settings: String, make: String, revoke: String,
        made: String, used: String, unused: String, shown_once: String, how_to_use: String, no_key_name: String,
        no_scopes: String, too_many_keys: String,
        audit: String, audit_hint: String, nothing: String, older: String, newest: String, you: String,
        by_key: String, started: String, stopped: String, paused: String, automatic: String, minutes: String,
        line: String, yes: String, no: String,
        deeds: BTreeMap<String, String>,
    }
    /// The list by hand, and the panic buttons.
    pub(crate) Curation {
        title: String, panic: String, hide_last: String, hide_minutes: String, ghost_on: String, ghost_off: String,
        ghost_hint: String, ghost_is_on: String, ghost_since: String, did_hide_last: String, did_hide_minutes: String,
        did_ghost: String, undo: String, hide: String, restore: String, correct: String, save: String, name: String,
        artist: String, album: String, time: String, time_now: String, time_zone: String, add: String, add_it: String,
        is_hidden: String, by_hand: String, original: String, empty: String,
        hidden: String, restored: String, corrected: String, added: String, last_hidden: String, minutes_hidden: String,
        ghost_went_on: String, ghost_went_off: String, undone: String,
        no_track: String, undone_before: String, no_name: String, no_artist: String, unreadable: String,
        no_time: String, future: String, too_old: String, removed: String, busy: String, unknown: String,
    }
}

impl Navigation {
    /// What the page of this name is called.
    pub(crate) fn name(&self, page: &str) -> &str {
        match page {
            "list" => &self.list,
            "spotify" => &self.spotify,
            "team" => &self.team,
            "alerts" => &self.alerts,
            "account" => &self.account,
            _ => &self.home,
        }
    }
}

impl Plural {
    /// The form for `n`, with the number in it. French counts nought as one.
    #[must_use]
    pub fn of(&self, locale: Locale, n: usize) -> String {
        let singular = match locale {
            Locale::En => n == 1,
            Locale::Fr => n < 2,
        };
        fill(if singular { &self.one } else { &self.other }, "n", &n.to_string())
    }
}

impl Gaps {
    /// Every reason with its message; the last one, without a name, stands for reasons we do not know yet.
    pub(crate) fn all(&self) -> [(&'static str, &str); 7] {
        [
            ("rate_limited", &self.rate_limited),
            ("spotify_down", &self.spotify_down),
            ("link_lost", &self.link_lost),
            ("server_down", &self.server_down),
            ("database", &self.database),
            ("paused", &self.paused),
            ("", &self.other),
        ]
    }

    /// Why nothing is known, for a gap's `reason`.
    pub(crate) fn why(&self, reason: &str) -> &str {
        self.all().into_iter().find(|(name, _)| *name == reason).map_or(&self.other, |(_, why)| why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every message of a catalogue by its path, such as `day.on_air`.
    fn leaves(locale: Locale) -> BTreeMap<String, String> {
        let file = format!("{}/web/i18n/{}.toml", env!("CARGO_MANIFEST_DIR"), locale.tag());
        let table: toml::Table = std::fs::read_to_string(file).expect("a file").parse().expect("TOML");
        let mut found = BTreeMap::new();
        collect("", &toml::Value::Table(table), &mut found);
        found
    }

    fn collect(path: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    collect(&format!("{path}.{key}"), value, found);
                }
            }
            toml::Value::Array(list) => {
                for (place, value) in list.iter().enumerate() {
                    collect(&format!("{path}[{place}]"), value, found);
                }
            }
            other => {
                let text = other.as_str().expect("a message is text").to_owned();
                found.insert(path.trim_start_matches('.').to_owned(), text);
            }
        }
    }

    fn placeholders(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    fn sources(folder: &Path, found: &mut String) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if !path.ends_with("catalogue.rs") {
                found.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }

    #[test]
    fn every_language_loads_with_no_key_missing_or_unknown() {
        for locale in Locale::ALL {
            assert_ne!(messages(locale).language.name, messages(locale.other()).language.name);
        }
    }

    #[test]
    fn every_message_has_the_same_placeholders_in_each_language() {
        let french = leaves(Locale::Fr);
        for (key, english) in leaves(Locale::En) {
            assert_eq!(placeholders(&english), placeholders(&french[&key]), "{key}");
            assert!(!english.is_empty() && !french[&key].is_empty(), "{key} is empty");
        }
    }

    #[test]
    fn every_message_is_used_somewhere() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut text = String::new();
        sources(&root.join("web/templates"), &mut text);
        sources(&root.join("src"), &mut text);
        let chosen_in_code = |key: &str| {
            ["gap.", "dates.", "team.deeds.", "privacy.gone."].iter().any(|part| key.starts_with(part))
        };
        let used = |key: &str| key.rsplit('.').next().is_some_and(|name| text.contains(&format!(".{name}")));
        let unused: Vec<String> =
            leaves(Locale::En).into_keys().filter(|key| !chosen_in_code(key) && !used(key)).collect();
        assert_eq!(unused, Vec::<String>::new());
    }

    #[test]
    fn counts_follow_the_language() {
        let tracks = |locale, n| messages(locale).counts.tracks.of(locale, n);
        assert_eq!([0, 1, 23].map(|n| tracks(Locale::En, n)), ["0 tracks", "1 track", "23 tracks"]);
        assert_eq!([0, 1, 23].map(|n| tracks(Locale::Fr, n)), ["0 titre", "1 titre", "23 titres"]);
    }

    #[test]
    fn every_reason_for_a_gap_has_words_of_its_own() {
        for gaps in Locale::ALL.map(|locale| &messages(locale).gap) {
            let words: std::collections::BTreeSet<&str> =
                gaps.all().into_iter().map(|(_, why)| why).collect();
            assert_eq!(words.len(), gaps.all().len());
        }
    }

    #[test]
    fn a_gap_for_a_reason_we_do_not_know_is_still_honest() {
        assert_eq!(messages(Locale::En).gap.why("sunspots"), "Nothing is known here.");
        assert!(messages(Locale::Fr).gap.why("spotify_down").starts_with("Spotify n’a pas"));
    }
}
