//! What is said about everything that is kept.

use crate::i18n::Plural;
use std::collections::BTreeMap;

catalogue! {
    /// The privacy page, and the page on which a streamer takes everything along or leaves.
    pub(crate) Privacy {
        title: String, heading: String, lead: String, who: String, who_text: String, kept_heading: String, kept_text: String, column_what: String, column_term: String, column_why: String,
        term_chosen: String, term_ended: String, term_account: String, term_house: String, companies: String, companies_text: String, cookies: String, cookies_text: String, rights: String,
        rights_text: String, rights_link: String, account_title: String, export: String, export_hint: String, export_do: String, browsers: String, browsers_hint: String, browsers_do: String, delete: String, delete_hint: String, delete_lists: String, delete_tokens: String, delete_others: String,
        delete_owner: String, delete_confirm: String, delete_do: String, delete_wrong: String,
        gone_title: String, gone_lead: String, gone_spotify: String, gone_owner: String,
        gone: BTreeMap<String, Plural>, kept: BTreeMap<String, Kept>,
    }
    /// What is kept, and why so long.
    pub(crate) Kept { what: String, why: String }
}
