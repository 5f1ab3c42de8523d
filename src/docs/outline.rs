//! What the page lists, from the document: groups of operations, then the shapes that they speak of. Pure.

use super::kind::{Word, literal, words};
use super::model::{self, Document, Json, Schema};
use std::sync::LazyLock;

/// The document, as it is served.
pub(super) const TEXT: &str = include_str!("../../web/openapi.json");

/// The document, read once.
pub(super) static DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| serde_json::from_str(TEXT).expect("the document is embedded, and a test reads it"));

/// Operations that belong together.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One thing that can be asked.
pub(super) struct Operation<'a> {
    pub(super) method: String,
    pub(super) path: &'a str,
    pub(super) told: &'a model::Operation,
    pub(super) parameters: Vec<Parameter<'a>>,
    /// What the question brings.
    pub(super) body: Option<Answer<'a>>,
    pub(super) answers: Vec<Answer<'a>>,
}

/// What the question may say.
pub(super) struct Parameter<'a> {
    pub(super) told: &'a model::Parameter,
    pub(super) kind: Vec<Word>,
    pub(super) default: Option<String>,
}

/// What may be answered.
pub(super) struct Answer<'a> {
    pub(super) status: &'a str,
    pub(super) description: &'a str,
    pub(super) media: &'a str,
    pub(super) kind: Vec<Word>,
    pub(super) example: Option<String>,
}

/// A shared schema.
pub(super) struct Shape<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    /// What it is when it has no fields.
    pub(super) kind: Vec<Word>,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) example: Option<String>,
}

/// A part of a shape.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) is_optional: bool,
    pub(super) kind: Vec<Word>,
    pub(super) description: &'a str,
}

/// The operations by tag, in the order of the document.
pub(super) fn groups(document: &Document) -> Vec<Group<'_>> {
    let group = |tag: &'_ model::Tag| operations(document, &tag.name);
    let tags = document.tags.iter();
    tags.map(|tag| Group { name: &tag.name, description: &tag.description, operations: group(tag) }).collect()
}

fn operations<'a>(document: &'a Document, tag: &str) -> Vec<Operation<'a>> {
    let all = document.paths.iter().flat_map(|(path, methods)| methods.iter().map(move |m| (path, m)));
    all.filter(|(_, (_, told))| told.tags.iter().any(|name| name == tag))
        .map(|(path, (method, told))| operation(document, path, method, told))
        .collect()
}

fn operation<'a>(
    document: &'a Document,
    path: &'a str,
    method: &str,
    told: &'a model::Operation,
) -> Operation<'a> {
    let parameters = told.parameters.iter().filter_map(|shared| document.parameter(shared));
    let responses = told.responses.iter();
    Operation {
        method: method.to_uppercase(),
        path,
        told,
        parameters: parameters.map(parameter).collect(),
        body: told.body.as_ref().map(|body| answer("", body)),
        answers: responses
            .filter_map(|(status, shared)| Some(answer(status, document.response(shared)?)))
            .collect(),
    }
}

fn parameter(told: &model::Parameter) -> Parameter<'_> {
    Parameter { told, kind: words(&told.schema), default: told.schema.default.as_ref().map(literal) }
}

fn answer<'a>(status: &'a str, told: &'a model::Response) -> Answer<'a> {
    let (media, content) = told.content.iter().next().unzip();
    Answer {
        status,
        description: &told.description,
        media: media.unwrap_or_default(),
        kind: content.map(|content| words(&content.schema)).unwrap_or_default(),
        example: content.and_then(|content| content.example.as_ref()).map(pretty),
    }
}

/// The shared schemas, in the order of the document.
pub(super) fn shapes(document: &Document) -> Vec<Shape<'_>> {
    document.components.schemas.iter().map(|(name, schema)| shape(document, name, schema)).collect()
}

fn shape<'a>(document: &'a Document, name: &'a str, schema: &'a Schema) -> Shape<'a> {
    let fields: Vec<_> =
        schema.properties.iter().map(|(name, property)| field(document, schema, name, property)).collect();
    Shape {
        name,
        description: schema.description.as_deref().unwrap_or_default(),
        kind: if fields.is_empty() { words(schema) } else { Vec::new() },
        fields,
        example: schema.example.as_ref().map(pretty),
    }
}

/// A field that stands for a shared schema and says nothing itself is described by that schema.
fn field<'a>(document: &'a Document, of: &Schema, name: &'a str, property: &'a Schema) -> Field<'a> {
    let shared = document.schema(property).and_then(|schema| schema.description.as_deref());
    Field {
        name,
        is_optional: !of.required.iter().any(|required| required == name),
        kind: words(property),
        description: property.description.as_deref().or(shared).unwrap_or_default(),
    }
}

/// A text as it is, anything else as JSON.
fn pretty(example: &Json) -> String {
    match example {
        Json::Simple(serde_json::Value::String(text)) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

/// The paragraphs of a text, each as pieces that are code or not: what stands between backticks is code.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<(bool, &str)>> {
    let pieces = |paragraph| str::split(paragraph, '`').enumerate().map(|(n, text)| (n % 2 == 1, text));
    text.split("\n\n").map(|paragraph| pieces(paragraph).collect()).collect()
}

#[cfg(test)]
mod tests;
