//! The overlays for OBS.

use super::view::{NowPlayingOverlay, OverlayStyle, OverlayTheme};
use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

/// The overlays: they need nothing and are always answered.
pub fn overlays() -> Router {
    Router::new().route("/overlay/{login}/now-playing", get(now_playing))
}

/// Always 200: an unknown name is an empty overlay that keeps trying, a query that makes no sense the usual look.
async fn now_playing(
    login: Result<Path<String>, PathRejection>,
    look: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let Path(login) = login.unwrap_or_else(|_| Path(String::new()));
    let Query(look) = look.unwrap_or_else(|_| Query(Vec::new()));
    let asked = |name: &str| look.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let login: String =
        login.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let overlay = NowPlayingOverlay {
        live: &format!("/api/v1/streamers/{}/live", login.to_lowercase()),
        style: OverlayStyle::named(asked("style")),
        theme: OverlayTheme::named(asked("theme")),
    };
    ([(CACHE_CONTROL, "no-cache")], Html(overlay.render())).into_response()
}
