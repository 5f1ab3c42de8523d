//! `/docs` for people, `/api/openapi.json` for programs.

use super::outline::{DOCUMENT, Group, Shape, TEXT, groups, shapes};
use crate::http::{Known, Layout, Page, Site};
use crate::i18n::{Locale, Messages, messages};
use askama::Template;
use axum::Router;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The room's routes.
pub fn router() -> Router {
    Router::new().route("/api/openapi.json", get(document)).route("/docs", get(docs))
}

async fn document() -> impl IntoResponse {
    let headers =
        [(CONTENT_TYPE, "application/json"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "no-cache")];
    (headers, TEXT)
}

async fn docs(site: Site, known: Known, locale: Locale) -> Response {
    Page::new(locale, render(locale, &site)).answer(&known)
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsTemplate {
    page: Layout,
    m: &'static Messages,
    about: &'static str,
    groups: Vec<Group<'static>>,
    shapes: Vec<Shape<'static>>,
}

/// The page as HTML. The frame speaks the visitor's language, the description English.
fn render(locale: Locale, site: &Site) -> String {
    let m = messages(locale);
    let page = Layout::new(locale, &m.docs.title, &m.docs.lead).at(site, "/docs");
    let about = &DOCUMENT.info.description;
    let template = DocsTemplate { page, m, about, groups: groups(&DOCUMENT), shapes: shapes(&DOCUMENT) };
    template.render().expect("the template writes to memory only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_operation_and_every_shape() {
        let html = render(Locale::Fr, &Site::default());
        for (path, _) in DOCUMENT.paths.iter() {
            assert!(html.contains(&format!("<code>{path}</code>")), "{path} is not on the page");
        }
        for (name, _) in DOCUMENT.components.schemas.iter() {
            assert!(html.contains(&format!("id=\"{name}\"")), "{name} is not on the page");
        }
    }

    #[test]
    fn every_link_within_the_page_leads_somewhere_and_no_id_stands_twice() {
        let html = render(Locale::En, &Site::default());
        let quoted = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
        for name in html.split("href=\"#").skip(1).map(quoted) {
            assert_eq!(html.matches(&format!(" id=\"{name}\"")).count(), 1, "{name}");
        }
    }

    #[test]
    fn the_page_needs_no_script_and_no_other_host() {
        let html = render(Locale::En, &Site::default());
        assert!(!html.contains("<script") && !html.contains("src=\"http"), "{html}");
        assert!(!html.contains("href=\"http"), "{html}");
    }
}
