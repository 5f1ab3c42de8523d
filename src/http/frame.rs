//! What holds for every answer, in one step: each step of its own would cost every request more than it does.

use super::error::Dress;
use super::layout::{chosen, remember};
use super::safety::Safety;
use super::site::Site;
use super::visitor::Proxies;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// What goes around all handlers of one server.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What keeps pages safe.
    pub safety: Safety,
    /// Whose word about an address is believed.
    pub proxies: Proxies,
    /// Where the pages are.
    pub site: Site,
}

impl Frame {
    /// Has a request answered: failures are told to whoever asks, a chosen language is remembered, pages are kept safe.
    pub async fn answer(&self, mut request: Request, next: Next) -> Response {
        let (dress, chosen) = (Dress::of(&request), chosen(&request));
        let guard = self.safety.guard(request.uri().path());
        request.extensions_mut().insert(self.proxies.clone());
        request.extensions_mut().insert(self.site.clone());
        let mut response = dress.tell(next.run(request).await).await;
        if let Some(locale) = chosen {
            remember(locale, &mut response);
        }
        guard.put_on(&mut response);
        response
    }
}
