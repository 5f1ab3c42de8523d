//! Who helps, and programs that hold a key.

use super::House;
use super::person::{Page, Person};
use airlog::config::{Allow, Config};
use reqwest::Method;
use serde_json::{Value, json};

impl House {
    /// A house that is ann's, who streams; nobody else may log in.
    pub async fn of_ann() -> (Self, Person) {
        let house = Self::with(|config| config.accounts.allow = Allow::Owner).await;
        let ann = house.person("ann");
        let code = house.setup_code().await.expect("a house without an owner");
        assert_eq!(ann.posts("/auth/twitch", &[("code", &code)]).await.status, 200);
        let ann = house.sets_up(ann).await;
        (house, ann)
    }

    /// Changes the config, for when the house opens again.
    pub fn changes(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
    }

    /// A program that holds a key.
    pub fn program(&self, key: &str) -> Person {
        self.person("program").saying("authorization", &format!("Bearer {key}"))
    }
}

impl Person {
    /// Names somebody who helps from now on.
    pub async fn names(&self, login: &str) -> Page {
        self.fills_in("/dashboard/team/moderators", &[("login", login)]).await
    }

    /// Takes the role away again.
    pub async fn removes(&self, login: &str) -> Page {
        self.fills_in("/dashboard/team/moderators/remove", &[("login", login)]).await
    }

    /// Makes a key: what is told of it, the key among it.
    pub async fn makes_key(&self, name: &str, scopes: &[&str]) -> Value {
        let wanted = json!({ "name": name, "scopes": scopes }).to_string();
        let (status, made) = self.asks(Method::POST, "/api/v1/me/keys", &wanted).await;
        assert_eq!(status, 201, "{made}");
        made
    }

    /// The log, the oldest line first: who, deed, what it was about.
    pub async fn reads_log(&self) -> Vec<String> {
        let (status, log) = self.asks(Method::GET, "/api/v1/me/audit", "").await;
        assert_eq!(status, 200, "{log}");
        let told = |entry: &Value| {
            let who =
                entry["by"]["name"].as_str().unwrap_or_else(|| entry["by"]["kind"].as_str().expect("a kind"));
            let (deed, about) =
                (entry["deed"].as_str().expect("a deed"), entry["about"].as_str().expect("a text"));
            format!("{who} {deed} {about}").trim_end().to_owned()
        };
        log["entries"].as_array().expect("entries").iter().rev().map(told).collect()
    }
}
