//! Covers: a few shapes in a harmonious palette, drawn from the album's id, always the same for the same id.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{RngExt as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// Five colours that go together: the first is the ground.
const PALETTES: &[[&str; 5]] = &[
    ["#e5482d", "#f2b134", "#31201c", "#f7e3c4", "#2c6e6a"],
    ["#2c6e6a", "#f2b134", "#e9f0e6", "#143b3f", "#e5482d"],
    ["#1d2b4f", "#f08a5d", "#f9ed69", "#b83b5e", "#6a2c70"],
    ["#f4ece0", "#d1495b", "#edae49", "#00798c", "#30323d"],
    ["#5b4b8a", "#f3a6b2", "#ffd8a8", "#2b2350", "#7dcfb6"],
    ["#0f3d3e", "#e2dcc8", "#f1a661", "#8d5b4c", "#3aa6a0"],
    ["#f6c8b6", "#a84448", "#7a1f3d", "#fbe9dd", "#3f6c7a"],
    ["#14213d", "#fca311", "#e5e5e5", "#3e5c90", "#ef6f6c"],
    ["#dfe7d8", "#6a8d73", "#e4b363", "#ef6461", "#313638"],
    ["#26323a", "#9fb8ad", "#f25f5c", "#ffe066", "#50798e"],
    ["#ffb997", "#843b62", "#f67e7d", "#0b032d", "#ffe3d3"],
    ["#3d405b", "#e07a5f", "#f4f1de", "#81b29a", "#f2cc8f"],
];

/// The cover of no music: a sleeping record.
const SILENCE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\" width=\"640\" height=\"640\">\
    <rect width=\"100\" height=\"100\" fill=\"#b9b2a3\"/><circle cx=\"50\" cy=\"50\" r=\"30\" fill=\"#a39b8b\"/>\
    <circle cx=\"50\" cy=\"50\" r=\"10\" fill=\"#b9b2a3\"/></svg>";

/// `GET /covers/{id}.svg`
pub(super) async fn cover(Path(file): Path<String>) -> Response {
    let id = file.strip_suffix(".svg").unwrap_or(&file);
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, draw(id)).into_response()
}

/// The cover of this id, an SVG of 640 by 640 pixels.
fn draw(id: &str) -> String {
    if id == "silence" {
        return SILENCE.to_owned();
    }
    let mut brush = Brush::of(id);
    let ground = format!("<rect width=\"100\" height=\"100\" fill=\"{}\"/>", brush.ground);
    let shapes = match brush.dice.random_range(0..6) {
        0 => brush.landscape(),
        1 => brush.rings(),
        2 => brush.tiles(),
        3 => brush.bands(),
        4 => brush.orbits(),
        _ => brush.arches(),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\" width=\"640\" height=\"640\">{ground}{shapes}</svg>"
    )
}

struct Brush {
    dice: StdRng,
    ground: &'static str,
    inks: Vec<&'static str>,
}

impl Brush {
    fn of(id: &str) -> Self {
        let mut dice = StdRng::from_seed(Sha256::digest(id).into());
        let palette = PALETTES.choose(&mut dice).unwrap_or(&PALETTES[0]);
        let mut inks = palette[1..].to_vec();
        inks.shuffle(&mut dice);
        Self { dice, ground: palette[0], inks }
    }

    fn between(&mut self, low: i32, high: i32) -> i32 {
        self.dice.random_range(low..=high)
    }

    /// A sun over hills.
    fn landscape(&mut self) -> String {
        let (x, y, r) = (self.between(25, 75), self.between(24, 46), self.between(16, 34));
        let sun = circle(x, y, r, self.inks[0]);
        sun + &(0..3).map(|layer| self.hill(layer)).collect::<String>()
    }

    fn hill(&mut self, layer: u8) -> String {
        let (top, lift, ink) =
            (54 + i32::from(layer) * 15, self.between(8, 20), self.inks[usize::from(layer) + 1]);
        let lift = if self.between(0, 1) == 0 { lift } else { -lift };
        format!("<path d=\"M0 100V{top}q25 {lift} 50 0t50 0v{}z\" fill=\"{ink}\"/>", 100 - top)
    }

    /// Rings around a point off the middle.
    fn rings(&mut self) -> String {
        let (x, y, r) = (self.between(20, 80), self.between(20, 80), self.between(5, 11));
        let radii = [78, 63, 48, 33, 18].into_iter().zip(self.inks.iter().cycle());
        let rings: String = radii.map(|(radius, ink)| circle(x, y, radius, ink)).collect();
        rings + &circle(100 - x, 100 - y, r, self.ground)
    }

    /// Sixteen tiles, most with a quarter of a disc.
    fn tiles(&mut self) -> String {
        (0..16).map(|n| self.tile(n % 4 * 25, n / 4 * 25)).collect()
    }

    fn tile(&mut self, x: i32, y: i32) -> String {
        let ink = self.inks.choose(&mut self.dice).copied().unwrap_or(self.ground);
        let quarter = |x: i32, y: i32, side: &str, arc: &str| {
            format!("<path d=\"M{x} {y}l{side}a25 25 0 0 1 {arc}z\" fill=\"{ink}\"/>")
        };
        match self.dice.random_range(0..6) {
            0 => quarter(x, y, "25 0", "-25 25"),
            1 => quarter(x + 25, y, "0 25", "-25 -25"),
            2 => quarter(x + 25, y + 25, "-25 0", "25 -25"),
            3 => quarter(x, y + 25, "0 -25", "25 25"),
            4 => circle(x + 12, y + 12, 8, ink),
            _ => String::new(),
        }
    }

    /// Slanted bands and a disc.
    fn bands(&mut self) -> String {
        let (slant, start) = (self.between(18, 44), self.between(-40, -20));
        let bands: String =
            (0..4_u8).map(|n| self.band(start + i32::from(n) * 34, slant, usize::from(n))).collect();
        let (x, y, r) = (self.between(24, 76), self.between(24, 76), self.between(12, 20));
        bands + &circle(x, y, r, self.ground)
    }

    fn band(&mut self, from: i32, slant: i32, ink: usize) -> String {
        let width = self.between(12, 28);
        format!("<path d=\"M{from} 100l{slant} -100h{width}l-{slant} 100z\" fill=\"{}\"/>", self.inks[ink])
    }

    /// Thin orbits with bodies on them.
    fn orbits(&mut self) -> String {
        let sun = circle(50, 50, self.between(9, 16), self.inks[0]);
        sun + &(1..4).map(|n| self.orbit(n)).collect::<String>()
    }

    fn orbit(&mut self, nth: u8) -> String {
        let (ink, turn, size) = (self.inks[usize::from(nth)], self.between(0, 359), self.between(3, 7));
        let radius = 14 + i32::from(nth) * 10;
        format!(
            "<circle cx=\"50\" cy=\"50\" r=\"{radius}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.2\"/>\
             <circle cx=\"{}\" cy=\"50\" r=\"{size}\" fill=\"{ink}\" transform=\"rotate({turn} 50 50)\"/>",
            50 + radius
        )
    }

    /// Nested arches on a floor.
    fn arches(&mut self) -> String {
        let (middle, foot) = (self.between(38, 62), self.between(78, 92));
        let arch = |(half, ink): (i32, &&str)| {
            let (left, top, width) = (middle - half, foot - half - 10, 2 * half);
            format!("<path d=\"M{left} {foot}V{top}a{half} {half} 0 0 1 {width} 0V{foot}z\" fill=\"{ink}\"/>")
        };
        let arches: String = [40, 30, 20, 10].into_iter().zip(&self.inks).map(arch).collect();
        arches + &format!("<path d=\"M0 {foot}h100v{}H0z\" fill=\"{}\"/>", 100 - foot, self.inks[0])
    }
}

fn circle(x: i32, y: i32, r: i32, ink: &str) -> String {
    format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{ink}\"/>")
}
