//! What a page weighs after hours, and what it knows before it begins.

use super::Browser;
use serde_json::json;

/// What a page and its frames hold when all that nobody needs is thrown away.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// Bytes that scripts hold.
    pub heap: f64,
    /// Nodes, those that scripts alone hold among them.
    pub nodes: f64,
    /// Listeners to events.
    pub listeners: f64,
}

impl Browser {
    /// Has each page know a script before anything of its own runs.
    pub async fn learns_first(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// Lets a story frame what pages would not frame.
    pub async fn frames_anything(&self) {
        self.devtools("Page.setBypassCSP", json!({"enabled": true})).await;
    }

    /// Is given nothing from now on whose address is like one of these, in which `*` stands for anything, and keeps nothing.
    pub async fn is_refused(&self, addresses: &[&str]) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
        self.devtools("Network.setBlockedURLs", json!({"urls": addresses})).await;
    }

    /// Prefers this language from now on.
    pub async fn speaks(&self, language: &str) {
        self.devtools("Network.enable", json!({})).await;
        let headers = json!({"headers": {"Accept-Language": language}});
        self.devtools("Network.setExtraHTTPHeaders", headers).await;
    }

    /// Throws away what nobody needs and weighs the rest.
    pub async fn weighs(&self) -> Weight {
        self.devtools("Performance.enable", json!({})).await;
        for _ in 0..3 {
            self.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let answer = self.devtools("Performance.getMetrics", json!({})).await;
        let metrics = answer["metrics"].as_array().expect("metrics");
        let named = |name: &str| metrics.iter().find(|metric| metric["name"] == name);
        let value = |name: &str| named(name).and_then(|metric| metric["value"].as_f64()).expect("a metric");
        Weight { heap: value("JSHeapUsedSize"), nodes: value("Nodes"), listeners: value("JSEventListeners") }
    }
}
