//! What a value looks like, in a few words: `list of Track`, `string or null`, `"json" or "html"`.

use super::model::{Json, Schema, Types};

/// A piece of such a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Whether it names a shared schema, which the page describes under that name.
    pub(super) is_name: bool,
}

/// The phrase for a schema.
pub(super) fn words(schema: &Schema) -> Vec<Word> {
    if let Some(name) = schema.name() {
        return vec![Word { text: name.to_owned(), is_name: true }];
    }
    if let Some(items) = &schema.items {
        return std::iter::once(plain("list of ")).chain(words(items)).collect();
    }
    if !schema.one_of.is_empty() {
        return either(schema.one_of.iter().map(words));
    }
    let values = schema.constant.iter().chain(&schema.choices);
    let values: Vec<Vec<Word>> = values.map(|value| vec![plain(&literal(value))]).collect();
    if values.is_empty() { either(types(schema)) } else { either(values.into_iter()) }
}

/// A value as JSON.
pub(super) fn literal(value: &Json) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The types, with the format in place of `string` where there is one: it says more.
fn types(schema: &Schema) -> impl Iterator<Item = Vec<Word>> {
    let names = match &schema.types {
        None => &[],
        Some(Types::One(name)) => std::slice::from_ref(name),
        Some(Types::Many(names)) => names.as_slice(),
    };
    names.iter().map(|name| match &schema.format {
        Some(format) if name == "string" => vec![plain(format)],
        _ => vec![plain(name)],
    })
}

fn either(phrases: impl Iterator<Item = Vec<Word>>) -> Vec<Word> {
    let mut all = Vec::new();
    for phrase in phrases {
        if !all.is_empty() {
            all.push(plain(" or "));
        }
        all.extend(phrase);
    }
    all
}

fn plain(text: &str) -> Word {
    Word { text: text.to_owned(), is_name: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(schema: &str) -> String {
        let schema: Schema = serde_json::from_str(schema).expect("a schema");
        words(&schema).iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn a_schema_is_said_in_a_few_words() {
        for (schema, expected) in [
            (r#"{"type":"integer"}"#, "integer"),
            (r#"{"type":["string","null"]}"#, "string or null"),
            (r#"{"type":["string","null"],"format":"date-time"}"#, "date-time or null"),
            (r#"{"type":"string","enum":["json","html"]}"#, "\"json\" or \"html\""),
            (r#"{"const":"snapshot"}"#, "\"snapshot\""),
            (r##"{"type":"array","items":{"$ref":"#/components/schemas/Track"}}"##, "list of Track"),
            (r##"{"oneOf":[{"$ref":"#/components/schemas/Stream"},{"type":"null"}]}"##, "Stream or null"),
            ("{}", ""),
        ] {
            assert_eq!(said(schema), expected, "{schema}");
        }
    }
}
