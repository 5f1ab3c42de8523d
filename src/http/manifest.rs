//! What a phone needs to know to keep Airlog among its apps: `/manifest.webmanifest`, in the language of its address.

use super::assets::url;
use super::layout::locale_of;
use crate::i18n::{Locale, messages};
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};

/// The colour around the pages, as in `airlog.css`.
const PAPER: &str = "#f7f4ee";

/// Serves the manifest.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/manifest.webmanifest", get(serve))
}

async fn serve(uri: Uri) -> impl IntoResponse {
    let head = [(CONTENT_TYPE, "application/manifest+json"), (CACHE_CONTROL, "public, max-age=3600")];
    (head, manifest(locale_of(&uri, &HeaderMap::new())).to_string())
}

fn manifest(locale: Locale) -> Value {
    let png = |name: &str, sizes: &str, purpose: &str| json!({ "src": url(name), "sizes": sizes, "type": "image/png", "purpose": purpose });
    json!({
        "id": "/",
        "name": "Airlog",
        "short_name": "Airlog",
        "description": messages(locale).home.description,
        "lang": locale.tag(),
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            { "src": url("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            png("icon-192.png", "192x192", "any"),
            png("icon-512.png", "512x512", "any"),
            png("icon-maskable.png", "512x512", "maskable"),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_there_under_its_hash() {
        for locale in Locale::ALL {
            let manifest = manifest(locale);
            let icons = manifest["icons"].as_array().expect("icons");
            assert!(icons.iter().all(|icon| icon["src"].as_str().is_some_and(|src| src.contains("?v="))));
            assert_eq!(manifest["lang"], locale.tag());
        }
    }
}
