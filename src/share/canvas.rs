//! The sheet of paper and what can be put on it: text, lines, records.

use super::font::Face;
use anyhow::Context as _;
use tiny_skia::{
    Color, FillRule, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, Rect, Shader,
    SpreadMode, Stroke, StrokeDash, Transform,
};

/// Size of a picture, in pixels.
pub(super) const WIDTH: u16 = 1200;
pub(super) const HEIGHT: u16 = 630;

/// Colours of the house as `0xRRGGBB`, as in `airlog.css`.
pub(super) const PAPER: u32 = 0x00f7_f4ee;
pub(super) const INK: u32 = 0x001b_1a18;
pub(super) const SOFT: u32 = 0x0067_625a;
pub(super) const LINE: u32 = 0x00cf_c7b8;
pub(super) const SIGNAL: u32 = 0x00e5_482d;
/// The two colours of each record.
const RECORDS: [(u32, u32); 8] = [
    (0x00e9_c46a, 0x00c9_753d),
    (0x007f_a99b, 0x002c_6e6a),
    (0x00b7_a3c9, 0x005b_4b8a),
    (0x00d8_a48f, 0x008c_4a3c),
    (0x009f_b3c8, 0x003d_5a80),
    (0x00c7_c08a, 0x006b_7a3a),
    (0x00d9_b8c4, 0x008a_4b66),
    (0x00b8_ada0, 0x005d_564d),
];
/// The grooves of a record: how far out they are, of its radius.
const GROOVES: [f32; 5] = [0.42, 0.54, 0.66, 0.78, 0.9];

/// A sheet of paper.
pub(super) struct Canvas(Pixmap);

impl Canvas {
    /// An empty sheet.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut sheet = Pixmap::new(u32::from(WIDTH), u32::from(HEIGHT)).context("no room for a picture")?;
        sheet.fill(colour(PAPER, 1.0));
        Ok(Self(sheet))
    }

    /// The picture as a PNG file.
    pub(super) fn png(&self) -> anyhow::Result<Vec<u8>> {
        self.0.encode_png().context("encoding a picture")
    }

    /// A text that stands on `y` and begins at `x`.
    pub(super) fn write(&mut self, face: &Face, text: &str, size: f32, at: (f32, f32), ink: u32) {
        if let Some(letters) = face.outline(text, size, at) {
            self.fill(&letters, &flat(ink, 1.0));
        }
    }

    /// A level line on `y`.
    pub(super) fn line(&mut self, (from, to): (f32, f32), y: f32, width: f32, ink: u32) {
        if let Some(bar) = Rect::from_ltrb(from, y - width / 2.0, to, y + width / 2.0) {
            self.fill(&PathBuilder::from_rect(bar), &flat(ink, 1.0));
        }
    }

    /// A broken line on `y`.
    pub(super) fn dashes(&mut self, (from, to): (f32, f32), y: f32, width: f32, ink: u32) {
        let mut path = PathBuilder::new();
        path.move_to(from, y);
        path.line_to(to, y);
        let stroke = Stroke { width, dash: StrokeDash::new(vec![4.0, 8.0], 0.0), ..Stroke::default() };
        if let Some(path) = path.finish() {
            self.stroke(&path, &flat(ink, 1.0), &stroke);
        }
    }

    /// A disc around a point.
    pub(super) fn disc(&mut self, at: (f32, f32), radius: f32, ink: u32) {
        self.circle(at, radius, &flat(ink, 1.0));
    }

    /// A record around a point, with a rim of paper that parts it from the one below.
    pub(super) fn record(&mut self, at: (f32, f32), radius: f32, hue: u32) {
        let (bright, dark) = RECORDS[hue as usize % RECORDS.len()];
        self.disc(at, radius + (radius / 16.0).max(1.5), PAPER);
        self.circle(at, radius, &slope(at, radius, bright, dark));
        let groove = Stroke { width: (radius / 60.0).max(0.8), ..Stroke::default() };
        for share in GROOVES {
            if let Some(circle) = PathBuilder::from_circle(at.0, at.1, radius * share) {
                self.stroke(&circle, &flat(INK, 0.1), &groove);
            }
        }
        for (share, ink) in [(0.3, dark), (0.26, bright), (0.075, PAPER)] {
            self.disc(at, radius * share, ink);
        }
    }

    fn circle(&mut self, (x, y): (f32, f32), radius: f32, paint: &Paint<'_>) {
        if let Some(circle) = PathBuilder::from_circle(x, y, radius) {
            self.fill(&circle, paint);
        }
    }

    fn fill(&mut self, path: &Path, paint: &Paint<'_>) {
        self.0.fill_path(path, paint, FillRule::Winding, Transform::identity(), None);
    }

    fn stroke(&mut self, path: &Path, paint: &Paint<'_>, stroke: &Stroke) {
        self.0.stroke_path(path, paint, stroke, Transform::identity(), None);
    }
}

fn colour(ink: u32, alpha: f32) -> Color {
    let [_, red, green, blue] = ink.to_be_bytes();
    let mut colour = Color::from_rgba8(red, green, blue, u8::MAX);
    colour.set_alpha(alpha);
    colour
}

fn flat(ink: u32, alpha: f32) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(colour(ink, alpha)), anti_alias: true, ..Paint::default() }
}

/// From the upper left to the lower right of a circle, as in the styles.
fn slope((x, y): (f32, f32), radius: f32, from: u32, to: u32) -> Paint<'static> {
    let edge = radius * std::f32::consts::FRAC_1_SQRT_2;
    let stops = vec![GradientStop::new(0.0, colour(from, 1.0)), GradientStop::new(1.0, colour(to, 1.0))];
    let (start, end) = (Point::from_xy(x - edge, y - edge), Point::from_xy(x + edge, y + edge));
    let gradient = LinearGradient::new(start, end, stops, SpreadMode::Pad, Transform::identity());
    let shader = gradient.unwrap_or(Shader::SolidColor(colour(to, 1.0)));
    Paint { shader, anti_alias: true, ..Paint::default() }
}
