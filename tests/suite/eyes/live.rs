//! A list that grows while somebody reads it with a keyboard and a screen reader: the focus stays, the words come once,
//! and nothing above the card of what plays moves.

use crate::house::House;
use crate::house::browser::Browser;
use crate::house::wire::Wire;
use serde_json::json;

/// Listens as a screen reader does, and for what moves.
const WATCHES: &str = r#"
    window.said = [];
    const news = document.getElementById("news");
    new MutationObserver(() => said.push(news.textContent)).observe(news, { childList: true, characterData: true, subtree: true });
    window.moved = [];
    const card = document.getElementById("now");
    const isAbove = (node) => node?.isConnected && node.compareDocumentPosition(card) === Node.DOCUMENT_POSITION_FOLLOWING;
    new PerformanceObserver((shifts) => {
        const sources = shifts.getEntries().flatMap((shift) => shift.sources);
        const above = sources.filter(({ node, previousRect, currentRect }) => isAbove(node) && previousRect.y !== currentRect.y);
        moved.push(...above.map(({ node }) => node.outerHTML ?? node.data));
    }).observe({ type: "layout-shift" });
"#;

#[tokio::test]
async fn a_row_that_arrives_leaves_the_focus_and_says_itself_once() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    let wire = Wire::to(house.addr()).await;
    browser.size(320, 900).await;
    browser.open(&format!("http://{}/streamers/ann/tracks/today", wire.addr())).await;
    browser.wait_count("li[data-track-id]", 1).await;
    assert_eq!(browser.attributes("#news", "aria-live").await, ["polite"]);
    browser.learns(WATCHES).await;
    browser.eval("void (window.held = document.querySelector('li[data-track-id] .open')).focus()").await;

    house.plays_noticed("ann", 1).await;
    browser.wait_count("li[data-track-id]", 2).await;
    holds(&browser).await;
    wire.cut().await;
    house.plays_noticed("ann", 2).await;
    wire.mend();
    browser.wait_count("li[data-track-id]", 3).await;
    holds(&browser).await;
    house.plays_noticed("ann", 3).await;
    browser.wait_count("li[data-track-id]", 4).await;
    holds(&browser).await;

    let words = "[...document.querySelectorAll('li[data-track-id]')].map((row) => [...row.querySelectorAll('bdi')].slice(0, 2).map((part) => part.textContent).join(', '))";
    let words = browser.eval(words).await;
    let told = json!([words[2], words[1], words[0]]);
    browser.wait_until(&format!("JSON.stringify(said) === JSON.stringify({told})")).await;
    assert_eq!(browser.eval("moved").await, json!([]), "above the card");
    browser.open("about:blank").await;
    browser.close().await;
    drop(wire);
    house.closes().await;
}

/// Whether what had the focus has it still, as the same element.
async fn holds(browser: &Browser) {
    assert_eq!(
        browser.eval("held.isConnected && document.activeElement === held").await,
        true,
        "the focus is lost"
    );
}
