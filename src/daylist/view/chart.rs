//! Small charts, drawn as SVG: bars that lie beside a list, and the hours of a day. They hold no words and no colours: what
//! they show stands beside them as text, and styles give the colours.

use std::fmt::Write as _;

/// What is there at all is never too thin to be seen, in percent.
const LEAST: f64 = 1.5;
const HOURS: usize = 24;
/// A day is drawn from here, so that an evening past midnight stays whole.
const FIRST_HOUR: usize = 6;
const STEP: usize = 10;
const WIDTH: usize = 7;
const HEIGHT: f64 = 64.0;
/// An hour without music is a tick on the line.
const TICK: f64 = 1.5;

/// A bar as long as `count` is of `most`.
pub(super) fn bar(count: usize, most: usize) -> String {
    let width = share(count, most).max(LEAST);
    format!(
        "<svg class=\"bar\" width=\"100%\" height=\"6\" aria-hidden=\"true\">\
         <rect width=\"{width:.1}%\" height=\"6\" rx=\"3\"/></svg>"
    )
}

/// The hours of a day from six in the morning, each as high as what it `counts` is of the highest.
pub(super) fn hours(counts: &[usize; HOURS]) -> String {
    let most = counts.iter().copied().max().unwrap_or_default();
    let (across, line) = (HOURS * STEP, HEIGHT + 1.0);
    let mut svg = format!("<svg class=\"hours\" viewBox=\"0 0 {across} {line}\" aria-hidden=\"true\">");
    for (place, hour) in from_morning().enumerate() {
        let height = (share(counts[hour], most) / 100.0 * HEIGHT).max(TICK);
        let (x, y) = (place * STEP, HEIGHT - height);
        let kind = if counts[hour] == 0 { " class=\"none\"" } else { "" };
        // Writing to a text cannot fail.
        let _ = write!(
            svg,
            "<rect{kind} x=\"{x}\" y=\"{y:.1}\" width=\"{WIDTH}\" height=\"{height:.1}\" rx=\"1\"/>"
        );
    }
    svg + "</svg>"
}

/// The hours in the order in which they are drawn.
pub(super) fn from_morning() -> impl Iterator<Item = usize> {
    (0..HOURS).map(|place| (FIRST_HOUR + place) % HOURS)
}

/// How much `count` is of `most`, in percent.
#[expect(clippy::cast_precision_loss, reason = "nobody sees the difference of one play among so many")]
fn share(count: usize, most: usize) -> f64 {
    if most == 0 { 0.0 } else { count.min(most) as f64 * 100.0 / most as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_count_is_of_the_most() {
        for (count, most, width) in
            [(14, 14, "100.0"), (7, 14, "50.0"), (1, 3, "33.3"), (1, 100_000, "1.5"), (0, 0, "1.5")]
        {
            let bar = bar(count, most);
            assert!(bar.contains(&format!("<rect width=\"{width}%\"")), "{count} of {most}: {bar}");
        }
    }

    #[test]
    fn an_evening_past_midnight_stands_in_one_piece() {
        let mut counts = [0; HOURS];
        (counts[22], counts[23], counts[0]) = (20, 40, 10);
        let svg = hours(&counts);
        let rects: Vec<&str> = svg.split("<rect").skip(1).filter(|rect| !rect.contains("none")).collect();
        let places: Vec<&str> = rects.iter().filter_map(|rect| rect.split('"').nth(1)).collect();
        assert_eq!(places, ["160", "170", "180"]);
        assert!(rects[1].contains("y=\"0.0\"") && rects[1].contains("height=\"64.0\""), "{svg}");
        assert!(rects[0].contains("y=\"32.0\"") && rects[2].contains("height=\"16.0\""), "{svg}");
    }

    #[test]
    fn every_hour_has_its_place_and_nothing_is_drawn_high_where_there_is_none() {
        let svg = hours(&[0; HOURS]);
        assert_eq!((svg.matches("<rect").count(), svg.matches("class=\"none\"").count()), (HOURS, HOURS));
        let mut order: Vec<usize> = from_morning().collect();
        assert_eq!(order[0], 6);
        order.sort_unstable();
        assert_eq!(order, (0..HOURS).collect::<Vec<_>>());
    }
}
