//! The catalogues: what the pages say, one file per language, read once.
//!
//! The shape is a Rust type, so a template that asks for a message that is not there does not compile, and a
//! file with a key too few or too many does not load. Each file of it holds what the same people read.

use super::{Locale, said};
use std::sync::LazyLock;

/// Types of a catalogue: every message is a field, every section a type of its own. A message that nobody reads does
/// not compile.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $seen:vis $name:ident { $($key:ident: $kind:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        #[deny(dead_code)]
        $seen struct $name { $(pub(crate) $key: $kind,)* }

        impl crate::i18n::said::Said for $name {
            fn read(
                said: Option<toml::de::DeValue<'_>>,
                faults: &mut crate::i18n::said::Faults,
            ) -> Self {
                let mut section = crate::i18n::said::Section::of(said, faults);
                let said = Self { $($key: section.take(stringify!($key)),)* };
                section.end();
                said
            }
        }
    )*};
}

mod alerts;
mod dashboard;
mod entrance;
mod frame;
mod on_stream;
mod overlay;
mod privacy;
mod public;
#[cfg(test)]
mod tests;

pub(crate) use alerts::Advice;

use alerts::{Advices, Alerts};
use dashboard::{Curation, Dashboard, Navigation, SpotifyApp, Team};
use entrance::{Auth, Device, Setup};
use frame::{Counts, Dates, Failures, Frame, Language, Share};
use on_stream::OnStream;
use overlay::Overlay;
use privacy::Privacy;
use public::{Calendar, Day, Docs, Find, Gaps, Home, Stream, Streamer, Zone};

static LANGUAGES: LazyLock<[Messages; Locale::ALL.len()]> =
    LazyLock::new(|| Locale::FILES.map(|(_, file)| read(file)));

catalogue! {
    /// Everything the pages say in one language.
    pub Messages {
        language: Language,
        dates: Dates,
        counts: Counts,
        layout: Frame,
        day: Day,
        stream: Stream,
        streamer: Streamer,
        zone: Zone,
        gap: Gaps,
        find: Find,
        calendar: Calendar,
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
        overlay: Overlay,
        curation: Curation,
        privacy: Privacy,
        share: Share,
        on_stream: OnStream,
    }
}

/// What the pages say in `locale`.
#[must_use]
pub fn messages(locale: Locale) -> &'static Messages {
    &LANGUAGES[locale as usize]
}

/// `text` with `{name}` replaced by `value`.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace(&format!("{{{name}}}"), value)
}

fn read(file: &str) -> Messages {
    said::read(file).expect("the catalogues are embedded, and a test reads each")
}
