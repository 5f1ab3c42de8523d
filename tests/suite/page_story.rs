//! What people do on the page of a day: look for a track, take its name along, read on while new ones come.

use crate::browser_story::HEARS;
use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use crate::house::wire::Wire;
use serde_json::json;

const DAY: &str = "/streamers/ann/tracks/today";
/// The rows that are in sight.
const SEEN: &str = "li[data-track-id]:not([hidden])";
/// Remembers what was said of copying, however short it stood there.
const EARS: &str = "(() => {
    window.heard = [];
    new MutationObserver(() => heard.push(copied.textContent)).observe(copied, { childList: true });
})()";
/// Lets a story press a key where the focus is, type into the field, and read what the clipboard was given.
const HANDS: &str = r#"void (() => {
    window.presses = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    window.asks = (text) => {
        document.activeElement.value = text;
        document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
    };
    window.focused = () => document.activeElement.id;
})()"#;

async fn lets(browser: &Browser, clipboard: &str) {
    let script = format!(
        "void Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard}, configurable: true }})"
    );
    browser.eval(&script).await;
}

#[tokio::test]
async fn a_track_is_found_and_its_name_taken_along_while_the_list_goes_on() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    let mut titles = Vec::new();
    for number in 0..3 {
        titles.push(house.plays_noticed("ann", number).await);
    }
    let day = house.json("/api/v1/streamers/ann/tracks").await;
    let names: Vec<String> = (0..3)
        .map(|nth| {
            let said = |key: &str| crate::house::text(&day["tracks"][nth][key]);
            format!("{} - {}", said("artist"), said("name"))
        })
        .collect();
    let wire = Wire::to(house.addr()).await;
    browser.size(320, 800).await;
    browser.open(&format!("http://{}{DAY}", wire.addr())).await;
    browser.wait_count(".play .copy", 3).await;
    browser.eval(HANDS).await;
    browser.wait_until("document.querySelector('.bar i').style.transform.startsWith('scaleX(')").await;

    lets(&browser, "{ writeText: async (text) => void (window.taken = text) }").await;
    browser.eval(EARS).await;
    browser.enters(".play:last-child .copy").await;
    browser.wait_until(&format!("taken === {}", json!(names[0]))).await;
    browser.wait_until(&format!("heard.includes({})", json!(format!("Copied: {}", names[0])))).await;
    // A page without TLS has no clipboard of this kind.
    lets(&browser, "undefined").await;
    browser
        .eval("void (document.execCommand = () => Boolean(window.taken = document.activeElement.value))")
        .await;
    browser.enters(".now .copy").await;
    browser.wait_until(&format!("taken === {}", json!(names[2]))).await;
    assert_eq!(browser.eval("document.activeElement.matches('.now .copy')").await, true);

    browser.eval("presses('/')").await;
    assert_eq!(browser.eval("focused()").await, "q");
    browser.eval(&format!("asks({})", json!(titles[1].to_uppercase()))).await;
    browser.wait_count(SEEN, 1).await;
    assert_eq!(browser.texts("#found").await, ["1 match"]);
    wire.cut().await;
    titles.push(house.plays_noticed("ann", 3).await);
    browser.wait_for("#lost:not([hidden])").await;
    wire.mend();
    browser.wait_count("li[data-track-id]", 4).await;
    browser.wait_for("#lost[hidden]").await;
    let news = browser.eval("news.textContent").await;
    assert!(!news.to_string().contains(&titles[3]), "what is not looked for is not told: {news}");
    browser.wait_count(".play .copy", 4).await;
    assert_eq!(browser.texts("#found").await, ["1 match"], "a row that comes is looked at too");
    assert_eq!(browser.eval("focused()").await, "q", "the field keeps the focus");
    browser.eval("asks('nobody would call a track this')").await;
    browser.wait_until("!nothing.hidden && found.textContent === '0 matches'").await;
    browser.eval("presses('Escape')").await;
    browser.wait_count(SEEN, 4).await;
    browser.wait_until("nothing.hidden && q.value === '' && found.textContent === ''").await;

    browser.eval("void document.querySelector('.play:last-child .open').focus()").await;
    let held = browser.eval("focused()").await;
    house.plays_noticed("ann", 4).await;
    browser.wait_count("li[data-track-id]", 5).await;
    assert_eq!(browser.eval("focused()").await, held, "a row came and the focus stayed");
    browser.enters(".jump summary").await;
    browser.wait_for(".jump[open] a[aria-current=date]").await;
    browser.eval("presses('Escape')").await;
    browser.wait_for(".jump:not([open])").await;
    assert_eq!(browser.eval("document.activeElement.matches('.jump summary')").await, true);
    let fits = browser.eval("document.documentElement.scrollWidth <= innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
    assert!(browser.console_errors().await.iter().all(|line| line.contains("WebSocket")));
    browser.close().await;
    drop(wire);
    house.closes().await;
}

#[tokio::test]
async fn who_reads_further_down_is_told_how_many_have_come_and_brought_to_them() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    browser.size(400, 640).await;
    browser.open(&house.url(DAY)).await;
    browser.wait_count("li[data-track-id]", 1).await;
    browser.eval(HANDS).await;
    browser.eval(HEARS).await;
    browser.eval("Array.from({ length: 30 }, (_, n) => hears(10 * (n + 1)))").await;
    browser.wait_count("li[data-track-id]", 31).await;
    assert_eq!(browser.eval("fresh.hidden").await, true, "one saw them come");
    browser.eval("scrollTo(0, document.body.scrollHeight)").await;
    browser.wait_until("scrollY > 500").await;
    browser.eval("void (window.held = document.querySelector('.play:last-child .open')).focus({ preventScroll: true })").await;

    browser.eval("hears(310)").await;
    browser.wait_until("!fresh.hidden && fresh.textContent === '1 new track'").await;
    browser.eval("[320, 330].forEach((minute) => hears(minute))").await;
    browser.wait_until("fresh.textContent === '3 new tracks'").await;
    assert_eq!(browser.eval("document.activeElement === held && scrollY > 500").await, true);
    browser.enters("#fresh").await;
    browser.wait_until("fresh.hidden && tape.getBoundingClientRect().top >= 0").await;
    assert_eq!(browser.eval("focused()").await, "tracks");

    // Whoever is at a row that is corrected or goes stays thereabouts.
    browser.eval("void document.querySelector('[data-track-id=play-320] .copy').focus()").await;
    browser.eval("hears(321, 320)").await;
    assert_eq!(browser.eval("focused()").await, "c-play-320");
    browser.eval("goes(320)").await;
    browser.wait_until("document.activeElement.closest('.play')?.dataset.trackId === 'play-310'").await;

    browser.eval("scrollTo(0, document.body.scrollHeight)").await;
    browser.wait_until("scrollY > 500").await;
    browser.eval("hears(340)").await;
    browser.wait_until("!fresh.hidden && fresh.textContent === '1 new track'").await;
    browser.eval("scrollTo(0, 0)").await;
    browser.wait_until("fresh.hidden").await;
    assert!(browser.console_errors().await.is_empty());
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn the_page_is_whole_without_scripts() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let second = house.plays_noticed("ann", 1).await;
    browser.without_scripts().await;
    browser.scheme(Scheme::Dark).await;
    browser.size(320, 800).await;
    browser.open(&house.url(&format!("{DAY}?lang=fr"))).await;
    assert_eq!(browser.texts("li[data-track-id] .words b").await, [second.as_str(), &first]);
    assert_eq!(browser.texts(".now h2").await, [second.as_str()]);
    assert_eq!(browser.attributes(".copy", "type").await.len(), 0, "nothing is offered that cannot be done");
    browser.prints(true).await;
    let seen =
        "['h1', '#date', '.play b', '.play time', '.top', '.find', '.jump', '.now', '.cover', '.open']";
    let seen =
        browser.eval(&format!("{seen}.filter((css) => document.querySelector(css).checkVisibility())")).await;
    assert_eq!(seen, json!(["h1", "#date", ".play b", ".play time"]), "a list on paper is a list");
    browser.prints(false).await;
    browser.enters(".jump summary").await;
    browser.wait_for(".jump[open] a[aria-current=date]").await;
    browser.eval(&format!("void (q.value = {})", json!(first))).await;
    browser.enters(".find button").await;
    browser.wait_count(SEEN, 1).await;
    assert_eq!(browser.texts("#found").await, ["1 résultat"]);
    assert_eq!(browser.eval("q.value").await, json!(first), "the field keeps what was asked");
    browser.enters("#all").await;
    browser.wait_count(SEEN, 2).await;
    browser.wait_until("location.search === ''").await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn what_is_looked_for_in_the_address_is_answered_by_the_server() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let second = house.plays_noticed("ann", 1).await;
    let stream = house.json("/api/v1/streamers/ann").await["stream"]["id"].clone();
    let stream = format!("/streamers/ann/streams/{}", crate::house::text(&stream));
    let query = |text: &str| text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
    for path in [DAY, &stream] {
        let (status, page) = house.get(&format!("{path}?q={}", query(&first.to_uppercase()))).await;
        let rows: Vec<&str> = page.split("<li class=\"play\"").skip(1).collect();
        let is_hidden = |row: &&str| row.split('>').next().is_some_and(|tag| tag.ends_with(" hidden"));
        let hidden: Vec<bool> = rows.iter().map(is_hidden).collect();
        assert_eq!((status, hidden), (200, vec![true, false]), "{path}");
        assert!(page.contains(">1 match<") && page.contains("noindex") && page.contains(&second), "{page}");
        for blank in ["", "?q=", "?q=%20", "?Q=x", "?q=%cc%81"] {
            let (status, page) = house.get(&format!("{path}{blank}")).await;
            assert!(status == 200 && !page.contains("noindex"), "{path}{blank} asks for nothing: {page}");
        }
        for odd in ["?q=%00%ff", "?q=a&q=b", "?%ff=%&q"] {
            assert_eq!(house.get(&format!("{path}{odd}")).await.0, 200, "{path}{odd}");
        }
        let (_, none) = house.get(&format!("{path}?q=%22%3E%3Cscript%3E")).await;
        assert!(none.contains(">0 matches<") && !none.contains("<script>"), "{none}");
    }
    house.closes().await;
}
