//! A person with a browser, without its window: cookies are kept, redirects followed, and Twitch and Spotify are told yes.

use super::House;
use super::viewer::Viewer;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Nobody is sent on more often.
const HOPS: usize = 10;

/// Somebody at a browser.
pub struct Person {
    pub login: String,
    home: Url,
    /// What a browser calls our pages: the address that people reach us under.
    origin: String,
    http: reqwest::Client,
    /// What each request to us says besides.
    headers: Vec<(&'static str, String)>,
    /// By host and port, then by name.
    jar: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
}

/// What a browser shows in the end.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub path: String,
    pub body: String,
}

impl House {
    /// A person whom the twins know by this login, at a browser without cookies.
    pub fn person(&self, login: &str) -> Person {
        self.twins.with(|world, _| drop(world.add_person(login).clone()));
        let home = self.url("/").parse().expect("a URL");
        let origin = self.config.server.effective_public_url(self.addr()).origin().ascii_serialization();
        let (http, headers) = (self.http.clone(), Vec::new());
        Person { login: login.into(), home, origin, http, headers, jar: Mutex::default() }
    }

    /// The same at a browser that calls us by another host name.
    pub fn person_by(&self, login: &str, host: &str) -> Person {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.resolve(host, self.addr()).no_proxy().build().expect("a client");
        let home: Url = format!("http://{host}:{}/", self.addr().port()).parse().expect("a URL");
        let origin = home.origin().ascii_serialization();
        Person { home, origin, http, ..self.person(login) }
    }

    /// A person who has logged in.
    pub async fn logged_in(&self, login: &str) -> Person {
        let person = self.person(login);
        let page = person.logs_in().await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
        person
    }

    /// A streamer who has logged in, linked Spotify and switched tracking on.
    pub async fn set_up(&self, login: &str) -> Person {
        self.sets_up(self.person(login)).await
    }

    /// The same for somebody who is there already.
    pub async fn sets_up(&self, person: Person) -> Person {
        let page = person.logs_in().await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
        let page = person.links_spotify().await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
        let (status, _) = person.asks(Method::PATCH, "/api/v1/me/settings", r#"{"enabled":true}"#).await;
        assert_eq!(status, 200);
        person
    }
}

impl Person {
    /// The same person, who says this with each request to us.
    pub fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Logs in with Twitch and says yes.
    pub async fn logs_in(&self) -> Page {
        self.opens("/auth/twitch?timezone=Europe/Paris").await
    }

    /// Links the Spotify account and says yes.
    pub async fn links_spotify(&self) -> Page {
        self.opens("/auth/spotify").await
    }

    /// Opens a page of ours; follows where it leads, and says yes on the way.
    pub async fn opens(&self, path: &str) -> Page {
        let answer = self.answer(path).await;
        self.follows(answer, Some(&self.login.clone())).await
    }

    /// The same, saying no on the way.
    pub async fn opens_saying_no(&self, path: &str) -> Page {
        let answer = self.answer(path).await;
        self.follows(answer, None).await
    }

    /// What a page of ours answers at first, with its headers.
    pub async fn answer(&self, path: &str) -> Response {
        self.sends(Method::GET, &self.url(path), |request| request).await
    }

    /// Where a page sends a browser, not followed.
    pub async fn sent_to(&self, path: &str) -> Url {
        let answer = self.answer(path).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        location(&answer)
    }

    /// Says yes on a consent page; where that sends the browser, not followed.
    pub async fn says_yes(&self, consent: &Url) -> Url {
        self.says_yes_as(consent, &self.login).await
    }

    /// The same as somebody else, whose account is used at this browser too.
    pub async fn says_yes_as(&self, consent: &Url, login: &str) -> Url {
        location(&self.answers(consent, Some(login)).await)
    }

    /// Fills in one of our forms as the page has it, and sends it.
    pub async fn fills_in(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.form_token().await;
        let fields: Vec<_> = fields.iter().copied().chain([("token", token.as_str())]).collect();
        self.posts(path, &fields).await
    }

    /// Sends a form from one of our pages.
    pub async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = &*self.origin;
        let answer = self
            .sends(Method::POST, &self.url(path), |request| request.header(ORIGIN, origin).form(fields))
            .await;
        self.follows(answer, Some(&self.login.clone())).await
    }

    /// Asks the API from one of our pages: status and JSON, null where there is none.
    pub async fn asks(&self, method: Method, path: &str, body: &str) -> (u16, Value) {
        let origin = &*self.origin;
        self.asks_from(Some(origin), method, path, body).await
    }

    /// Asks the API from a page of this origin.
    pub async fn asks_from(
        &self,
        origin: Option<&str>,
        method: Method,
        path: &str,
        body: &str,
    ) -> (u16, Value) {
        let change = |request: RequestBuilder| {
            let request = origin.iter().fold(request, |request, origin| request.header(ORIGIN, *origin));
            let json = request.header(reqwest::header::CONTENT_TYPE, "application/json");
            if body.is_empty() { json } else { json.body(body.to_owned()) }
        };
        let answer = self.sends(method, &self.url(path), change).await;
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.expect("a body")).unwrap_or_default())
    }

    /// The status that a request of one's own making is answered with at first.
    pub async fn status_of(&self, method: &str, path: &str, body: &str) -> u16 {
        let method = method.parse().expect("a method");
        self.answer_to(method, path, body).await.status().as_u16()
    }

    /// What such a request is answered at first: JSON under `/api`, else a form, from one of our pages.
    pub async fn answer_to(&self, method: Method, path: &str, body: &str) -> Response {
        let origin = &*self.origin;
        let kind =
            if path.starts_with("/api") { "application/json" } else { "application/x-www-form-urlencoded" };
        let change = |request: RequestBuilder| {
            let request = request.header(ORIGIN, origin).header(reqwest::header::CONTENT_TYPE, kind);
            if body.is_empty() { request } else { request.body(body.to_owned()) }
        };
        self.sends(method, &self.url(path), change).await
    }

    /// What a form repeats that was made for whoever is logged in here.
    pub async fn form_token(&self) -> String {
        token_of(&self.opens("/dashboard").await.body)
    }

    /// Opens a socket from one of our pages.
    pub async fn listens(&self, path: &str) -> Viewer {
        let origin = &*self.origin;
        self.listens_from(origin, path).await.expect("an upgrade")
    }

    /// Opens a socket from a page of this origin; the status when there is no upgrade.
    pub async fn listens_from(&self, origin: &str, path: &str) -> Result<Viewer, u16> {
        let server = self.home.authority().parse().expect("an address");
        let cookies = self.cookies();
        let said = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<_> = said.chain([("cookie", cookies.as_str()), ("origin", origin)]).collect();
        Viewer::comes_with(server, path, &headers).await
    }

    /// What is sent as `Cookie` to us.
    pub fn cookies(&self) -> String {
        self.cookies_for(&self.home)
    }

    fn url(&self, path: &str) -> Url {
        self.home.join(path).expect("a path")
    }

    async fn sends(
        &self,
        method: Method,
        url: &Url,
        change: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Response {
        let request = self.http.request(method, url.clone()).header(COOKIE, self.cookies_for(url));
        // What stands between us and a browser that comes by HTTPS says so.
        let by_proxy = self.origin.starts_with("https:");
        let request = if by_proxy { request.header("x-forwarded-proto", "https") } else { request };
        let said = self.headers.iter().filter(|_| url.authority() == self.home.authority());
        let request = said.fold(request, |request, (name, value)| request.header(*name, value));
        let answer = change(request).send().await.expect("an answer");
        self.keeps_cookies(url, &answer);
        answer
    }

    async fn follows(&self, mut answer: Response, as_whom: Option<&str>) -> Page {
        for _ in 0..HOPS {
            if answer.status().is_redirection() {
                let next = location(&answer);
                answer = self.sends(Method::GET, &next, |request| request).await;
            } else if answer.status() == StatusCode::OK && answer.url().path().ends_with("/authorize") {
                let consent = answer.url().clone();
                answer = self.answers(&consent, as_whom).await;
            } else {
                let (status, path) = (answer.status().as_u16(), answer.url().path().to_owned());
                return Page { status, path, body: answer.text().await.expect("a body") };
            }
        }
        panic!("sent on for ever");
    }

    async fn answers(&self, consent: &Url, as_whom: Option<&str>) -> Response {
        let mut fields: Vec<(String, String)> = consent.query_pairs().into_owned().collect();
        fields.push(match as_whom {
            Some(login) => ("login".into(), login.into()),
            None => ("deny".into(), "1".into()),
        });
        self.sends(Method::POST, consent, |request| request.form(&fields)).await
    }

    fn cookies_for(&self, url: &Url) -> String {
        let jar = self.jar.lock().expect("no panic");
        let cookies = jar.get(url.authority()).into_iter().flatten();
        cookies.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keeps_cookies(&self, url: &Url, answer: &Response) {
        let mut jar = self.jar.lock().expect("no panic");
        let cookies = jar.entry(url.authority().to_owned()).or_default();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            if text.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn location(answer: &Response) -> Url {
    let to = answer.headers().get(LOCATION).unwrap_or_else(|| panic!("{answer:?} leads nowhere"));
    answer.url().join(to.to_str().expect("text")).expect("a URL")
}

fn token_of(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"token\" value=\"").unwrap_or_else(|| panic!("no form in {html}"));
    rest.split('"').next().expect("a value").to_owned()
}
