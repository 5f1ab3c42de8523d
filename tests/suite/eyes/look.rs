//! One look at a page: at two widths, in both schemes, with all that a page must never do.

use crate::house::House;
use crate::house::browser::Browser;
use crate::house::person::Person;
use crate::permissions::{ROUTES, path_of};
use std::collections::BTreeSet;

/// Axe itself.
const AXE: &str = include_str!("../../fixtures/axe/axe.min.js");
/// What axe says against the page as it is now, one text for each element: axe's default rules, nothing left out.
const VIOLATIONS: &str = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        `${id} at ${target.join(' ')}: ${failureSummary.replace(/\\s+/g, ' ')}`)))";
/// What else is wrong with the page as it was loaded; see there.
const WRONGS: &str = include_str!("wrongs.js");
/// Text at twice its size, where a window is 640 px wide: what then sticks out.
const ENLARGED: &str = "(() => {
    const root = document.documentElement;
    root.style.fontSize = '200%';
    const sticks = root.scrollWidth - innerWidth;
    root.style.fontSize = '';
    return sticks > 0 ? [`sticks out by ${sticks} px with text twice as large`] : [];
})()";
/// So many wrongs are told; the rest are counted.
const TOLD: usize = 40;
/// How high the window is: most of a page is in it, so that what jumps further down is seen to jump.
const HEIGHT: u32 = 2400;

/// The widths, and at each the schemes.
const LOOKS: [(u32, [&str; 2]); 2] = [(320, ["light", "dark"]), (1440, ["dark", "light"])];

/// Who looks at pages and remembers what they saw.
pub struct Eyes {
    pub browser: Browser,
    /// The routes whose pages were looked at.
    seen: BTreeSet<String>,
    /// The routes that lead to a page.
    there: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Eyes {
    /// None where no browser is driven.
    pub async fn open() -> Option<Self> {
        let browser = Browser::start().await?;
        let (seen, there, wrong) = Default::default();
        Some(Self { browser, seen, there, wrong })
    }

    /// Looks at what `path` of the house shows; `route` is the row of the table of routes that it belongs to.
    pub async fn look(&mut self, house: &House, route: &str, path: &str) {
        self.seen.insert(route.to_owned());
        for (width, _) in LOOKS.into_iter().rev() {
            self.loads(house, path, width).await;
        }
        self.judges_all(path).await;
        self.browser.size(640, HEIGHT).await;
        self.notes(ENLARGED, &format!("{path} at 640 px")).await;
    }

    /// A shorter look, at another state of a page or at another language: once each width and each scheme.
    pub async fn glance(&mut self, house: &House, path: &str) {
        self.loads(house, path, 320).await;
        self.judges(path, 320, &["dark"]).await;
        self.browser.size(1440, HEIGHT).await;
        self.judges(path, 1440, &["light"]).await;
    }

    /// Looks at the page that is open and cannot be opened again: what a form has led to.
    pub async fn look_here(&mut self, house: &House, what: &str) {
        self.judges_load(house, what).await;
        self.judges_all(what).await;
    }

    async fn loads(&mut self, house: &House, path: &str, width: u32) {
        self.browser.size(width, HEIGHT).await;
        self.browser.open(&house.url(path)).await;
        self.judges_load(house, &format!("{path} at {width} px")).await;
    }

    async fn judges_all(&mut self, what: &str) {
        for (width, schemes) in LOOKS {
            self.browser.size(width, HEIGHT).await;
            self.judges(what, width, &schemes).await;
        }
    }

    async fn judges_load(&mut self, house: &House, at: &str) {
        let covers = house.twins.spotify_api_url().replace("/v1", "/covers/");
        self.notes(&WRONGS.replace("COVERS", &covers), at).await;
    }

    async fn judges(&mut self, what: &str, width: u32, schemes: &[&str]) {
        self.browser.eval("document.querySelectorAll('details').forEach((more) => more.open = true)").await;
        if self.browser.eval("typeof axe").await == "undefined" {
            self.browser.learns(AXE).await;
        }
        for scheme in schemes {
            self.prefers(scheme).await;
            self.notes(VIOLATIONS, &format!("{what} at {width} px, {scheme}")).await;
        }
    }

    /// Notes which routes show this person a page, so that none is forgotten.
    pub async fn asks_around(&mut self, person: &Person, stream: &str) {
        let asked =
            ROUTES.iter().filter(|(method, route, ..)| *method == "GET" && !route.starts_with("/api"));
        for (_, route, ..) in asked {
            if is_page(person, &path_of(route, stream)).await {
                self.there.insert((*route).to_owned());
            }
        }
    }

    /// Ends the walk, and fails on all that was wrong.
    pub async fn close(mut self) {
        let errors = self.browser.console_errors().await;
        self.wrong.extend(errors.into_iter().filter(|error| !is_meant(error)));
        self.browser.close().await;
        let unseen: Vec<_> = self.there.difference(&self.seen).collect();
        assert!(unseen.is_empty(), "nobody has looked at {unseen:?}");
        let told: Vec<_> = self.wrong.iter().take(TOLD).map(String::as_str).collect();
        assert!(told.is_empty(), "{} things are wrong:\n{}", self.wrong.len(), told.join("\n"));
    }

    async fn prefers(&self, scheme: &str) {
        let still = ("prefers-reduced-motion", "reduce");
        self.browser.prefers(&[("prefers-color-scheme", scheme), still]).await;
    }

    /// Notes what a script finds wrong.
    async fn notes(&mut self, script: &str, at: &str) {
        let found = self.browser.eval(script).await;
        let found: Vec<String> = serde_json::from_value(found).expect("a list of texts");
        self.wrong.extend(found.into_iter().map(|wrong| format!("{at}: {wrong}")));
    }
}

/// What a browser says by itself of a page that is an error's, and of an overlay that waits for somebody unknown.
fn is_meant(error: &str) -> bool {
    let is_page = error.contains("the server responded with a status of 4") && !error.contains("/static/");
    is_page || error.contains("/streamers/nobody/live") || error.contains("/overlay/nothing/live")
}

/// Whether a whole page is there for this person, neither a part of one nor something else.
async fn is_page(person: &Person, path: &str) -> bool {
    let answer = person.answer(path).await;
    let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_html = answer.status() == 200 && kind.starts_with("text/html");
    is_html && answer.text().await.expect("a body").starts_with("<!doctype")
}
