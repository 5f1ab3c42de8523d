//! What whoever comes in reads: the first setup, and logging in.

catalogue! {
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
}
