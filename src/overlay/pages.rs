//! The browser sources: what stands under `/overlay/`. Each is always answered with a page: what cannot be found out is
//! left at its usual value, because whatever it says is seen on stream.

use super::Overlays;
use super::model::{Look, Source};
use super::rules::pairs_of;
use super::store::Owned;
use super::view::OverlayPage;
use crate::base::id::PresetId;
use crate::http::{AppError, Known, Site, Visitor};
use crate::i18n::Locale;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use data_encoding::HEXLOWER;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The browser sources: they are always answered, however often they are asked for.
pub fn router(overlays: Overlays) -> Router {
    Router::new()
        .route("/overlay/{login}/now-playing", by_login(Source::NowPlaying))
        .route("/overlay/{login}/tracks", by_login(Source::Tracks))
        .route("/overlay/k/{key}/now-playing", by_key(Source::NowPlaying))
        .route("/overlay/k/{key}/tracks", by_key(Source::Tracks))
        .route("/overlay/css/{preset}", get(stylesheet))
        .with_state(overlays)
}

/// By what somebody is named in an address.
enum Door {
    Login(String),
    Key(SecretString),
}

/// What a request says besides whose overlay it asks for.
struct Asked {
    pairs: Vec<(String, String)>,
    locale: Locale,
    site: Site,
    known: Known,
    visitor: Visitor,
}

type Named = Result<Path<String>, PathRejection>;

fn by_login(source: Source) -> MethodRouter<Overlays> {
    get(async move |State(overlays): State<Overlays>, name: Named, asked: Asked| {
        overlays.page(source, Door::login(&named(name)), asked).await
    })
}

fn by_key(source: Source) -> MethodRouter<Overlays> {
    get(async move |State(overlays): State<Overlays>, name: Named, asked: Asked| {
        overlays.page(source, Door::key(&named(name)), asked).await
    })
}

/// The stylesheet of a preset; an empty one where there is none.
async fn stylesheet(State(overlays): State<Overlays>, name: Named, asked: Asked) -> Response {
    let name = named(name);
    // A streamer may be called as this folder is.
    if let Some(source) = Source::of(&name) {
        return overlays.page(source, Door::login("css"), asked).await;
    }
    let found = match name.parse::<PresetId>() {
        Ok(id) => overlays.look_up(id, &asked.visitor).await,
        Err(_) => Ok(None),
    };
    let is_known = found.is_ok();
    let css = found.ok().flatten().map(|owned| owned.preset.css.clone()).unwrap_or_default();
    let version = is_known.then(|| hash(&css));
    let headers = [(CONTENT_TYPE, CSS), (CACHE_CONTROL, "no-cache")];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    answer(version.as_deref(), &asked.known, headers, css)
}

const CSS: &str = "text/css; charset=utf-8";
/// Neither a login nor a key has more letters.
const LONGEST_NAME: usize = 64;

fn named(name: Named) -> String {
    name.map(|Path(name)| name).unwrap_or_default()
}

/// The letters and digits of a name, and these signs; no more than any name has.
fn letters(name: &str, signs: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || signs.contains(*letter);
    name.chars().filter(fits).take(LONGEST_NAME).collect()
}

impl Door {
    /// Nothing but letters that a login can have gets into a page.
    fn login(name: &str) -> Self {
        Self::Login(letters(name, "_").to_lowercase())
    }

    /// Nothing but letters of a key does.
    fn key(key: &str) -> Self {
        Self::Key(letters(key, "_-").into())
    }

    /// Where the page listens. A page that was opened with a key knows that from its own address: what stands in it could be
    /// drawn on stream by somebody's stylesheet.
    fn live(&self, source: Source) -> String {
        let view = if source == Source::Tracks { "?view=stream" } else { "" };
        match self {
            Self::Login(login) => format!("/api/v1/streamers/{login}/live{view}"),
            Self::Key(_) => String::new(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            pairs: pairs_of(parts.uri.query().unwrap_or_default()),
            locale: Locale::from_request_parts(parts, state).await?,
            site: Site::from_request_parts(parts, state).await?,
            known: Known::from_request_parts(parts, state).await?,
            visitor: Visitor::from_request_parts(parts, state).await?,
        })
    }
}

impl Overlays {
    async fn page(&self, source: Source, door: Door, asked: Asked) -> Response {
        let look = Look::of(source, &asked.pairs, asked.locale);
        let preset = match look.preset {
            Some(id) => self.preset_behind(&door, id, &asked.visitor).await,
            None => Ok(None),
        };
        let is_known = preset.is_ok();
        let preset = preset.ok().flatten();
        let look = match &preset {
            Some(owned) => Look::of(source, &pairs_of(&owned.preset.query), asked.locale).with(&asked.pairs),
            None => look,
        };
        let stylesheet = preset.as_deref().and_then(stylesheet_of);
        let page = OverlayPage {
            look: &look,
            live: &door.live(source),
            covers: asked.site.shows_covers(),
            stylesheet: stylesheet.as_deref(),
            version: "",
        };
        let version = is_known.then(|| hash(&page.render()));
        let kept = if matches!(door, Door::Key(_)) { "private, no-cache" } else { "no-cache" };
        let html = OverlayPage { version: version.as_deref().unwrap_or_default(), ..page }.render();
        let language = HeaderValue::from_static(look.locale.tag());
        let headers = [(CONTENT_LANGUAGE, language), (CACHE_CONTROL, HeaderValue::from_static(kept))];
        answer(version.as_deref(), &asked.known, headers, Html(html))
    }

    /// The preset that was asked for, if it is of whoever is behind the door.
    async fn preset_behind(
        &self,
        door: &Door,
        id: PresetId,
        visitor: &Visitor,
    ) -> anyhow::Result<Option<Arc<Owned>>> {
        let refused = self.asks.check(visitor).err();
        let known = match (door, refused) {
            (Door::Login(login), None) => (self.presets.one(id).await?, self.presets.owner(login).await?),
            (Door::Key(key), None) => (self.presets.one(id).await?, self.keyring.holder(key).await?),
            (Door::Login(login), Some(refused)) => {
                (Some(self.known(id, refused)?), self.presets.known_owner(login))
            }
            (Door::Key(key), Some(refused)) => {
                (Some(self.known(id, refused)?), self.keyring.known_holder(key))
            }
        };
        let (preset, whose) = known;
        Ok(preset.filter(|owned| whose == Some(owned.user)))
    }

    /// A preset. Pages are answered however often they are asked for; the database is asked no more often than a visitor may.
    async fn look_up(&self, id: PresetId, visitor: &Visitor) -> anyhow::Result<Option<Arc<Owned>>> {
        match self.asks.check(visitor) {
            Ok(()) => Ok(self.presets.one(id).await?),
            Err(refused) => self.known(id, refused).map(Some),
        }
    }

    /// A preset from memory, or why the database is not asked for it.
    fn known(&self, id: PresetId, refused: AppError) -> anyhow::Result<Arc<Owned>> {
        self.presets.known(id).ok_or_else(|| refused.into())
    }
}

/// Where the stylesheet of a preset is, if it has one; under another address as soon as it is another.
fn stylesheet_of(Owned { preset, .. }: &Owned) -> Option<String> {
    let css = &preset.css;
    (!css.is_empty()).then(|| format!("/overlay/css/{}?v={}", preset.id, &hash(css)[..8]))
}

/// Names the bytes that a page is made of.
fn hash(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..12])
}

/// Answers with a body, or with 304 to whoever has it. What has no version is to be asked for again.
fn answer(
    version: Option<&str>,
    known: &Known,
    own: [(HeaderName, HeaderValue); 2],
    body: impl IntoResponse,
) -> Response {
    let etag = version.map(|version| format!("\"{version}\""));
    let is_there = etag.as_ref().is_some_and(|etag| known.has(etag));
    let mut response = if is_there { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let headers = response.headers_mut();
    for (name, value) in own {
        headers.insert(name, value);
    }
    headers.insert(VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
        headers.insert(ETAG, etag);
    }
    response
}
