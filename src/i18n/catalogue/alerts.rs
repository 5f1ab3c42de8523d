//! What is written to a streamer when tracking stands still.

catalogue! {
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
}
