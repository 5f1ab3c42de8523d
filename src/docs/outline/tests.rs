//! The document holds what it promises: its references lead somewhere, its examples fit, and it knows the routes that the
//! house has, no more and no fewer.

use super::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn value() -> Value {
    serde_json::from_str(TEXT).expect("JSON")
}

/// Calls `visit` with each object of the document.
fn walk(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|value| walk(value, visit));
        }
        Value::Array(list) => list.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// The routes of the house that programs use, as the sources name them.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("twins") {
            routes(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let named = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            let for_programs =
                |path: &&str| ["/api/", "/health/", "/metrics"].iter().any(|start| path.starts_with(start));
            found.extend(named.filter(for_programs).map(str::to_owned));
        }
    }
}

#[test]
fn the_document_reads_and_bears_the_version_of_the_program() {
    assert_eq!(value()["openapi"], "3.1.0");
    assert_eq!(DOCUMENT.info.version, env!("CARGO_PKG_VERSION"));
}

#[test]
fn it_describes_exactly_the_routes_that_there_are() {
    let mut routes_there = BTreeSet::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes_there);
    let described: BTreeSet<String> = DOCUMENT.paths.iter().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(described, routes_there);
}

#[test]
fn every_reference_leads_somewhere() {
    let (whole, mut seen) = (value(), 0);
    walk(&whole, &mut |object| {
        if let Some(address) = object.get("$ref").and_then(Value::as_str) {
            let place = address.strip_prefix('#').expect("a reference within the document");
            assert!(whole.pointer(place).is_some(), "{address} leads nowhere");
            seen += 1;
        }
    });
    assert!(seen > 50);
}

#[test]
fn every_operation_is_in_a_group_and_names_the_parameters_of_its_path() {
    let shown: usize = groups(&DOCUMENT).iter().map(|group| group.operations.len()).sum();
    assert_eq!(shown, DOCUMENT.paths.iter().map(|(_, methods)| methods.iter().count()).sum::<usize>());
    for operation in groups(&DOCUMENT).into_iter().flat_map(|group| group.operations) {
        let in_path = operation.parameters.iter().filter(|parameter| parameter.told.place == "path");
        let named: Vec<String> = in_path.map(|parameter| format!("{{{}}}", parameter.told.name)).collect();
        assert_eq!(named.len(), operation.path.matches('{').count(), "{}", operation.path);
        assert!(named.iter().all(|name| operation.path.contains(name)), "{}", operation.path);
    }
}

#[test]
fn every_example_has_the_properties_of_its_schema() {
    for (name, schema) in DOCUMENT.components.schemas.iter() {
        if let Some(example) = &schema.example {
            fits(name, schema, example);
        }
        let missing = schema.required.iter().find(|required| schema.properties.get(required).is_none());
        assert_eq!(missing, None, "{name} requires what it does not describe");
    }
}

fn fits(name: &str, schema: &Schema, example: &Json) {
    let schema = DOCUMENT.schema(schema).expect("a schema");
    let Json::Object(example) = example else { return };
    let alternatives = schema.one_of.iter().filter_map(|one| DOCUMENT.schema(one));
    let Some(schema) = alternatives.chain([schema]).find(|one| one.properties.iter().next().is_some()) else {
        panic!("{name}: an object where none is described")
    };
    for required in &schema.required {
        assert!(example.get(required).is_some(), "{name}: the example lacks {required}");
    }
    for (key, value) in example.iter() {
        let property = schema.properties.get(key);
        fits(name, property.unwrap_or_else(|| panic!("{name}: {key} is not described")), value);
    }
}

#[test]
fn a_track_and_a_gap_are_described_as_they_are_sent() {
    use crate::base::id::{GapId, PlayId};
    use crate::hub::{Gap, Track, TrackFacts};
    let at = chrono::DateTime::UNIX_EPOCH;
    let track: Track = TrackFacts {
        id: PlayId::derived(at, &["a"]),
        provider: "spotify",
        provider_id: None,
        uri: String::new(),
        name: String::new(),
        artist: String::new(),
        artists: Vec::new(),
        album: None,
        duration_ms: 0,
        started_at: at,
        url: None,
        image_url: None,
        source: "poll",
    }
    .into();
    let gap = Gap { id: GapId::random(at), from: at, to: None, healed: false, reason: "paused" };
    assert_eq!(described("Track"), sent(&track));
    assert_eq!(described("Gap"), sent(&gap));
}

fn described(name: &str) -> BTreeSet<String> {
    let schema = DOCUMENT.components.schemas.get(name).expect("a schema");
    schema.properties.iter().map(|(name, _)| name.to_owned()).collect()
}

fn sent(value: &impl serde::Serialize) -> BTreeSet<String> {
    let value = serde_json::to_value(value).expect("JSON");
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn what_stands_between_backticks_is_code() {
    assert_eq!(
        paragraphs("Use `after`.\n\nThen wait."),
        vec![vec![(false, "Use "), (true, "after"), (false, ".")], vec![(false, "Then wait.")]]
    );
}
