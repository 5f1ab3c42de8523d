//! "Send to OBS": browser sources as a scene collection, which OBS takes under *Scene Collection → Import*.
//!
//! What is written is what OBS has no fitting default for, in the shape in which OBS 31 and 32 save it. Facts, from the
//! sources of OBS Studio 30.0, 31.0 and 32.2 and of obs-browser (`importers/studio.cpp`, `OBSBasic::LoadData`,
//! `scene_load_item`, `obs_load_source_type`, `browser_source_get_defaults`):
//!
//! - a file is a scene collection when it has `name`, `sources` and `current_scene`;
//! - `version` 2 has positions relative to the canvas's height (`…_rel`), so that they fit every canvas; OBS 30 and older
//!   read those in pixels, which stand beside them;
//! - an item without `visible` is hidden, one without `scale` has no size; `align` 5 is the upper left corner;
//! - a source says by `prev_ver` which OBS saved it; one that does not say it counts as older than all;
//! - the default `css` of a browser source puts margins on the page, and its default frame rate is 30.

#[cfg(test)]
mod tests;

use crate::overlay::model::Align;
use serde::Serialize;
use uuid::Uuid;

/// What the collection and its only scene are called.
const NAME: &str = "Airlog";
/// The canvas for which things are placed, in pixels.
const CANVAS: Point = Point { x: 1920.0, y: 1080.0 };
/// How far from the canvas's edges, in pixels.
const MARGIN: f64 = 48.0;
/// OBS 30.0.0, as OBS counts its versions.
const VERSION: u32 = 30 << 24;
/// Ids count up from here. They need to differ within a collection only.
const FIRST_ID: u128 = 0xa121_0600_0b50_4000_8000_0000_0000_0000;

/// A browser source to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Browser<'a> {
    /// What OBS lists it as; no two the same.
    pub name: &'a str,
    /// The whole address.
    pub url: &'a str,
    /// Its size in pixels.
    pub size: (u32, u32),
    /// Where on the canvas it belongs. What is in the middle of the height goes to the lower edge: games look at the middle.
    pub align: Align,
}

/// A scene collection with one scene, in which these stand, the first at the bottom.
///
/// # Panics
/// Never: what is written is made of texts and numbers only.
#[must_use]
pub fn collection(browsers: &[Browser<'_>]) -> String {
    let mut sources: Vec<Source<'_>> = (1..).zip(browsers).map(|(id, browser)| source(id, browser)).collect();
    sources.push(scene(browsers));
    let scene = Named { name: NAME };
    let collection = Collection {
        name: NAME,
        version: 2,
        resolution: CANVAS,
        current_scene: NAME,
        current_program_scene: NAME,
        scene_order: [scene],
        sources,
    };
    serde_json::to_string_pretty(&collection).expect("texts and numbers can be written")
}

fn source<'a>(id: u32, browser: &Browser<'a>) -> Source<'a> {
    let (width, height) = browser.size;
    let settings = Page {
        url: browser.url,
        width,
        height,
        fps: 60,
        css: "",
        shutdown: false,
        restart_when_active: false,
        reroute_audio: false,
        webpage_control_level: 0,
    };
    Source::new(id, browser.name, "browser_source", Settings::Page(settings))
}

fn scene<'a>(browsers: &[Browser<'a>]) -> Source<'a> {
    let items: Vec<Item<'a>> = (1..).zip(browsers).map(|(id, browser)| item(id, browser)).collect();
    let settings = Scene { id_counter: items.len(), custom_size: false, items };
    Source::new(0, NAME, "scene", Settings::Scene(settings))
}

fn item<'a>(id: u32, browser: &Browser<'a>) -> Item<'a> {
    let (pos, scale) = placed(browser.size, browser.align);
    let scale = Point { x: scale, y: scale };
    Item {
        name: browser.name,
        source_uuid: id_of(id),
        id,
        visible: true,
        locked: false,
        rot: 0.0,
        align: 5,
        bounds_type: 0,
        pos,
        pos_rel: Point { x: (2.0 * pos.x - CANVAS.x) / CANVAS.y, y: 2.0 * pos.y / CANVAS.y - 1.0 },
        scale,
        scale_rel: scale,
        scale_ref: CANVAS,
    }
}

/// Where the upper left corner goes, and how much smaller the source has to be to fit. What is as wide as the canvas goes
/// to its very edge.
fn placed((width, height): (u32, u32), align: Align) -> (Point, f64) {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let scale = (CANVAS.x / width).min(CANVAS.y / height).min(1.0);
    let room = Point { x: CANVAS.x - width * scale, y: CANVAS.y - height * scale };
    let margin = if room.x > 0.0 { MARGIN } else { 0.0 };
    let at =
        |room: f64, part: f64| (part * room).clamp(margin.min(room / 2.0), (room - margin).max(room / 2.0));
    let (x, y) = parts(align);
    (Point { x: at(room.x, x), y: at(room.y, y) }, scale)
}

/// How much of the room is left of it, and above it.
fn parts(align: Align) -> (f64, f64) {
    match align {
        Align::TopLeft => (0.0, 0.0),
        Align::Top => (0.5, 0.0),
        Align::TopRight => (1.0, 0.0),
        Align::Left | Align::BottomLeft => (0.0, 1.0),
        Align::Center | Align::Bottom => (0.5, 1.0),
        Align::Right | Align::BottomRight => (1.0, 1.0),
    }
}

fn id_of(id: u32) -> String {
    Uuid::from_u128(FIRST_ID + u128::from(id)).to_string()
}

#[derive(Serialize)]
struct Collection<'a> {
    name: &'a str,
    version: u32,
    resolution: Point,
    current_scene: &'a str,
    current_program_scene: &'a str,
    scene_order: [Named<'a>; 1],
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Source<'a> {
    prev_ver: u32,
    name: &'a str,
    uuid: String,
    id: &'a str,
    versioned_id: &'a str,
    settings: Settings<'a>,
}

impl<'a> Source<'a> {
    fn new(number: u32, name: &'a str, kind: &'a str, settings: Settings<'a>) -> Self {
        Self { prev_ver: VERSION, name, uuid: id_of(number), id: kind, versioned_id: kind, settings }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Settings<'a> {
    Page(Page<'a>),
    Scene(Scene<'a>),
}

#[derive(Serialize)]
struct Page<'a> {
    url: &'a str,
    width: u32,
    height: u32,
    fps: u32,
    css: &'a str,
    shutdown: bool,
    restart_when_active: bool,
    reroute_audio: bool,
    webpage_control_level: u32,
}

#[derive(Serialize)]
struct Scene<'a> {
    id_counter: usize,
    custom_size: bool,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    source_uuid: String,
    id: u32,
    visible: bool,
    locked: bool,
    rot: f64,
    align: u32,
    bounds_type: u32,
    pos: Point,
    pos_rel: Point,
    scale: Point,
    scale_rel: Point,
    scale_ref: Point,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Point {
    x: f64,
    y: f64,
}
