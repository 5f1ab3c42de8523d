//! What a page paints, and what shines through it.

use super::Browser;
use data_encoding::BASE64;
use serde_json::json;
use tiny_skia::Pixmap;

impl Browser {
    /// What is painted in the viewport, over nothing: whatever the page leaves free is transparent.
    pub async fn paints(&self) -> Pixmap {
        let nothing = json!({"color": {"r": 0, "g": 0, "b": 0, "a": 0}});
        self.devtools("Emulation.setDefaultBackgroundColorOverride", nothing).await;
        let answer = self.devtools("Page.captureScreenshot", json!({"format": "png"})).await;
        let png =
            answer["data"].as_str().and_then(|data| BASE64.decode(data.as_bytes()).ok()).expect("a picture");
        Pixmap::decode_png(&png).expect("a PNG")
    }
}
