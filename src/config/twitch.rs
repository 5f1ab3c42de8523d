//! `[twitch]`: the application at Twitch, and where Twitch is.

use super::fields::Visit;
use super::kind::{Choice, Identifier, Optional, Secret};
use super::url::{Base, BaseUrl};
use secrecy::SecretString;

const API: &str = "https://api.twitch.tv/helix";
const ID: &str = "https://id.twitch.tv/oauth2";
const SOCKET: &str = "wss://eventsub.wss.twitch.tv/ws";

/// The application at Twitch, and where Twitch is.
#[derive(Debug, Clone)]
pub struct Twitch {
    /// The application's client id.
    pub client_id: Option<String>,
    /// The application's secret. None: a public client.
    pub client_secret: Option<SecretString>,
    /// How Twitch tells that a stream began.
    pub eventsub: EventSub,
    /// The secret that signs webhooks, 10 to 100 ASCII characters. None: the program makes one.
    pub webhook_secret: Option<SecretString>,
    /// The Helix API.
    pub api_url: BaseUrl,
    /// Where tokens come from.
    pub id_url: BaseUrl,
    /// `EventSub` over WebSocket.
    pub eventsub_url: BaseUrl,
}

/// How Twitch tells that a stream began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EventSub {
    /// Over a WebSocket that we open: no public URL needed.
    #[default]
    Websocket,
    /// By calling us: needs a public HTTPS URL and a client secret.
    Webhook,
}

impl Default for Twitch {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            eventsub: EventSub::default(),
            webhook_secret: None,
            api_url: BaseUrl::known(API),
            id_url: BaseUrl::known(ID),
            eventsub_url: BaseUrl::known(SOCKET),
        }
    }
}

impl Twitch {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        let eventsub = Choice(&[("websocket", EventSub::Websocket), ("webhook", EventSub::Webhook)]);
        visit.field("twitch.client_id", &Optional::empty(Identifier), &mut self.client_id);
        visit.field("twitch.client_secret", &Optional::empty(Secret(1..=200)), &mut self.client_secret);
        visit.field("twitch.eventsub", &eventsub, &mut self.eventsub);
        visit.field("twitch.webhook_secret", &Optional::empty(Secret(10..=100)), &mut self.webhook_secret);
        visit.field("twitch.api_url", &Base::http(API), &mut self.api_url);
        visit.field("twitch.id_url", &Base::http(ID), &mut self.id_url);
        visit.field("twitch.eventsub_url", &Base::socket(SOCKET), &mut self.eventsub_url);
    }
}
