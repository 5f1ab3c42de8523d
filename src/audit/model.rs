//! What the audit log holds.

use crate::base::clock::Instant;
use crate::base::id::{AuditId, KeyId, UserId};

/// Who did something for a streamer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The streamer.
    Streamer,
    /// One of their moderators.
    Moderator {
        /// Our id of that person.
        id: UserId,
        /// Their Twitch login then.
        login: String,
    },
    /// A program with one of the streamer's keys.
    Key {
        /// Which key.
        id: KeyId,
        /// What the streamer calls it.
        name: String,
    },
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: AuditId,
    /// When it was done.
    pub at: Instant,
    /// Who did it.
    pub by: By,
    /// What was done.
    pub deed: Deed,
    /// To what: a title, a setting, a name.
    pub about: String,
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident $word:literal),* $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Deed { $($(#[$doc])* $name),* }

        impl Deed {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As the database and the API have it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

deeds! {
    /// A play was taken out of the list.
    TrackHidden "track_hidden",
    /// A play was put back.
    TrackRestored "track_restored",
    /// A play was given its right title.
    TrackCorrected "track_corrected",
    /// A missed play was added.
    TrackAdded "track_added",
    /// The last minutes were hidden.
    MinutesHidden "minutes_hidden",
    /// Nothing new is heard from now on.
    GhostOn "ghost_on",
    /// It is heard again.
    GhostOff "ghost_off",
    /// Something done to the list in one go was undone.
    Undone "undone",
    /// Tracking was started, stopped, paused or set back to automatic by hand.
    Tracked "tracked",
    /// A setting was changed.
    SettingChanged "setting_changed",
    /// Something is ignored from now on.
    IgnoreAdded "ignore_added",
    /// It is ignored no longer.
    IgnoreRemoved "ignore_removed",
    /// A Spotify account was linked.
    Linked "linked",
    /// It was unlinked.
    Unlinked "unlinked",
    /// A Spotify app of one's own was entered.
    AppBrought "app_brought",
    /// It was removed.
    AppForgotten "app_forgotten",
    /// Somebody helps from now on.
    ModeratorNamed "moderator_named",
    /// They help no longer.
    ModeratorRemoved "moderator_removed",
    /// A moderator logged in.
    LoggedIn "logged_in",
    /// Messages go somewhere when tracking stands still.
    AlertAdded "alert_added",
    /// They go there no longer.
    AlertRemoved "alert_removed",
    /// A program was given a key.
    KeyMade "key_made",
    /// It was taken away.
    KeyRevoked "key_revoked",
    /// The private overlays have a new address; the old one opens nothing any more.
    OverlayKeyRolled "overlay_key_rolled",
    /// Settings of overlays were saved under a name.
    PresetSaved "preset_saved",
    /// They were removed.
    PresetRemoved "preset_removed",
}

impl Deed {
    /// Those that are about a track, by its title.
    pub const OF_TRACKS: [Self; 5] =
        [Self::TrackHidden, Self::TrackRestored, Self::TrackCorrected, Self::TrackAdded, Self::Undone];

    /// The deed with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|deed| deed.word() == word)
    }
}
