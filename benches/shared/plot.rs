//! Plots as SVG, readable on light and dark paper, with the fonts that are there.

use std::fmt::Write as _;

const LEFT: f64 = 84.0;
const TOP: f64 = 84.0;
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 270.0;
/// Where the legend stands.
const BESIDE: f64 = LEFT + WIDTH + 36.0;

const STYLE: &str = r#"  <style>
    .paper { fill: #f7f4ee }
    text { fill: #1b1a18; font: 400 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
    .head { font-weight: 600; font-size: 15px }
    .soft { fill: #67625a }
    .grid { stroke: #d5cdbd }
    .ours { stroke: #b3331c }
    .theirs { stroke: #67625a }
    .line { fill: none; stroke-width: 2 }
    .dashed { stroke-dasharray: 6 4 }
    .mark { stroke-width: 2; fill: #f7f4ee }
    .full.ours { fill: #b3331c }
    .full.theirs { fill: #67625a }
    .ring { fill: none; stroke: #1b1a18; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #121316 }
      text { fill: #f1eee8 }
      .soft { fill: #a09b91 }
      .grid { stroke: #3a3e45 }
      .ours { stroke: #ff8f78 }
      .theirs { stroke: #a09b91 }
      .mark { fill: #121316 }
      .full.ours { fill: #ff8f78 }
      .full.theirs { fill: #a09b91 }
      .ring { stroke: #f1eee8 }
    }
  </style>
"#;

/// A plot: points are given as shares of the width from the left and of the height from below.
pub struct Plot {
    pub title: &'static str,
    pub subtitle: String,
    pub description: &'static str,
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    /// What is written beside which point.
    pub notes: Vec<(Point, String)>,
    /// The point that is marked by a ring, and what it is.
    pub ring: Option<(Point, String)>,
}

/// From the left, and from below; each from 0 to 1.
pub type Point = (f64, f64);

/// An axis: what it counts, and where which number stands.
pub struct Axis {
    pub label: &'static str,
    pub ticks: Vec<(f64, String)>,
}

/// Points that belong together.
pub struct Series {
    pub name: String,
    pub look: Look,
    pub points: Vec<Point>,
}

/// How a series is told from others: not by colour alone.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub ours: bool,
    pub full: bool,
    pub joined: bool,
    pub shape: Shape,
}

/// The shape of a point.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    Circle,
    Square,
    Diamond,
}

impl Plot {
    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::from(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 420" role="img" aria-labelledby="title description">"#,
        );
        let _ = write!(svg, "\n  <title id=\"title\">{}</title>\n", self.title);
        let _ = writeln!(svg, "  <desc id=\"description\">{}</desc>", self.description);
        svg += STYLE;
        svg += "  <rect class=\"paper\" width=\"880\" height=\"420\" rx=\"16\"/>\n";
        svg += &text("head", (LEFT, 36.0), "start", self.title);
        svg += &text("soft", (LEFT, 56.0), "start", &self.subtitle);
        self.axes(&mut svg);
        for (number, series) in (0_u8..).zip(&self.series) {
            series.draw(&mut svg);
            series.explain(&mut svg, TOP + 8.0 + 26.0 * f64::from(number));
        }
        self.remarks(&mut svg);
        svg + "</svg>\n"
    }

    fn axes(&self, svg: &mut String) {
        for (share, tick) in &self.y.ticks {
            let (_, y) = place((0.0, *share));
            let _ = writeln!(svg, r#"  <path class="grid" d="M{LEFT} {y:.1}h{WIDTH}"/>"#);
            *svg += &text("soft", (LEFT - 10.0, y + 4.0), "end", tick);
        }
        for (share, tick) in &self.x.ticks {
            let (x, y) = place((*share, 0.0));
            let _ = writeln!(svg, r#"  <path class="grid" d="M{x:.1} {y:.1}v6"/>"#);
            *svg += &text("soft", (x, y + 22.0), "middle", tick);
        }
        *svg += &text("", (LEFT + WIDTH / 2.0, TOP + HEIGHT + 46.0), "middle", self.x.label);
        let (x, y) = (28.0, TOP + HEIGHT / 2.0);
        let _ = writeln!(
            svg,
            r#"  <text x="{x}" y="{y}" text-anchor="middle" transform="rotate(-90 {x} {y})">{}</text>"#,
            self.y.label
        );
    }

    fn remarks(&self, svg: &mut String) {
        for (point, note) in &self.notes {
            let (x, y) = place(*point);
            *svg += &text("soft", (x, y - 9.0), "middle", note);
        }
        if let Some((point, name)) = &self.ring {
            let (x, y) = place(*point);
            Look { ours: true, full: true, joined: false, shape: Shape::Circle }.mark(svg, (x, y));
            let _ = writeln!(svg, r#"  <circle class="ring" cx="{x:.1}" cy="{y:.1}" r="9"/>"#);
            *svg += &text("", (x, y + 26.0), "middle", name);
        }
    }
}

impl Series {
    fn draw(&self, svg: &mut String) {
        let places: Vec<Point> = self.points.iter().copied().map(place).collect();
        if self.look.joined {
            let steps: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            self.look.line(svg, &format!("M{}", steps.join("L")));
        }
        for point in places {
            self.look.mark(svg, point);
        }
    }

    fn explain(&self, svg: &mut String, y: f64) {
        if self.look.joined {
            self.look.line(svg, &format!("M{BESIDE} {y}h32"));
        }
        self.look.mark(svg, (BESIDE + 16.0, y));
        *svg += &text("", (BESIDE + 42.0, y + 4.0), "start", &self.name);
    }
}

impl Look {
    fn line(self, svg: &mut String, way: &str) {
        let dashed = if self.full { "" } else { " dashed" };
        let _ = writeln!(svg, r#"  <path class="line {}{dashed}" d="{way}"/>"#, self.whose());
    }

    fn mark(self, svg: &mut String, (x, y): Point) {
        let class = format!("mark {}{}", self.whose(), if self.full { " full" } else { "" });
        let _ = match self.shape {
            Shape::Circle => writeln!(svg, r#"  <circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="4"/>"#),
            Shape::Square => {
                let (x, y) = (x - 4.0, y - 4.0);
                writeln!(svg, r#"  <path class="{class}" d="M{x:.1} {y:.1}h8v8h-8z"/>"#)
            }
            Shape::Diamond => {
                let y = y - 5.5;
                writeln!(svg, r#"  <path class="{class}" d="M{x:.1} {y:.1}l5.5 5.5-5.5 5.5-5.5-5.5z"/>"#)
            }
        };
    }

    fn whose(self) -> &'static str {
        if self.ours { "ours" } else { "theirs" }
    }
}

/// Where a point stands on the paper.
fn place((from_left, from_below): Point) -> Point {
    (LEFT + WIDTH * from_left, TOP + HEIGHT * (1.0 - from_below))
}

fn text(class: &str, (x, y): Point, anchor: &str, words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    format!("  <text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>\n")
}
