//! `[retention]`: how long plays are kept.

use super::fields::Visit;
use super::kind::{Kind, Optional, Whole};
use super::raw::{Raw, quoted};
use chrono::NaiveTime;

/// How the time of the sweep is written.
const FORMAT: &str = "%H:%M";
const SWEEP_AT: NaiveTime = NaiveTime::from_hms_opt(4, 0, 0).expect("four o'clock is a time");

/// How long plays are kept.
#[derive(Debug, Clone)]
pub struct Retention {
    /// Days for streamers who set none of their own, 1 to 365. None: plays are kept.
    pub default_days: Option<u16>,
    /// When old plays are deleted, each day.
    pub sweep_at: NaiveTime,
}

impl Default for Retention {
    fn default() -> Self {
        Self { default_days: Some(7), sweep_at: SWEEP_AT }
    }
}

impl Retention {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        let days = Optional::or("keep", Whole { least: 1_u16, most: 365 });
        visit.field("retention.default_days", &days, &mut self.default_days);
        visit.field("retention.sweep_at", &TimeOfDay, &mut self.sweep_at);
    }
}

/// A time of the day, in hours and minutes.
struct TimeOfDay;

impl Kind for TimeOfDay {
    type Value = NaiveTime;

    fn read(&self, raw: &Raw) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(raw.text()?, FORMAT).ok()
    }

    fn write(&self, value: &NaiveTime) -> String {
        quoted(&value.format(FORMAT).to_string())
    }

    fn allowed(&self) -> String {
        "a time from \"00:00\" to \"23:59\"".to_owned()
    }
}
