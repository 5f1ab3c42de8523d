//! What streamers and moderators read on the dashboard.

use crate::i18n::Plural;
use std::collections::BTreeMap;

catalogue! {
    /// The dashboard.
    pub(crate) Dashboard {
        title: String, log_out: String, list: String, overlay: String, saved: String,
        on_air_since: String, by_hand_since: String, off_air: String, looked: String, until: String,
        following: String, following_hint: String, idle: String, idle_hint: String, disabled: String,
        disabled_hint: String, unlinked: String, unlinked_hint: String, reconnect: String,
        reconnect_hint: String, paused: String, paused_hint: String, stopped: String, stopped_hint: String,
        stopped_stream: String, crashing: String, crashing_hint: String, crashing_times: Plural, database: String,
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
    /// The ways from one page of the dashboard to the others.
    pub(crate) Navigation {
        title: String, home: String, list: String, overlay: String, spotify: String, team: String, alerts: String,
        account: String,
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
        next_own: String, next_house: String, no_app: String, budget: Plural, no_budget: String, pace: Plural,
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
        by_key: String, started: String, stopped: String, paused: String, automatic: String,
        yes: String, no: String,
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
            "overlay" => &self.overlay,
            "spotify" => &self.spotify,
            "team" => &self.team,
            "alerts" => &self.alerts,
            "account" => &self.account,
            _ => &self.home,
        }
    }
}
