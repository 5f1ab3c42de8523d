//! A scene collection has the shape in which OBS saves one, and everything in it is in sight.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// A collection in the shape in which OBS 32.2 saves it: `OBSBasic::Save`, `obs_save_source`, `scene_save_item`.
const EXPORT: &str = include_str!("export.json");

fn card() -> Browser<'static> {
    let url = "http://127.0.0.1:8080/overlay/ann/now-playing?style=card&font=Größe \"x\"";
    Browser { name: "Now playing", url, size: (650, 170), align: Align::Left }
}

fn tracks() -> Browser<'static> {
    let url = "http://127.0.0.1:8080/overlay/ann/tracks";
    Browser { name: "Last tracks", url, size: (480, 400), align: Align::TopRight }
}

fn written(browsers: &[Browser<'_>]) -> Value {
    serde_json::from_str(&collection(browsers)).expect("a collection is JSON")
}

/// Whether all that stands in `ours` stands in `theirs`, in the same shape.
fn fits(ours: &Value, theirs: &Value, at: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => ours.iter().for_each(|(key, value)| {
            let their = theirs.get(key).unwrap_or_else(|| panic!("OBS saves no {at}.{key}"));
            fits(value, their, &format!("{at}.{key}"));
        }),
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.iter().zip(theirs).for_each(|(ours, theirs)| fits(ours, theirs, at));
        }
        (ours, theirs) => {
            assert_eq!(std::mem::discriminant(ours), std::mem::discriminant(theirs), "{at}");
        }
    }
}

#[test]
fn it_has_the_shape_in_which_obs_saves_one() {
    let export: Value = serde_json::from_str(EXPORT).expect("the export is JSON");
    fits(&written(&[card()]), &export, "collection");
}

#[test]
fn sources_stand_in_the_only_scene() {
    let collection = written(&[card(), tracks()]);
    let sources = collection["sources"].as_array().expect("sources");
    let [page, list, scene] = &sources[..] else { panic!("{sources:?}") };
    assert_eq!(page["settings"]["url"], card().url);
    assert_eq!((&page["settings"]["width"], &list["settings"]["height"]), (&650.into(), &400.into()));
    assert_eq!(page["settings"]["css"], "");
    assert_eq!([&scene["name"], &collection["current_scene"]], ["Airlog", "Airlog"]);
    let items = scene["settings"]["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    for (item, source) in items.iter().zip(sources) {
        assert_eq!((&item["source_uuid"], &item["name"]), (&source["uuid"], &source["name"]));
        assert_eq!(item["visible"], true);
    }
    assert_ne!(page["uuid"], list["uuid"]);
}

#[test]
fn relative_and_absolute_places_are_the_same() {
    let item = item(1, &card());
    assert_eq!(item.pos, Point { x: 48.0, y: 862.0 });
    assert!((item.pos_rel.x - -1.688_888).abs() < 1e-4 && (item.pos_rel.y - 0.596_296).abs() < 1e-4);
}

#[test]
fn each_has_its_place_and_a_strip_lies_on_the_edge() {
    for (size, align, x, y) in [
        ((650, 170), Align::TopLeft, 48.0, 48.0),
        ((650, 170), Align::Bottom, 635.0, 862.0),
        ((650, 170), Align::Right, 1222.0, 862.0),
        ((1920, 72), Align::Left, 0.0, 1008.0),
        ((1920, 72), Align::Top, 0.0, 0.0),
        ((480, 1080), Align::TopRight, 1392.0, 0.0),
    ] {
        assert_eq!(placed(size, align), (Point { x, y }, 1.0), "{size:?} {align:?}");
    }
    let (corner, scale) = placed((480, 2160), Align::TopLeft);
    assert_eq!((corner, scale), (Point { x: 48.0, y: 0.0 }, 0.5), "what is too large is made smaller");
}

proptest! {
    #[test]
    fn nothing_is_out_of_sight(width in 0_u32..9_000, height in 0_u32..9_000, at in 0..Align::ALL.len()) {
        let (corner, scale) = placed((width, height), Align::ALL[at]);
        let (right, lower) = (corner.x + f64::from(width) * scale, corner.y + f64::from(height) * scale);
        prop_assert!(corner.x >= -1e-6 && corner.y >= -1e-6 && right <= CANVAS.x + 1e-6 && lower <= CANVAS.y + 1e-6);
    }
}
