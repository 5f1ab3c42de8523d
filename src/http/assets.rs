//! The files that pages need, embedded in the binary: styles, scripts, the icon.
//!
//! Each is known by the hash of its content: [`url`] names it with `?v=`, and under that name a browser may
//! keep it for ever. The scripts' imports of each other are given their hashes here as well.

use super::packed::{Packed, takes_gzip};
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
const ICO: &str = "image/x-icon";

/// Kept for a year without asking again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked about each time.
const ASK_AGAIN: &str = "public, no-cache";

/// Name, type and content. A script stands after those that it imports.
const FILES: &[(&str, &str, &str)] = &[
    ("airlog.css", CSS, include_str!("../../web/static/airlog.css")),
    ("now.css", CSS, include_str!("../../web/static/now.css")),
    ("tape.css", CSS, include_str!("../../web/static/tape.css")),
    ("calendar.css", CSS, include_str!("../../web/static/calendar.css")),
    ("find.css", CSS, include_str!("../../web/static/find.css")),
    ("home.css", CSS, include_str!("../../web/static/home.css")),
    ("streamer.css", CSS, include_str!("../../web/static/streamer.css")),
    ("dashboard.css", CSS, include_str!("../../web/static/dashboard.css")),
    ("settings.css", CSS, include_str!("../../web/static/settings.css")),
    ("steps.css", CSS, include_str!("../../web/static/steps.css")),
    ("team.css", CSS, include_str!("../../web/static/team.css")),
    ("list.css", CSS, include_str!("../../web/static/list.css")),
    ("docs.css", CSS, include_str!("../../web/static/docs.css")),
    ("privacy.css", CSS, include_str!("../../web/static/privacy.css")),
    ("overlay.css", CSS, include_str!("../../web/static/overlay.css")),
    ("setup.css", CSS, include_str!("../../web/static/setup.css")),
    ("icon.svg", SVG, include_str!("../../web/static/icon.svg")),
    ("setup.js", JS, include_str!("../../web/static/setup.js")),
    ("timezone.js", JS, include_str!("../../web/static/timezone.js")),
    ("times.js", JS, include_str!("../../web/static/times.js")),
    ("live.js", JS, include_str!("../../web/static/live.js")),
    ("now.js", JS, include_str!("../../web/static/now.js")),
    ("find.js", JS, include_str!("../../web/static/find.js")),
    ("tape.js", JS, include_str!("../../web/static/tape.js")),
    ("stream.js", JS, include_str!("../../web/static/stream.js")),
    ("day.js", JS, include_str!("../../web/static/day.js")),
    ("home.js", JS, include_str!("../../web/static/home.js")),
    ("again.js", JS, include_str!("../../web/static/again.js")),
    ("swift.js", JS, include_str!("../../web/static/swift.js")),
    ("list.js", JS, include_str!("../../web/static/list.js")),
    ("dashboard.js", JS, include_str!("../../web/static/dashboard.js")),
    ("banner.js", JS, include_str!("../../web/static/banner.js")),
    ("covers.svg", SVG, include_str!("../../web/static/covers.svg")),
    ("clock.js", JS, include_str!("../../web/static/clock.js")),
    ("told.js", JS, include_str!("../../web/static/told.js")),
    ("moment.js", JS, include_str!("../../web/static/moment.js")),
    ("latest.js", JS, include_str!("../../web/static/latest.js")),
    ("demo.js", JS, include_str!("../../web/static/demo.js")),
    ("steadfast.js", JS, include_str!("../../web/static/steadfast.js")),
    ("looks.js", JS, include_str!("../../web/static/looks.js")),
    ("motion.js", JS, include_str!("../../web/static/motion.js")),
    ("cover.js", JS, include_str!("../../web/static/cover.js")),
    ("wander.js", JS, include_str!("../../web/static/wander.js")),
    ("pulse.js", JS, include_str!("../../web/static/pulse.js")),
    ("stage.js", JS, include_str!("../../web/static/stage.js")),
    ("ticker.js", JS, include_str!("../../web/static/ticker.js")),
    ("rows.js", JS, include_str!("../../web/static/rows.js")),
    ("overlay.js", JS, include_str!("../../web/static/overlay.js")),
    ("scene-bright.svg", SVG, include_str!("../../web/static/scene-bright.svg")),
    ("scene-dark.svg", SVG, include_str!("../../web/static/scene-dark.svg")),
    ("scene-busy.svg", SVG, include_str!("../../web/static/scene-busy.svg")),
    ("overlay-desk.css", CSS, include_str!("../../web/static/overlay-desk.css")),
    ("overlay-desk.js", JS, include_str!("../../web/static/overlay-desk.js")),
    ("overlay-tracks.js", JS, include_str!("../../web/static/overlay-tracks.js")),
    ("overlay-entry.js", JS, include_str!("../../web/static/overlay-entry.js")),
    ("device.css", CSS, include_str!("../../web/static/device.css")),
    ("device.js", JS, include_str!("../../web/static/device.js")),
];

/// The icon as pixels, for where it cannot be drawn: phones, old browsers.
const ICONS: &[(&str, &str, &[u8])] = &[
    ("favicon.ico", ICO, include_bytes!("../../web/static/favicon.ico")),
    ("icon-180.png", PNG, include_bytes!("../../web/static/icon-180.png")),
    ("icon-192.png", PNG, include_bytes!("../../web/static/icon-192.png")),
    ("icon-512.png", PNG, include_bytes!("../../web/static/icon-512.png")),
    ("icon-maskable.png", PNG, include_bytes!("../../web/static/icon-maskable.png")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let icons = ICONS.iter().map(|(name, kind, bytes)| Asset::new(name, kind, Bytes::from_static(bytes)));
    FILES.iter().fold(icons.collect(), |mut done: Vec<Asset>, (name, kind, text)| {
        let content = match *kind {
            JS => for_machines(text, closed_up),
            CSS => for_machines(text, styled),
            _ => (*text).to_owned(),
        };
        let asset = Asset::new(name, kind, with_hashes(&content, &done).into());
        done.push(asset);
        done
    })
});

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: Packed,
    hash: String,
    url: String,
}

impl Asset {
    fn new(name: &'static str, kind: &'static str, content: Bytes) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(&content)[..8]);
        let url = format!("/static/{name}?v={hash}");
        let is_small = matches!(kind, PNG | ICO);
        let content = if is_small { Packed::as_it_is(content) } else { Packed::text(content) };
        Self { name, kind, content, hash, url }
    }

    fn etag(&self) -> String {
        format!("\"{}\"", self.hash)
    }
}

/// The text of a script or a style without what only its readers need, so that nobody downloads it: lines that explain,
/// empty lines, indentation, and what `dense` leaves out of a line.
fn for_machines(text: &str, dense: fn(&str) -> String) -> String {
    let explains = |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !explains(line));
    lines.fold(String::new(), |text, line| joined(text, &dense(line)))
}

/// A text and its next line, without what only parts them for readers. Whatever may be a comment ends its line.
fn joined(mut text: String, line: &str) -> String {
    let last = text.lines().next_back().unwrap_or_default();
    let is_code = !last.contains("//");
    let goes_on = text.is_empty() || last.ends_with(['{', ';', ',']) || line.starts_with('}');
    if !(is_code && goes_on) {
        text.push('\n');
    } else if line.starts_with('}') && text.ends_with(';') {
        text.pop();
    }
    text + line
}

/// A line of a style without the spaces that part nothing; as it is where texts are written in it.
fn styled(line: &str) -> String {
    if line.contains(['"', '\'', '(']) {
        return line.to_owned();
    }
    let signs = [(" { ", "{"), (" {", "{"), ("; ", ";"), (" }", "}"), (", ", ","), (": ", ":")];
    signs.iter().fold(line.to_owned(), |line, (wide, dense)| line.replace(wide, dense))
}

/// A line of a script without the spaces beside signs. A line is left as it is where more may be written in it than code and texts
/// between double quotes.
fn closed_up(line: &str) -> String {
    let is_code = |nth: usize| nth.is_multiple_of(2);
    let parts = line.split('"').enumerate();
    let is_more =
        |(nth, part): (usize, &str)| part.contains('\\') || is_code(nth) && part.contains(['`', '\'', '/']);
    if parts.clone().any(is_more) {
        return line.to_owned();
    }
    let parts = parts.map(|(nth, part)| if is_code(nth) { without_spaces(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("\"")
}

fn without_spaces(code: &str) -> String {
    let is_sign = |letter: Option<char>| letter.is_some_and(|letter| "{}()[],;=<>?:|&!*".contains(letter));
    let mut ahead = code.chars().peekable();
    let mut dense = String::with_capacity(code.len());
    while let Some(letter) = ahead.next() {
        if letter != ' ' || !(is_sign(dense.chars().last()) || is_sign(ahead.peek().copied())) {
            dense.push(letter);
        }
    }
    dense
}

/// A script's text, its imports of `known` ones named with their hashes.
fn with_hashes(text: &str, known: &[Asset]) -> String {
    known.iter().fold(text.to_owned(), |text, asset| {
        text.replace(&format!("\"./{}\"", asset.name), &format!("\"{}\"", asset.url))
    })
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Where the file `name` is to be fetched from, its hash included. A name we do not have leads to a 404.
#[must_use]
pub fn url(name: &str) -> &'static str {
    find(name).map_or("/static/", |asset| &asset.url)
}

/// Serves `/static/{name}`, and the icon where browsers look for it without being told.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let icon =
        async |headers: HeaderMap| serve(Path("favicon.ico".to_owned()), RawQuery(None), headers).await;
    Router::new().route("/static/{name}", get(serve)).route("/favicon.ico", get(icon))
}

async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(asset) = find(&name) else {
        return super::AppError::NotFound.into_response();
    };
    let current = query.as_deref().and_then(|query| query.strip_prefix("v=")) == Some(&asset.hash);
    let vary = [(VARY, "accept-encoding")];
    let head = [(CACHE_CONTROL, if current { FOR_EVER } else { ASK_AGAIN }), (CONTENT_TYPE, asset.kind)];
    let etag = [(ETAG, asset.etag())];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == asset.etag().as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head, vary, etag).into_response();
    }
    (head, vary, etag, asset.content.answer(takes_gzip(&headers))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Uncompressed bytes that a page may ask of a phone, for its styles and for its scripts.
    const BUDGET: usize = 20 * 1024;

    fn size(names: &[&str]) -> usize {
        names.iter().map(|name| find(name).expect("a file").content.plain().len()).sum()
    }

    async fn fetched(name: &str, query: Option<&str>, headers: HeaderMap) -> Response {
        serve(Path(name.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    /// The files of this kind that a template names, those it includes among them.
    fn named(template: &str, ending: &str) -> BTreeSet<String> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/templates").join(template);
        let text = std::fs::read_to_string(path).expect("a template");
        let each = |begin: &'static str| text.split(begin).skip(1).filter_map(|rest| rest.split('"').next());
        let mut names: BTreeSet<String> = each("assets::url(\"").map(str::to_owned).collect();
        names.retain(|name| name.ends_with(ending));
        for other in each("{% include \"").chain(each("{% extends \"")) {
            names.extend(named(other, ending));
        }
        names
    }

    #[test]
    fn every_page_keeps_to_its_budget() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/templates");
        for template in std::fs::read_dir(folder).expect("templates").flatten() {
            let template = template.file_name().into_string().expect("a name");
            for ending in [".css", ".js"] {
                let names = named(&template, ending);
                let size = size(&names.iter().map(String::as_str).collect::<Vec<_>>());
                assert!(size <= BUDGET, "{template} asks for {names:?}, {size} bytes");
            }
        }
    }

    #[test]
    fn a_script_travels_without_what_only_its_readers_need() {
        let text = "// Why.\n\nconst { a } = b; // one\n  /** Two. */\n  const b = \"//\";\n";
        assert_eq!(for_machines(text, closed_up), "const { a } = b; // one\nconst b=\"//\";");
        for (line, dense) in [
            ("if (a === 1) return { a, b };", "if(a===1)return{a,b};"),
            ("say(\"a ? b : { c }\", a ? 1 : 2);", "say(\"a ? b : { c }\",a?1:2);"),
            ("a = b + +c - -d;", "a=b + +c - -d;"),
            ("for (const a of b) c = !d;", "for(const a of b)c=!d;"),
            ("import { a } from \"./b.js\";", "import{a}from \"./b.js\";"),
            ("a = b.replace(/ : /, \"\");", "a = b.replace(/ : /, \"\");"),
            ("a = `${b} : ${c}`;", "a = `${b} : ${c}`;"),
            ("a = 'b : c';", "a = 'b : c';"),
            ("a = \"\\\" : \";", "a = \"\\\" : \";"),
        ] {
            assert_eq!(closed_up(line), dense);
        }
        let lines = ["{", "a;", "}", "b()", "c; // {", "d,", "e", "}", "f"];
        assert_eq!(for_machines(&lines.join("\n"), closed_up), "{a}\nb()\nc; // {\nd,e}\nf");
        for (line, dense) in [
            (".a > b:hover, p { color: red; margin: 0 auto }", ".a > b:hover,p{color:red;margin:0 auto}"),
            (".a::before { content: \": ; \" }", ".a::before { content: \": ; \" }"),
            ("@media (min-width: 9px) and (hover: hover) {", "@media (min-width: 9px) and (hover: hover) {"),
        ] {
            assert_eq!(styled(line), dense);
        }
    }

    #[test]
    fn no_script_has_a_text_of_several_lines_that_would_lose_its_indentation() {
        for (name, _, text) in FILES.iter().filter(|(_, kind, _)| *kind == JS) {
            let torn = text.lines().find(|line| line.matches('`').count() % 2 == 1);
            assert_eq!(torn, None, "{name}");
        }
    }

    #[test]
    fn imports_name_the_version_they_were_made_for() {
        let script = std::str::from_utf8(find("day.js").expect("a file").content.plain()).expect("text");
        assert!(script.contains(url("live.js")) && !script.contains("\"./"), "{script}");
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_its_hash_and_asked_about_otherwise() {
        let hash = url("day.js").split_once('?').expect("a hash").1;
        let response = fetched("day.js", Some(hash), HeaderMap::new()).await;
        assert_eq!(response.headers()[CACHE_CONTROL], FOR_EVER);
        assert_eq!(response.headers()[CONTENT_TYPE], JS);
        for stale in [None, Some("v=0123"), Some("")] {
            assert_eq!(fetched("day.js", stale, HeaderMap::new()).await.headers()[CACHE_CONTROL], ASK_AGAIN);
        }
    }

    #[tokio::test]
    async fn a_file_that_the_browser_has_is_not_sent_again() {
        let etag = fetched("airlog.css", None, HeaderMap::new()).await.headers()[ETAG].clone();
        let response = fetched("airlog.css", None, [(IF_NONE_MATCH, etag)].into_iter().collect()).await;
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn there_is_nothing_but_the_files() {
        for name in ["nothing.css", "../Cargo.toml", ""] {
            assert_eq!(fetched(name, None, HeaderMap::new()).await.status(), StatusCode::NOT_FOUND);
        }
    }
}
