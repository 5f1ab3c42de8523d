//! Spotify's accounts service: consent and the token endpoint.

use super::errors::broken;
use crate::base::clock::Instant;
use crate::twins::consent;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, authorization, json};
use crate::twins::world::{Code, Company, Endpoint, Grant, World};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// `GET /authorize`
pub(super) async fn ask(State(shared): State<Arc<Shared>>, Query(params): Query<Params>) -> Response {
    consent::ask(&shared, Company::Spotify, &params)
}

/// What the person says on that page.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, Form(params): Form<Params>) -> Response {
    consent::answer(&shared, Company::Spotify, &params)
}

/// `POST /api/token`
pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Params>,
) -> Response {
    let answer = shared.with(|world, now| {
        let refreshes = form.text("grant_type") == "refresh_token";
        let endpoint = if refreshes { Endpoint::RefreshGrant } else { Endpoint::CodeGrant };
        let owner = world.refresh_owner(Company::Spotify, form.text("refresh_token"));
        let login = owner.and_then(|owner| owner.login.clone());
        attempt(world, endpoint, login, now, broken, |world| answered(granted(world, &headers, &form, now)))
    });
    or_hang(&shared, answer).await
}

type Denied = (&'static str, &'static str);

/// How the app proved who it is.
struct Client {
    id: String,
    confidential: bool,
}

fn answered(answer: Result<Grant, Denied>) -> Response {
    match answer {
        Ok(grant) => json(200, body(&grant)),
        Err((error, description)) => json(400, json!({"error": error, "error_description": description})),
    }
}

fn body(grant: &Grant) -> Value {
    let mut body = json!({
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "scope": grant.scopes.join(" "),
        "expires_in": grant.expires_in.as_secs(),
    });
    if let Some(refresh_token) = &grant.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    body
}

fn granted(world: &mut World, headers: &HeaderMap, form: &Params, now: Instant) -> Result<Grant, Denied> {
    let client = client(world, headers, form)?;
    match form.text("grant_type") {
        "authorization_code" => redeemed(world, form, &client, now),
        "client_credentials" if client.confidential => Ok(world.grant_app(Company::Spotify, &client.id, now)),
        "client_credentials" => Err(("invalid_client", "Invalid client secret")),
        "refresh_token" => world
            .refresh(Company::Spotify, form.text("refresh_token"), &client.id, now)
            .ok_or(("invalid_grant", "Refresh token revoked")),
        _ => Err(("unsupported_grant_type", "grant_type parameter is missing or unknown")),
    }
}

fn client(world: &World, headers: &HeaderMap, form: &Params) -> Result<Client, Denied> {
    let unknown = ("invalid_client", "Invalid client");
    if let Some(basic) = authorization(headers, "Basic") {
        let decoded = BASE64.decode(basic.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = decoded.as_deref().and_then(|text| text.split_once(':')).ok_or(unknown)?;
        let app = world.app(Company::Spotify, pair.0).ok_or(unknown)?;
        let proven = app.secret == pair.1;
        return proven
            .then(|| Client { id: app.id.clone(), confidential: true })
            .ok_or((unknown.0, "Invalid client secret"));
    }
    let app = world.app(Company::Spotify, form.text("client_id")).ok_or(unknown)?;
    if world.is_confidential(&app.id) {
        return Err((unknown.0, "Invalid client secret"));
    }
    Ok(Client { id: app.id.clone(), confidential: false })
}

fn redeemed(world: &mut World, form: &Params, client: &Client, now: Instant) -> Result<Grant, Denied> {
    let code = world
        .redeem(Company::Spotify, form.text("code"), now)
        .filter(|code| code.bearer.client_id == client.id)
        .ok_or(("invalid_grant", "Invalid authorization code"))?;
    if code.redirect_uri != form.text("redirect_uri") {
        return Err(("invalid_grant", "Invalid redirect URI"));
    }
    prove(&code, form.get("code_verifier"), client)?;
    Ok(world.grant(Company::Spotify, code.bearer, now))
}

/// The verifier must fit the challenge; who gave no challenge needs the secret.
fn prove(code: &Code, verifier: Option<&str>, client: &Client) -> Result<(), Denied> {
    match (&code.challenge, verifier) {
        (None, _) if client.confidential => Ok(()),
        (None, _) => Err(("invalid_client", "Invalid client secret")),
        (Some(_), None) => Err(("invalid_request", "code_verifier required")),
        (Some(challenge), Some(verifier)) if fits(challenge, verifier) => Ok(()),
        (Some(_), Some(_)) => Err(("invalid_grant", "code_verifier was incorrect")),
    }
}

fn fits(challenge: &str, verifier: &str) -> bool {
    (43..=128).contains(&verifier.len()) && BASE64URL_NOPAD.encode(&Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::SystemClock;
    use crate::twins::{SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, Twins};

    const REDIRECT: &str = "http://127.0.0.1:9/callback";
    const VERIFIER: &str = "0123456789012345678901234567890123456789abc";

    struct App {
        twins: Twins,
        http: reqwest::Client,
    }

    impl App {
        async fn start() -> Self {
            let any = "127.0.0.1:0".parse().expect("an address");
            let twins =
                Twins::start(any, World::demo(1, 1.0), SystemClock::shared()).await.expect("a free port");
            let no_redirect = reqwest::redirect::Policy::none();
            let http = reqwest::Client::builder().no_proxy().redirect(no_redirect).build().expect("a client");
            Self { twins, http }
        }

        fn url(&self, path: &str) -> String {
            format!("{}{path}", self.twins.spotify_accounts_url())
        }

        /// Where the person's answer leads.
        async fn answered(&self, changes: &[(&str, &str)]) -> (u16, String) {
            let mut form = request();
            form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
            form.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            let answer = self.http.post(self.url("/authorize")).form(&form).send().await.expect("an answer");
            let location = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
            (answer.status().as_u16(), location.unwrap_or_default())
        }

        async fn code(&self) -> String {
            let (_, location) = self.answered(&[("login", "ann")]).await;
            let query = location.strip_prefix("http://127.0.0.1:9/callback?code=").expect("a code");
            query.strip_suffix("&state=s%20%26").expect("the state").to_owned()
        }

        async fn redeem(&self, code: &str, verifier: &str) -> (u16, Value) {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", REDIRECT),
                ("client_id", SPOTIFY_CLIENT_ID),
                ("code_verifier", verifier),
            ];
            let answer = self.http.post(self.url("/api/token")).form(&form).send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.expect("JSON"))
        }
    }

    fn request() -> Vec<(String, String)> {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
        [
            ("client_id", SPOTIFY_CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", "user-read-playback-state"),
            ("state", "s &"),
            ("code_challenge_method", "S256"),
            ("code_challenge", &challenge),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[tokio::test]
    async fn a_person_says_yes_and_the_app_proves_that_it_asked() {
        let app = App::start().await;
        let page = app.http.get(app.url("/authorize")).query(&request()).send().await.expect("a page");
        assert!(page.text().await.expect("text").contains("value=\"cleo\""));
        let (status, tokens) = app.redeem(&app.code().await, VERIFIER).await;
        assert_eq!((status, &tokens["scope"]), (200, &json!("user-read-playback-state")));
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3_600)));
        let (status, wrong) = app.redeem(&app.code().await, &VERIFIER.replace('a', "b")).await;
        assert_eq!((status, &wrong["error"]), (400, &json!("invalid_grant")));
        app.twins.stop().await;
    }

    #[tokio::test]
    async fn a_no_goes_back_to_the_app_and_a_bad_redirect_goes_nowhere() {
        let app = App::start().await;
        let (_, denied) = app.answered(&[("deny", "1")]).await;
        assert_eq!(denied, "http://127.0.0.1:9/callback?error=access_denied&state=s%20%26");
        for redirect in
            ["http://localhost:9/callback", "http://127.0.0.1.evil.example/", "http://example.org/"]
        {
            assert_eq!(
                app.answered(&[("login", "ann"), ("redirect_uri", redirect)]).await,
                (400, String::new())
            );
        }
        let (_, plain) = app.answered(&[("login", "ann"), ("code_challenge_method", "plain")]).await;
        assert!(plain.contains("error=invalid_request"));
        app.twins.stop().await;
    }

    #[tokio::test]
    async fn a_confidential_app_uses_its_secret() {
        let app = App::start().await;
        let refresh = app.twins.grant("ann").refresh_token.expect("a refresh token");
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let call = |secret| {
            app.http
                .post(app.url("/api/token"))
                .basic_auth(SPOTIFY_CLIENT_ID, Some(secret))
                .form(&form)
                .send()
        };
        assert_eq!(call(SPOTIFY_CLIENT_SECRET).await.expect("an answer").status(), 200);
        assert_eq!(call("guessed").await.expect("an answer").status(), 400);
        let form = [("grant_type", "client_credentials"), ("client_id", SPOTIFY_CLIENT_ID)];
        let url = app.url("/api/token");
        let own = app.http.post(&url).basic_auth(SPOTIFY_CLIENT_ID, Some(SPOTIFY_CLIENT_SECRET)).form(&form);
        assert_eq!(own.send().await.expect("an answer").status(), 200);
        let without = app.http.post(&url).form(&form).send().await.expect("an answer");
        assert_eq!(without.json::<Value>().await.expect("JSON")["error"], "invalid_client");
        app.twins.stop().await;
    }
}
