//! OBS on another computer of the network, and the stylesheets that designers give their presets.

use crate::house::House;
use crate::house::browser::Browser;
use crate::house::viewer::Viewer;
use airlog::base::clock::Clock as _;
use airlog::base::id::PresetId;
use airlog::overlay::{Preset, Source, store};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The class names that designers may rely on, as the README says, by where they are.
const PROMISED: [(&str, &[&str]); 6] = [
    (
        "now-playing",
        &[".cover", ".glow", ".words", ".label", ".title", ".artist", ".album", ".progress", ".time"],
    ),
    (
        "now-playing?style=bar",
        &[".cover", ".words", ".label", ".title", ".artist", ".album", ".progress", ".time"],
    ),
    ("now-playing?style=minimal", &[".words", ".label", ".title", ".artist", ".album", ".progress", ".time"]),
    (
        "now-playing?style=ticker",
        &[".label", ".progress", ".time", ".run .title", ".run .artist", ".run .album"],
    ),
    ("now-playing?style=vinyl", &[".disc", ".cover", ".words", ".title", ".artist"]),
    (
        "tracks",
        &[".label", ".tracks .track .cover", ".track .words .title", ".track .artist", ".track .time"],
    ),
];

/// Somebody else's server, which counts who comes.
struct Stranger {
    addr: SocketAddr,
    guests: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Stranger {
    async fn comes() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let (addr, guests) = (listener.local_addr().expect("an address"), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&guests);
        let listening = tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { addr, guests, listening }
    }

    /// Leaves, and tells how many came.
    fn leaves(self) -> usize {
        self.listening.abort();
        self.guests.load(Ordering::Relaxed)
    }
}

impl House {
    /// A house that listens to the whole network, in which ann is live.
    async fn in_the_network() -> Self {
        let house = Self::with(|config| config.server.listen = ([0, 0, 0, 0], 0).into()).await;
        house.has_streamer("ann").await;
        house.goes_live("ann").await;
        house
    }

    /// A preset of ann's with this stylesheet, put into the database past everything that judges it.
    async fn has_preset_of_ann(&self, css: &str) -> PresetId {
        let (now, css) = (self.clock.now(), css.to_owned());
        let (id, source) = (PresetId::random(now), Source::NowPlaying);
        let ann = self.accounts().by_login("ann").await.expect("an answer").expect("ann");
        let preset =
            Preset { id, name: "Mine".to_owned(), source, query: String::new(), css, updated_at: now };
        store::add_preset(self.db(), ann.id, &preset).await.expect("a preset");
        id
    }
}

#[tokio::test]
async fn an_overlay_works_by_whatever_name_this_computer_has() {
    let house = House::in_the_network().await;
    let title = house.plays_noticed("ann", 0).await;
    let preset = house.has_preset_of_ann(".title { color: red }").await;
    let port = house.addr().port();
    for host in ["192.168.1.20", "[fd00::7]", "nas", "nas.local", "localhost", "pc.example"] {
        let host = format!("{host}:{port}");
        let page = format!("/overlay/ann/now-playing?preset={preset}");
        let page = house.answer_with(&page, "host", &host).await;
        assert_eq!(page.status(), 200, "{host}");
        let page = page.text().await.expect("a page");
        let sheet = format!("/overlay/css/{preset}");
        assert!(page.contains(&format!("href=\"{sheet}")), "{host}: {page}");
        let sheet = house.answer_with(&sheet, "host", &host).await.text().await.expect("a sheet");
        assert_eq!(sheet, ".title { color: red }");
        let near = SocketAddr::from(([127, 0, 0, 2], port));
        let origin = format!("http://{host}");
        let headers = [("host", host.as_str()), ("origin", origin.as_str())];
        let mut obs =
            Viewer::comes_with(near, "/api/v1/streamers/ann/live", &headers).await.expect("a socket");
        assert_eq!(obs.sees("snapshot").await["now_playing"]["track"]["name"], title.as_str(), "{host}");
        obs.leaves().await;
    }
    house.closes().await;
}

#[tokio::test]
async fn a_stylesheet_takes_effect_and_loads_nothing_from_elsewhere() {
    let Some(browser) = Browser::start().await else { return };
    let (house, stranger) = (House::in_the_network().await, Stranger::comes().await);
    let title = house.plays_noticed("ann", 0).await;
    let far = stranger.addr;
    let css = format!(
        "@import url(http://{far}/late.css);
        @font-face {{ font-family: Far; src: url(http://{far}/letters.woff2) }}
        .overlay {{ background-image: url(http://{far}/picture.png); border-radius: 3px; --ground: rgb(4, 5, 6) }}
        .title {{ color: rgb(1, 2, 3); font-family: Far, sans-serif }}"
    );
    let preset = house.has_preset_of_ann(&css).await;
    let port = house.addr().port();
    browser.size(650, 170).await;
    browser.open(&format!("http://127.0.0.2:{port}/overlay/ann/now-playing?preset={preset}")).await;
    let shows = format!("document.body.innerText.includes({})", json!(title));
    browser.wait_until(&shows).await;

    let style = "(([title, overlay]) => [title.color, overlay.borderTopLeftRadius, overlay.backgroundColor])\
        (['.title', '.overlay'].map(name => getComputedStyle(document.querySelector(name))))";
    assert_eq!(browser.eval(style).await, json!(["rgb(1, 2, 3)", "3px", "rgb(4, 5, 6)"]));
    for name in ["late.css", "letters.woff2", "picture.png"] {
        let refused = async || {
            let told = browser.console_errors().await;
            let is_told =
                told.iter().any(|line| line.contains(name) && line.contains("Content Security Policy"));
            is_told.then_some(())
        };
        house.eventually(&format!("{name} is refused"), refused).await;
    }
    assert_eq!(stranger.leaves(), 0, "somebody went elsewhere");

    for (page, names) in PROMISED {
        browser.open(&house.url(&format!("/overlay/ann/{page}"))).await;
        for name in names {
            browser.wait_for(&format!(".airlog .stage[data-state=playing] .overlay {name}")).await;
        }
    }
    browser.close().await;
    house.closes().await;
}
