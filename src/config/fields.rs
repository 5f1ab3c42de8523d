//! The walk over all fields, and the two walkers that need no file: one lists the keys, one takes values from a source.

use super::Config;
use super::error::{Cause, Place, Problem};
use super::kind::Kind;
use super::raw::Layer;

/// Is shown every field once.
pub(super) trait Visit {
    /// `name` is dotted: section and key.
    fn field<K: Kind>(&mut self, name: &'static str, kind: &K, value: &mut K::Value);
}

/// A known key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Section and key, such as `server.listen`.
    pub(super) name: &'static str,
    /// Whether it may come from a file of its own.
    pub(super) secret: bool,
}

impl Key {
    /// The section's name.
    pub(super) fn section(self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    /// The name within its section.
    pub(super) fn short(self) -> &'static str {
        self.name.split('.').next_back().unwrap_or_default()
    }
}

/// All keys there are, in the order of the shipped file.
pub(super) fn keys() -> Vec<Key> {
    let mut keys = Keys(Vec::new());
    Config::default().visit(&mut keys);
    keys.0
}

struct Keys(Vec<Key>);

impl Visit for Keys {
    fn field<K: Kind>(&mut self, name: &'static str, kind: &K, _: &mut K::Value) {
        self.0.push(Key { name, secret: kind.secret() });
    }
}

/// Puts the values of `layer` into `config`; returns those that are not allowed.
pub(super) fn apply(layer: Layer, config: &mut Config) -> Vec<Problem> {
    let mut reader = Reader { layer, taken: Vec::new(), problems: Vec::new() };
    config.visit(&mut reader);
    config.origins.extend(reader.taken);
    reader.problems
}

struct Reader {
    layer: Layer,
    taken: Vec<(&'static str, Place)>,
    problems: Vec<Problem>,
}

impl Visit for Reader {
    fn field<K: Kind>(&mut self, name: &'static str, kind: &K, value: &mut K::Value) {
        let Some(given) = self.layer.remove(name) else { return };
        if let Some(read) = kind.read(&given.raw) {
            *value = read;
            self.taken.push((name, given.place));
        } else {
            let cause = Cause::Value { key: name, value: kind.shown(&given.raw), allowed: kind.allowed() };
            self.problems.push(Problem { place: given.place, cause });
        }
    }
}
