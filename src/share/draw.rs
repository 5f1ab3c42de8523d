//! Draws a share image: who and when, the tape of the evening with a record for each play, and some of the titles.

use super::canvas::{Canvas, HEIGHT, INK, LINE, PAPER, SIGNAL, SOFT, WIDTH};
use super::font::{BOLD, Face, MEDIUM};
use super::model::Sheet;
use super::rules::{Axis, Told, legible, record_width, shortened, told};

/// Left and right of everything.
const MARGIN: f32 = 72.0;
const LEFT: f32 = MARGIN;
const RIGHT: f32 = WIDTH as f32 - MARGIN;
/// What stands on which height.
const NAME: f32 = 158.0;
const HEADING: f32 = 222.0;
const TAPE: f32 = 338.0;
const TAPE_ALONE: f32 = 414.0;
/// So much below the tape stand the hours.
const HOURS: f32 = 98.0;
const TITLES: f32 = HEIGHT as f32 - 128.0;
const ROWS: usize = 3;
/// Sizes of letters, in pixels.
const NAME_SIZES: [f32; 3] = [112.0, 96.0, 80.0];
/// A name of this size stands below the name of the house.
const LEAST_NAME: f32 = 62.0;
const HEADING_SIZE: f32 = 38.0;
const HOUR_SIZE: f32 = 22.0;
/// How far apart the middles of two records are at least.
const CLOSEST: f32 = 2.0;
const BRAND_SIZE: f32 = 36.0;
/// Between two columns of titles.
const GUTTER: f32 = 48.0;
const COLUMN: f32 = (RIGHT - LEFT - GUTTER) / 2.0;
/// An artist of whom less is left to see is left out.
const LEAST_ARTIST: f32 = 150.0;

/// The picture as a PNG file.
///
/// # Errors
/// When there is no memory for it.
pub(super) fn draw(sheet: &Sheet) -> anyhow::Result<Vec<u8>> {
    let mut canvas = Canvas::new()?;
    head(&mut canvas, sheet);
    let told = told(&sheet.plays, 2 * ROWS, |letter| MEDIUM.has(letter));
    tape(&mut canvas, sheet, if told.is_empty() { TAPE_ALONE } else { TAPE });
    titles(&mut canvas, &told);
    canvas.png()
}

fn head(canvas: &mut Canvas, sheet: &Sheet) {
    let brand = brand(canvas);
    let name = legible(&sheet.name, |letter| BOLD.has(letter)).unwrap_or_else(|| sheet.login.clone());
    let room = RIGHT - LEFT - brand - GUTTER;
    let fits = |size: &f32| BOLD.width(&name, *size) <= room;
    let size = NAME_SIZES.into_iter().find(fits).unwrap_or(LEAST_NAME);
    canvas.write(&BOLD, &cut(&BOLD, &name, size, RIGHT - LEFT), size, (LEFT - size * 0.025, NAME), INK);
    let heading = cut(&MEDIUM, &sheet.heading, HEADING_SIZE, room);
    canvas.write(&MEDIUM, &heading, HEADING_SIZE, (LEFT, HEADING), INK);
    let beside = LEFT + MEDIUM.width(&heading, HEADING_SIZE) + HEADING_SIZE * 0.6;
    canvas.write(&MEDIUM, &sheet.count, HEADING_SIZE, (beside, HEADING), SOFT);
}

/// The name of the house with its lamp, in the upper right corner; how wide it is.
fn brand(canvas: &mut Canvas) -> f32 {
    let (radius, y) = (BRAND_SIZE * 0.25, NAME - 62.0);
    let width = BOLD.width("airlog", BRAND_SIZE) + BRAND_SIZE * 0.18 + 2.0 * radius;
    canvas.write(&BOLD, "airlog", BRAND_SIZE, (RIGHT - width, y), INK);
    canvas.disc((RIGHT - radius, y - radius), radius, SIGNAL);
    width
}

/// The line with its breaks, the hours below it, and a record for each play.
fn tape(canvas: &mut Canvas, sheet: &Sheet, y: f32) {
    canvas.line((LEFT, RIGHT), y, 2.0, LINE);
    let Some(axis) = Axis::of(sheet) else { return };
    let width = record_width(axis, &sheet.plays, RIGHT - LEFT);
    let (from, to) = (LEFT + width / 2.0, RIGHT - width / 2.0);
    let x = |place: f32| from + (to - from) * place;
    for (begin, end) in axis.breaks(sheet) {
        let part = (x(begin), x(end).max(x(begin) + 12.0));
        canvas.line(part, y, 8.0, PAPER);
        canvas.dashes(part, y, 2.0, SOFT);
    }
    for (place, hour) in sheet.timezone.map(|timezone| axis.hours(timezone)).unwrap_or_default() {
        let left = x(place) - MEDIUM.width(&hour, HOUR_SIZE) / 2.0;
        canvas.write(&MEDIUM, &hour, HOUR_SIZE, (left, y + HOURS), SOFT);
    }
    let mut end = f32::MIN;
    for play in &sheet.plays {
        let at = x(axis.place(play.at));
        // However much was played, no more records are drawn than can be told apart.
        if at - end >= CLOSEST {
            canvas.record((at, y), width / 2.0, play.hue);
            end = at;
        }
    }
}

/// Some of the titles, oldest first: a few in large letters, more in two columns.
fn titles(canvas: &mut Canvas, titles: &[Told]) {
    let are_few = titles.len() <= ROWS;
    let (size, row, pitch) = if are_few { (34.0, 47.0, RIGHT - LEFT) } else { (27.0, 44.0, COLUMN + GUTTER) };
    let rows = || (0_u8..).take(ROWS).map(f32::from);
    let places =
        [LEFT, LEFT + pitch].into_iter().flat_map(|x| rows().map(move |nth| (x, TITLES + nth * row)));
    for (told, place) in titles.iter().zip(places) {
        title(canvas, told, place, (size, if are_few { pitch } else { COLUMN }));
    }
}

fn title(canvas: &mut Canvas, told: &Told, (x, y): (f32, f32), (size, width): (f32, f32)) {
    let radius = size * 0.36;
    canvas.record((x + radius, y - radius), radius, told.hue);
    let (begin, end) = (x + 2.0 * radius + size * 0.5, x + width);
    let name = cut(&MEDIUM, &told.name, size, end - begin);
    canvas.write(&MEDIUM, &name, size, (begin, y), INK);
    let beside = begin + MEDIUM.width(&name, size) + size * 0.45;
    let artist = cut(&MEDIUM, &told.artist, size, end - beside);
    if artist == told.artist || end - beside >= LEAST_ARTIST {
        canvas.write(&MEDIUM, &artist, size, (beside, y), SOFT);
    }
}

fn cut(face: &Face, text: &str, size: f32, width: f32) -> String {
    shortened(text, |text| face.width(text, size) <= width)
}

#[cfg(test)]
pub(super) mod tests;
