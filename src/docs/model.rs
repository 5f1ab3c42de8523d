//! As much of an `OpenAPI` 3.1 document as the page shows.

use super::ordered::Ordered;
use serde::{Deserialize, Serialize};

/// The document.
#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) info: Info,
    pub(super) tags: Vec<Tag>,
    /// By path, then by method in lower case.
    pub(super) paths: Ordered<Ordered<Operation>>,
    pub(super) components: Components,
}

/// What the document says about itself.
#[derive(Debug, Deserialize)]
pub(super) struct Info {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds it against the crate's version"))]
    pub(super) version: String,
    pub(super) description: String,
}

/// A group of operations.
#[derive(Debug, Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) description: String,
}

/// What can be asked.
#[derive(Debug, Deserialize)]
pub(super) struct Operation {
    #[serde(rename = "operationId")]
    pub(super) id: String,
    pub(super) tags: Vec<String>,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) parameters: Vec<Shared<Parameter>>,
    #[serde(rename = "requestBody")]
    pub(super) body: Option<Response>,
    pub(super) responses: Ordered<Shared<Response>>,
    #[serde(default, rename = "x-codeSamples")]
    pub(super) samples: Vec<Sample>,
}

/// Something written here, or the address of it among the components.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Shared<T> {
    There {
        #[serde(rename = "$ref")]
        address: String,
    },
    Here(T),
}

/// What a question may say.
#[derive(Debug, Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "in")]
    pub(super) place: String,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) description: String,
    pub(super) schema: Schema,
}

/// What may be answered, or asked with.
#[derive(Debug, Deserialize)]
pub(super) struct Response {
    pub(super) description: String,
    #[serde(default)]
    pub(super) content: Ordered<Content>,
}

/// A body of one media type.
#[derive(Debug, Deserialize)]
pub(super) struct Content {
    pub(super) schema: Schema,
    pub(super) example: Option<Json>,
}

/// A question as one would write it.
#[derive(Debug, Deserialize)]
pub(super) struct Sample {
    pub(super) lang: String,
    pub(super) source: String,
}

/// What is shared.
#[derive(Debug, Deserialize)]
pub(super) struct Components {
    pub(super) parameters: Ordered<Parameter>,
    pub(super) responses: Ordered<Response>,
    pub(super) schemas: Ordered<Schema>,
}

/// What a value looks like.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$ref")]
    pub(super) address: Option<String>,
    pub(super) description: Option<String>,
    #[serde(rename = "type")]
    pub(super) types: Option<Types>,
    pub(super) format: Option<String>,
    #[serde(rename = "enum")]
    pub(super) choices: Vec<Json>,
    #[serde(rename = "const")]
    pub(super) constant: Option<Json>,
    pub(super) default: Option<Json>,
    pub(super) items: Option<Box<Schema>>,
    pub(super) one_of: Vec<Schema>,
    pub(super) properties: Ordered<Schema>,
    pub(super) required: Vec<String>,
    pub(super) example: Option<Json>,
}

/// One type or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Types {
    One(String),
    Many(Vec<String>),
}

/// A value as it was written.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Json {
    Object(Ordered<Json>),
    List(Vec<Json>),
    Simple(serde_json::Value),
}

impl Document {
    /// The parameter that `shared` is or names; none when the name leads nowhere.
    pub(super) fn parameter<'a>(&'a self, shared: &'a Shared<Parameter>) -> Option<&'a Parameter> {
        shared.resolve(&self.components.parameters, "#/components/parameters/")
    }

    /// The response that `shared` is or names; none when the name leads nowhere.
    pub(super) fn response<'a>(&'a self, shared: &'a Shared<Response>) -> Option<&'a Response> {
        shared.resolve(&self.components.responses, "#/components/responses/")
    }

    /// The schema that `schema` is or names; none when the name leads nowhere.
    pub(super) fn schema<'a>(&'a self, schema: &'a Schema) -> Option<&'a Schema> {
        match schema.name() {
            Some(name) => self.components.schemas.get(name),
            None => schema.address.is_none().then_some(schema),
        }
    }
}

impl Schema {
    /// The name of the shared schema that this one stands for.
    pub(super) fn name(&self) -> Option<&str> {
        self.address.as_deref()?.strip_prefix("#/components/schemas/")
    }
}

impl<T> Shared<T> {
    fn resolve<'a>(&'a self, components: &'a Ordered<T>, folder: &str) -> Option<&'a T> {
        match self {
            Self::Here(value) => Some(value),
            Self::There { address } => components.get(address.strip_prefix(folder)?),
        }
    }
}
