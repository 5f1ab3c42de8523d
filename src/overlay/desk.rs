//! `/dashboard/overlay`: where a streamer makes an overlay, sees it over a game, and takes its address to OBS. Whoever helps
//! them does not: it is about settings, and about an address that is a secret.

mod fields;
mod form;
mod place;
mod view;
mod words;

use super::model::{NewPreset, Preset};
use super::rules::scene::{Browser, collection};
use super::{Overlays, PresetError};
use crate::accounts::{Inside, Me, Posted};
use crate::audit::By;
use crate::base::clock::SharedClock;
use crate::base::id::PresetId;
use crate::http::{AppError, Site, host_asked, private};
use crate::hub::Hub;
use crate::i18n::Locale;
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use form::Chosen;
use place::Place;
use secrecy::SecretString;
use serde::Deserialize;
use std::net::SocketAddr;
use view::{Answer, Typed, View};

/// What the page needs.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Presets and keys.
    pub overlays: Overlays,
    /// What plays.
    pub hub: Hub,
    /// The time.
    pub clock: SharedClock,
    /// What its pages know of the server.
    pub site: Site,
    /// What the server is bound to.
    pub bound: SocketAddr,
}

/// The dashboard's page about overlays.
pub fn router(desk: Desk) -> Router {
    Router::new()
        .route("/dashboard/overlay", get(page))
        .route("/dashboard/overlay/scene.json", get(scene))
        .route("/dashboard/overlay/presets", post(save))
        .route("/dashboard/overlay/presets/remove", post(remove))
        .route("/dashboard/overlay/key", post(roll))
        .with_state(desk)
}

#[derive(Deserialize)]
struct Asked {
    saved: Option<String>,
}

#[derive(Deserialize)]
struct Saving {
    name: String,
    #[serde(default)]
    css: String,
    #[serde(default)]
    query: String,
    preset: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    preset: String,
}

#[derive(Deserialize)]
struct Rolling {
    #[serde(default)]
    query: String,
}

/// All that is known of one who looks, for the page.
struct Seen {
    me: Me,
    presets: Vec<Preset>,
    key: Option<SecretString>,
    is_silent: bool,
    place: Place,
    locale: Locale,
}

async fn page(
    State(desk): State<Desk>,
    Inside(me): Inside<Me>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let seen = desk.seen(me, &headers, locale).await?;
    let chosen = seen.chosen(&query.unwrap_or_default());
    let answer = asked.saved.and_then(|what| words::said(&what, locale));
    let answer = answer.map(|text| Answer { text: text.to_owned(), is_bad: false, typed: None });
    Ok(private(locale, StatusCode::OK, seen.view(&chosen, answer).render()))
}

/// What is chosen, as a file that OBS imports.
async fn scene(
    State(desk): State<Desk>,
    Inside(me): Inside<Me>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    locale: Locale,
) -> Result<Response, AppError> {
    let seen = desk.seen(me, &headers, locale).await?;
    let chosen = seen.chosen(&query.unwrap_or_default());
    let (url, look) = seen.view(&chosen, None).address_for_obs();
    let name = words::word("source", look.source.word(), locale);
    let browser = Browser { name, url: &url, size: look.source_size(), align: look.align };
    let file = format!("attachment; filename=\"airlog-{}.json\"", look.source.word());
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, file.as_str()),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, collection(&[browser])).into_response())
}

async fn save(
    State(desk): State<Desk>,
    headers: HeaderMap,
    locale: Locale,
    Posted { me, form }: Posted<Saving>,
) -> Result<Response, AppError> {
    let id = form.preset.as_deref().map(str::parse::<PresetId>).transpose();
    let id = id.map_err(|_| AppError::NotFound)?;
    let user = me.user.id;
    let seen = desk.seen(me, &headers, locale).await?;
    let chosen = seen.chosen(&form.query);
    let look = chosen.look(seen.open(&chosen), locale);
    let Saving { name, css, .. } = form;
    let new =
        NewPreset { id, source: look.source, query: look.query(), name: name.clone(), css: css.clone() };
    match desk.overlays.save_preset(&By::Streamer, user, new).await {
        Ok(preset) => Ok(back(&chosen.opening(preset.id), "preset", "presets")),
        Err(PresetError::Database(error)) => Err(anyhow::Error::new(error).into()),
        Err(refused) => Ok(seen.refuses(&chosen, &refused, name, css)),
    }
}

async fn remove(State(desk): State<Desk>, Posted { me, form }: Posted<Named>) -> Result<Response, AppError> {
    let preset = form.preset.parse().map_err(|_| AppError::NotFound)?;
    let removed = desk.overlays.remove_preset(&By::Streamer, me.user.id, preset).await;
    if !removed.context("removing a preset")? {
        return Err(AppError::NotFound);
    }
    Ok(back(&Chosen::default(), "removed", "presets"))
}

/// Makes the private address, or another in its place.
async fn roll(State(desk): State<Desk>, Posted { me, form }: Posted<Rolling>) -> Result<Response, AppError> {
    let had = desk.overlays.key(me.user.id).await?.is_some();
    desk.overlays.roll_key(&By::Streamer, me.user.id).await.context("making an overlay's key")?;
    Ok(back(&Chosen::of(&form.query), if had { "rolled" } else { "key" }, "address"))
}

/// Back to the page, where it was.
fn back(chosen: &Chosen, saved: &str, place: &str) -> Response {
    let query = chosen.query();
    let join = if query.is_empty() { "" } else { "&" };
    Redirect::to(&format!("/dashboard/overlay?{query}{join}saved={saved}#{place}")).into_response()
}

impl Desk {
    async fn seen(&self, me: Me, headers: &HeaderMap, locale: Locale) -> Result<Seen, AppError> {
        let (user, now) = (me.user.id, self.clock.now());
        let topic = self.hub.staff(user).await?;
        let playing = topic.and_then(|topic| topic.day(now).0.playing_at(now));
        let public = self.site.address("");
        Ok(Seen {
            presets: self.overlays.presets(user).await.context("reading presets")?,
            key: self.overlays.key(user).await?,
            is_silent: playing.is_none_or(|playing| !playing.is_playing),
            place: Place::of(self.bound, &public, host_asked(headers, &public).as_ref()),
            me,
            locale,
        })
    }
}

impl Seen {
    /// What this query of the page says; a preset of somebody else's is none.
    fn chosen(&self, query: &str) -> Chosen {
        Chosen::of(query).knowing(&self.presets)
    }

    /// The page once more, with why a preset is not kept, and what was typed.
    fn refuses(&self, chosen: &Chosen, refused: &PresetError, name: String, css: String) -> Response {
        let typed = Typed {
            name,
            css,
            is_bad_name: matches!(refused, PresetError::Name | PresetError::Taken),
            is_bad_css: matches!(refused, PresetError::Css(_)),
        };
        let answer = Answer { text: words::refused(refused, self.locale), is_bad: true, typed: Some(typed) };
        private(self.locale, StatusCode::BAD_REQUEST, self.view(chosen, Some(answer)).render())
    }

    /// The preset that is open.
    fn open(&self, chosen: &Chosen) -> Option<&Preset> {
        self.presets.iter().find(|preset| Some(preset.id) == chosen.preset())
    }

    fn view<'a>(&'a self, chosen: &'a Chosen, answer: Option<Answer>) -> View<'a> {
        View {
            locale: self.locale,
            user: &self.me.user,
            ways: self.me.ways("overlay"),
            token: self.me.form_token(),
            chosen,
            open: self.open(chosen),
            presets: &self.presets,
            key: self.key.clone(),
            place: &self.place,
            is_silent: self.is_silent,
            answer,
        }
    }
}
