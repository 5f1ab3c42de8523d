//! The letters of the pictures: which there are, how wide a text is, and its outline. The font is embedded; what it does
//! not have is left out before it gets here.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider as _;
use skrifa::raw::tables::gpos::{PairPos, PositionLookup};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use std::sync::LazyLock;
use tiny_skia::{Path, PathBuilder};

/// For names and headings.
pub(super) static BOLD: LazyLock<Face> =
    LazyLock::new(|| Face::new(include_bytes!("../../web/fonts/InterDisplay-Bold.otf")));
/// For everything else.
pub(super) static MEDIUM: LazyLock<Face> =
    LazyLock::new(|| Face::new(include_bytes!("../../web/fonts/Inter-Medium.otf")));

/// A font of one weight.
pub(super) struct Face {
    font: FontRef<'static>,
    /// So many units of the font are as long as the size of a text.
    units: f32,
}

impl Face {
    fn new(file: &'static [u8]) -> Self {
        let font = FontRef::new(file).expect("the embedded font is one");
        let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        Self { font, units }
    }

    /// Whether this letter can be written.
    pub(super) fn has(&self, letter: char) -> bool {
        self.font.charmap().map(letter).is_some()
    }

    /// How wide a text of this size is, in pixels.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        self.set(text, size).1
    }

    /// The outline of a text of this size that stands on `y` and begins at `x`; none where there is nothing to see.
    pub(super) fn outline(&self, text: &str, size: f32, (x, y): (f32, f32)) -> Option<Path> {
        let glyphs = self.font.outline_glyphs();
        let mut path = PathBuilder::new();
        for (glyph, offset) in self.set(text, size).0 {
            let mut pen = Pen { path: &mut path, x: x + offset, y };
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            // A letter that cannot be drawn is a blank.
            let _ = glyphs.get(glyph).map(|outline| outline.draw(settings, &mut pen));
        }
        path.finish()
    }

    /// Each letter with its place, and how wide they are together.
    fn set(&self, text: &str, size: f32) -> (Vec<(GlyphId, f32)>, f32) {
        let (charmap, scale) = (self.font.charmap(), size / self.units);
        let metrics = self.font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let (mut placed, mut x, mut before) = (Vec::new(), 0.0, None);
        for glyph in text.chars().filter_map(|letter| charmap.map(letter)) {
            x += before.map_or(0.0, |before| self.kerning(before, glyph)) * scale;
            placed.push((glyph, x));
            x += metrics.advance_width(glyph).unwrap_or_default() * scale;
            before = Some(glyph);
        }
        (placed, x)
    }

    /// How much further apart two letters stand than they would, in units of the font.
    fn kerning(&self, left: GlyphId, right: GlyphId) -> f32 {
        let Ok(lookups) = self.font.gpos().and_then(|gpos| gpos.lookup_list()) else { return 0.0 };
        let pairs = lookups.lookups().iter().filter_map(|lookup| match lookup {
            Ok(PositionLookup::Pair(pairs)) => Some(pairs),
            _ => None,
        });
        let mut subtables = pairs.flat_map(|pairs| pairs.subtables().iter().flatten().collect::<Vec<_>>());
        subtables.find_map(|pairs| advance(&pairs, left, right)).map_or(0.0, f32::from)
    }
}

/// What a table of pairs says of these two, if it is the one that decides on the left of them.
fn advance(pairs: &PairPos<'_>, left: GlyphId, right: GlyphId) -> Option<i16> {
    match pairs {
        PairPos::Format1(pairs) => {
            let covered = usize::try_from(pairs.coverage().ok()?.get(left)?).ok()?;
            let set = pairs.pair_sets().get(covered).ok()?;
            let mut records = set.pair_value_records().iter().flatten();
            records.find(|pair| GlyphId::from(pair.second_glyph()) == right)?.value_record1().x_advance()
        }
        PairPos::Format2(pairs) => {
            pairs.coverage().ok()?.get(left)?;
            let class = |classes: skrifa::raw::tables::layout::ClassDef<'_>, glyph: GlyphId| {
                usize::try_from(classes.get(glyph)).ok()
            };
            let first = class(pairs.class_def1().ok()?, left)?;
            let second = class(pairs.class_def2().ok()?, right)?;
            let record = pairs.class1_records().get(first).ok()?.class2_records().get(second).ok()?;
            record.value_record1().x_advance()
        }
        // For fonts of more letters than ours has.
        PairPos::Format3(_) | PairPos::Format4(_) => None,
    }
}

/// Puts outlines, which grow upward, into a path, which grows downward.
struct Pen<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + cx0, self.y - cy0, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + cx0, self.y - cy0, self.x + cx1, self.y - cy1, self.x + x, self.y - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
