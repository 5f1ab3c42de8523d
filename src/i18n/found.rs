//! Which languages there are: the files of a folder, found when the program is built.
//!
//! `build.rs` is made of this file, and the tests of this room read it again.

use std::io::{Error, Result};
use std::path::Path;

/// The tags of the languages whose files lie in `folder`, English first, the others in the order of their tags.
///
/// # Errors
/// Fails when the folder cannot be read, a file is not called after a language, or English is not there.
pub fn tags(folder: &Path) -> Result<Vec<String>> {
    let files = std::fs::read_dir(folder)?;
    let mut tags =
        files.map(|file| tag(&file?.file_name().to_string_lossy())).collect::<Result<Vec<String>>>()?;
    tags.sort_by_key(|tag| (tag != "en", tag.clone()));
    if tags.first().is_none_or(|tag| tag != "en") {
        return Err(Error::other("there is no en.toml, the language of last resort"));
    }
    Ok(tags)
}

fn tag(name: &str) -> Result<String> {
    let tag = name.strip_suffix(".toml").filter(|tag| {
        let mut parts = tag.split('-');
        let starts = parts.next().is_some_and(|part| part.chars().all(|letter| letter.is_ascii_lowercase()));
        starts && tag.len() > 1 && parts.all(|part| part.chars().all(|letter| letter.is_ascii_alphanumeric()))
    });
    let why = || {
        Error::other(format!("web/i18n/{name}: call it after its language, such as de.toml or pt-BR.toml"))
    };
    tag.map(str::to_owned).ok_or_else(why)
}

/// `Locale` in Rust: a variant for each of the tags, and their files.
#[must_use]
pub fn locale(tags: &[String]) -> String {
    let each = |line: &dyn Fn(&str) -> String| tags.iter().map(|tag| line(tag)).collect::<String>();
    let count = tags.len();
    let variants = each(&|tag| {
        let default = if tag == "en" { "    #[default]\n" } else { "" };
        format!("    /// `web/i18n/{tag}.toml`.\n{default}    {},\n", variant(tag))
    });
    let all = each(&|tag| format!("Self::{}, ", variant(tag)));
    let files = each(&|tag| {
        let file = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/web/i18n/{tag}.toml\")");
        format!("        (\"{tag}\", include_str!({file})),\n")
    });
    format!(
        "/// A language of the pages.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\n\
         pub enum Locale {{\n{variants}}}\n\n\
         impl Locale {{\n    \
             /// Every language there is, English first.\n    \
             pub const ALL: [Self; {count}] = [{all}];\n    \
             /// The tag and the file of each.\n    \
             pub(super) const FILES: [(&str, &str); {count}] = [\n{files}    ];\n}}\n"
    )
}

/// `pt-BR` is the variant `PtBr`.
fn variant(tag: &str) -> String {
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..].to_lowercase();
    tag.split('-').filter(|part| !part.is_empty()).map(capital).collect()
}
