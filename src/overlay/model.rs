//! How a browser source looks and behaves: all that its query can say, and presets, which say it under a name. Plain data.

use crate::base::clock::Instant;
use crate::base::id::PresetId;
use crate::i18n::Locale;
use std::fmt;

/// Everything that a query can say, each with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which browser source it is.
    pub source: Source,
    /// How what plays is laid out. Tracks have one way only.
    pub style: Style,
    /// Its colours.
    pub theme: Theme,
    /// The signal colour as it was asked for; none for the theme's own. [`Look::accent`] is the one to be seen.
    pub asked_accent: Option<Colour>,
    /// The font; none for the house's.
    pub font: Option<Font>,
    /// Where in the source it stands.
    pub align: Align,
    /// How large it is beside what fits the source.
    pub scale: Scale,
    /// What becomes of a paused track.
    pub hide: Hide,
    /// For so many seconds a new track is shown, 1 to 600; 0 for as long as it plays.
    pub hide_after: u16,
    /// What is shown of a track, in the order of [`Part::ALL`]; never nothing.
    pub show: Vec<Part>,
    /// How tracks come and go.
    pub anim: Anim,
    /// What becomes of a line that is too long.
    pub marquee: Marquee,
    /// The language that was asked for; none for the browser's.
    pub lang: Option<Locale>,
    /// The language of its words.
    pub locale: Locale,
    /// The language that the browser asks for.
    pub(super) browser: Locale,
    /// Seconds that everything waits on top of the streamer's own delay, 0 to 600.
    pub delay: u16,
    /// Whether it shows invented tracks.
    pub demo: bool,
    /// How many tracks are listed, 1 to 20.
    pub count: u8,
    /// The preset whose settings these began with.
    pub preset: Option<PresetId>,
}

macro_rules! choices {
    ($($(#[$doc:meta])* $type:ident { $($(#[$each:meta])* $name:ident $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$each])* $name),* }

        impl $type {
            /// All there are, the usual one first.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As a query has it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The one with this word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }

        impl Default for $type {
            fn default() -> Self {
                Self::ALL[0]
            }
        }
    )*};
}

choices! {
    /// Which browser source it is.
    Source {
        /// What plays now.
        NowPlaying "now-playing",
        /// The last tracks of this stream.
        Tracks "tracks",
    }
    /// How what plays is laid out.
    Style {
        /// Cover, words and progress on a card.
        Card "card",
        /// One strip across the width.
        Bar "bar",
        /// Words alone.
        Minimal "minimal",
        /// A line that runs.
        Ticker "ticker",
        /// The cover as a record that turns.
        Vinyl "vinyl",
    }
    /// The colours.
    Theme {
        /// Light on dark.
        Dark "dark",
        /// Dark on light.
        Light "light",
        /// Light on what lies behind, dimmed.
        Glass "glass",
    }
    /// Where in the source it stands; a word for one direction alone means the middle of the other.
    Align {
        /// At the left.
        Left "left",
        /// In the middle.
        Center "center",
        /// At the right.
        Right "right",
        /// In the upper left corner.
        TopLeft "top-left",
        /// Above.
        Top "top",
        /// In the upper right corner.
        TopRight "top-right",
        /// In the lower left corner.
        BottomLeft "bottom-left",
        /// Below.
        Bottom "bottom",
        /// In the lower right corner.
        BottomRight "bottom-right",
    }
    /// What becomes of a paused track.
    Hide {
        /// It goes until it plays again.
        Paused "paused",
        /// It stays, and shows that it is paused.
        Never "never",
    }
    /// What is shown of a track.
    Part {
        /// Its cover.
        Cover "cover",
        /// Its title.
        Title "title",
        /// Its artists.
        Artist "artist",
        /// Its album.
        Album "album",
        /// How far it is.
        Progress "progress",
        /// How far it is and how long, in numbers; of a track that is over, when it began.
        Time "time",
        /// What this is, in words.
        Label "label",
    }
    /// How tracks come and go.
    Anim {
        /// They slide in and out.
        Slide "slide",
        /// They fade.
        Fade "fade",
        /// They spring up.
        Pop "pop",
        /// They are there, or not.
        None "none",
    }
    /// What becomes of a line that is too long.
    Marquee {
        /// It wanders.
        Auto "auto",
        /// Every line wanders.
        Always "always",
        /// It fades out at its end.
        Off "off",
    }
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

/// As CSS has it: `#ff6a4d`.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The name of a font family, or one of `sans`, `serif`, `mono`, `rounded`: 1 to 40 letters, digits, spaces and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Font(pub(super) String);

impl Font {
    /// As a query has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A size beside the usual one, in hundredths: 50 to 300.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scale(pub(super) u16);

impl Default for Scale {
    fn default() -> Self {
        Self(100)
    }
}

/// As CSS has it: `1`, `1.5`, `0.75`.
impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest / 10, rest % 10) {
            (0, 0) => write!(f, "{whole}"),
            (tenths, 0) => write!(f, "{whole}.{tenths}"),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// Settings under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Which.
    pub id: PresetId,
    /// What the streamer calls it.
    pub name: String,
    /// For which browser source it is.
    pub source: Source,
    /// Its settings as a query, without `?`: only what differs from the usual.
    pub query: String,
    /// A stylesheet of its own, as the streamer wrote it; empty for none.
    pub css: String,
    /// When it was last saved.
    pub updated_at: Instant,
}

/// A preset as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPreset {
    /// Which one it replaces; none for a new one.
    pub id: Option<PresetId>,
    /// What it is to be called.
    pub name: String,
    /// For which browser source it is.
    pub source: Source,
    /// Its settings as a query, without `?`.
    pub query: String,
    /// A stylesheet of its own; empty for none.
    pub css: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_and_a_scale_are_written_as_css_has_them() {
        assert_eq!(Colour([255, 10, 0]).to_string(), "#ff0a00");
        let written = [100, 50, 150, 205, 299, 300].map(|hundredths| Scale(hundredths).to_string());
        assert_eq!(written, ["1", "0.5", "1.5", "2.05", "2.99", "3"]);
    }

    #[test]
    fn each_choice_is_found_by_its_word() {
        assert!(Style::ALL.iter().all(|style| Style::of(style.word()) == Some(*style)));
        assert_eq!((Style::default(), Style::of("hologram")), (Style::Card, None));
    }
}
