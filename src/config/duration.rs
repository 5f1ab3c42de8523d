//! Durations as people write them: `60ms`, `1s`, `5m`, `2h`, `7d`.

use super::kind::Kind;
use super::raw::{Raw, quoted};
use std::time::Duration;

/// Units by falling size, in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const LEAST: Duration = Duration::from_millis(10);
const MOST: Duration = Duration::from_hours(7 * 24);

/// A duration from 10 ms to 7 days.
pub(super) struct Span;

impl Kind for Span {
    type Value = Duration;

    fn read(&self, raw: &Raw) -> Option<Duration> {
        parse(raw.text()?).filter(|duration| (LEAST..=MOST).contains(duration))
    }

    fn write(&self, value: &Duration) -> String {
        quoted(&written(*value))
    }

    fn allowed(&self) -> String {
        "a duration from \"10ms\" to \"7d\", such as \"60ms\", \"1s\", \"5m\" or \"2h\"".to_owned()
    }
}

fn parse(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*size).map(Duration::from_millis)
}

/// The duration in the largest unit that divides it. One minute stays `60s`: a single larger unit reads worse.
pub(super) fn written(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let fits = |size: u64| millis.is_multiple_of(size) && (millis > size || size <= 1_000);
    let (unit, size) = UNITS.into_iter().find(|(_, size)| fits(*size)).unwrap_or(("ms", 1));
    format!("{}{unit}", millis / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_the_same() {
        for text in ["10ms", "60ms", "1s", "1500ms", "60s", "90s", "5m", "60m", "2h", "24h", "7d"] {
            assert_eq!(written(parse(text).expect(text)), text);
        }
        assert_eq!(parse("60000ms"), parse("1m"));
    }

    #[test]
    fn everything_else_is_no_duration() {
        for text in
            ["", "60", "s", "1.5s", "-1s", "1 s", "1S", "1h30m", "99999999999999999999d", "300000000000d"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
