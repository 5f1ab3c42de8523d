//! Pages as they stand, kept in `web/snapshots`: a change of markup shows in review.

/// Compares a page with the one that is kept under this name; the hashes of assets change with every style and are left out.
pub(crate) fn matches(name: &str, html: &str) {
    let mut parts = html.split("?v=");
    let first = parts.next().unwrap_or_default().to_owned();
    let page = parts.fold(first, |page, part| {
        page + "?v=…" + part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric())
    });
    insta::with_settings!({ snapshot_path => "../../web/snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, page);
    });
}
