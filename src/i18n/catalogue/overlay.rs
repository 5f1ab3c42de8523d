//! What a streamer reads where they make an overlay.

use std::collections::BTreeMap;

catalogue! {
    /// The overlay's configurator.
    pub(crate) Overlay {
        said_preset: String, said_removed: String, said_key: String, said_rolled: String, frame: String,
        scenes: String, demo: String, again: String, address: String, copy: String, copied: String,
        copy_by_hand: String, public_url: String, private_url: String, private_hint: String,
        private_none: String, make: String, reveal: String, reveal_hint: String, roll: String,
        roll_hint: String, roll_do: String, roll_private: String, public_too: String, public_hint: String, size: String,
        rehearse: String, note_preset: String, note_unsaved: String, note_accent: String, send: String,
        open: String, what: String, source: String, style: String, count: String, parts: String,
        colours: String, theme: String, accent: String, accent_theme: String, accent_own: String, own: String,
        font: String, font_own: String, font_hint: String, place: String, align: String, scale: String,
        scale_hint: String, movement: String, anim: String, marquee: String, hide: String, language: String,
        hide_after: String, hide_after_hint: String, delay: String, delay_hint: String, show: String,
        reset: String, presets: String, presets_hint: String, load: String, remove: String,
        remove_hint: String, remove_do: String, name: String, css: String, css_hint: String, save: String,
        update: String, save_new: String, no_name: String, taken: String, too_many: String, bad_css: String, gone: String,
        names: String, names_hint: String, obs: String, by_file: String, by_file_steps: String,
        by_hand: String, by_hand_steps: String, obs_options: String, elsewhere: String,
        reach_everywhere: String, reach_network: String, reach_somewhere: String, reach_here: String,
        reach_firewall: String,
        faults: BTreeMap<String, String>,
        words: BTreeMap<String, String>,
        colours_of: BTreeMap<String, String>,
        styles: BTreeMap<String, String>,
    }
}
