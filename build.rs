//! Finds the languages: every file of `web/i18n` becomes a variant of `Locale`, so that a language is one file.

#[path = "src/i18n/found.rs"]
mod found;

use std::env::var_os;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=web/i18n");
    let folder = |name| var_os(name).map(PathBuf::from).ok_or(name);
    let tags = found::tags(&folder("CARGO_MANIFEST_DIR")?.join("web/i18n"))?;
    std::fs::write(folder("OUT_DIR")?.join("locale.rs"), found::locale(&tags))?;
    Ok(())
}
