//! The way of a browser that is sent away for a consent: by which name of ours it came, and how it gets back to it.
//!
//! Cookies are kept for one host, and Twitch and Spotify send people back to one address. A browser that came by another
//! name is sent on to that name when it is back; one that cannot come back by itself brings the address by hand.

use super::consent::Traveller;
use super::entrance::Entrance;
use super::rules::{WayBack, way_back};
use super::view::{Company, SPOTIFY};
use crate::http::host_asked;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use reqwest::Url;
use secrecy::SecretString;

/// How long a browser remembers that it was sent away, in seconds.
pub(super) const AWAY: i64 = 600;

/// What a proxy adds that asks us in a browser's place.
const BY_PROXY: [&str; 4] = ["x-forwarded-for", "x-forwarded-proto", "forwarded", "via"];

/// A way to one company and back.
#[derive(Debug)]
pub(super) struct Journey {
    pub(super) company: Company,
    /// What this browser alone holds.
    pub(super) browser: SecretString,
    /// Our address for the answer.
    pub(super) redirect_uri: String,
    /// How it gets back.
    pub(super) way: WayBack,
    came_by: Option<String>,
}

impl Journey {
    /// What the flow is to know of it.
    pub(super) fn traveller(&self) -> Traveller<'_> {
        let Self { browser, redirect_uri, .. } = self;
        Traveller { browser, redirect_uri, came_by: self.came_by.as_deref() }
    }

    /// Sends the browser to a path under the name that it will come back to. Should that lead here by the same name again,
    /// it is not sent there twice.
    pub(super) fn there_first(&self, path: &str) -> Response {
        let site = self.redirect_uri.strip_suffix("/callback").unwrap_or_default();
        let site = site.strip_suffix(self.company.start).unwrap_or_default();
        let separator = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{site}{path}{separator}moved=true")).into_response()
    }
}

impl Entrance {
    /// The way of this browser to a company and back.
    pub(super) fn journey(&self, headers: &HeaderMap, company: Company) -> Journey {
        let site = if company.start == SPOTIFY.start { &self.spotify_site } else { &self.public_url };
        let redirect_uri = format!("{site}{}/callback", company.start);
        // What a proxy asks for is not what the browser asked for.
        let by_proxy = BY_PROXY.iter().any(|name| headers.contains_key(*name));
        let host = host_asked(headers, &self.public_origin).filter(|_| !by_proxy);
        let host = host.as_ref().map(axum::http::uri::Authority::as_str);
        let back = Url::parse(&redirect_uri).ok();
        let way = back.map_or(WayBack::Here, |back| way_back(host, &back));
        let came_by = host.filter(|_| way == WayBack::SentOn).map(|host| format!("http://{host}"));
        Journey { company, browser: self.browser(headers), redirect_uri, way, came_by }
    }

    /// Sends a browser that is back on to where it came by, if that is not here.
    pub(super) async fn sent_on(
        &self,
        state: Option<&SecretString>,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<Response> {
        let origin = self.flows.origin_of(state?).await.ok()??;
        let here = host_asked(headers, &self.public_origin);
        let is_here = here.is_some_and(|here| origin == format!("http://{here}"));
        (!is_here).then(|| Redirect::to(&format!("{origin}{uri}")).into_response())
    }
}
