//! What else a person does at a browser: log in, press Tab, prefer stillness or strong colours.

use super::Browser;
use crate::house::person::Person;
use serde_json::json;

impl Browser {
    /// Logs in as this person, who has logged in elsewhere: `home` is any address of the house.
    pub async fn is(&self, person: &Person, home: &str) {
        self.devtools("Network.clearBrowserCookies", json!({})).await;
        let cookies = person.cookies();
        for (name, value) in cookies.split("; ").filter_map(|cookie| cookie.split_once('=')) {
            let cookie = json!({"name": name, "value": value, "url": home, "httpOnly": true});
            self.devtools("Network.setCookie", cookie).await;
        }
    }

    /// Forgets who was logged in.
    pub async fn is_nobody(&self) {
        self.devtools("Network.clearBrowserCookies", json!({})).await;
    }

    /// Prefers these from now on and nothing else, such as `("prefers-reduced-motion", "reduce")`.
    pub async fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Presses Tab, as a hand does.
    pub async fn presses_tab(&self) {
        self.presses("Tab", 9).await;
    }

    /// Presses the arrow to the right, as a hand does.
    pub async fn presses_right(&self) {
        self.presses("ArrowRight", 39).await;
    }

    async fn presses(&self, name: &str, number: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": number});
            self.devtools("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Has the page know a script, whatever its content security policy says.
    pub async fn learns(&self, script: &str) {
        let learned = self.client.execute(script, Vec::new()).await;
        learned.unwrap_or_else(|error| panic!("the script fails: {error}"));
    }
}
