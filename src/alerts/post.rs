//! Taking a message somewhere: to a topic of ntfy, to a webhook as Discord has them, or as JSON to any program.

use super::guard::Guard;
use super::letter::Letter;
use super::model::{Failure, Kind, Refusal};
use data_encoding::BASE64;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::time::Duration;

/// The most letters that Discord takes.
const DISCORD_MOST: usize = 2_000;
/// So many bytes go into one encoded word of a header, which is at most 75 letters long (RFC 2047).
const WORD: usize = 45;
/// Nobody is waited for longer, whatever they ask.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// Takes messages away.
#[derive(Debug, Clone)]
pub struct Post {
    client: Client,
    guard: Guard,
}

/// A message that did not get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setback {
    /// Why.
    pub failure: Failure,
    /// How long we were asked to wait.
    pub wait: Option<Duration>,
}

impl Setback {
    /// Whether another try may get there.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self.failure {
            Failure::Refused(refusal) => refusal == Refusal::Unknown,
            Failure::Timeout | Failure::NoConnection => true,
            Failure::SentOn => false,
            Failure::Status(status) => status >= 500 || matches!(status, 408 | 425 | 429),
        }
    }
}

impl From<Failure> for Setback {
    fn from(failure: Failure) -> Self {
        Self { failure, wait: None }
    }
}

impl Post {
    /// A post that goes where the guard lets it.
    ///
    /// # Errors
    /// When the machine's certificate store cannot be read.
    pub fn new(guard: Guard) -> reqwest::Result<Self> {
        Ok(Self { client: guard.client()?, guard })
    }

    /// Who says where messages may go.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Takes a message there, once.
    ///
    /// # Errors
    /// [`Setback`] says why it did not get there.
    pub async fn take(&self, kind: Kind, url: &SecretString, letter: &Letter) -> Result<(), Setback> {
        let url = Url::parse(url.expose_secret()).map_err(|_| Failure::Refused(Refusal::NoAddress))?;
        self.guard.check(&url).await.map_err(Failure::Refused)?;
        let request = written(self.client.post(url), kind, letter);
        read(&request.send().await.map_err(|error| Setback::from(lost(&error)))?)
    }
}

fn written(request: RequestBuilder, kind: Kind, letter: &Letter) -> RequestBuilder {
    let Letter { title, text, is_urgent, dashboard, document } = letter;
    match kind {
        Kind::Ntfy => request
            .header("Title", header_text(title))
            .header("Priority", if *is_urgent { "high" } else { "default" })
            .header("Tags", if *is_urgent { "warning" } else { "white_check_mark" })
            .header("Click", header_text(dashboard))
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(text.clone()),
        Kind::Discord => {
            let content: String =
                format!("**{title}**\n{text}\n<{dashboard}>").chars().take(DISCORD_MOST).collect();
            // Whatever stands in a name, nobody is called by it.
            request.json(&json!({ "content": content, "allowed_mentions": { "parse": [] } }))
        }
        Kind::Webhook => request.json(document),
    }
}

/// A text as a header may hold it: what is not ASCII is encoded as mail does it (RFC 2047).
fn header_text(text: &str) -> String {
    if text.bytes().all(|letter| (b' '..=b'~').contains(&letter)) {
        return text.to_owned();
    }
    let words = text.chars().fold(vec![String::new()], |mut words, letter| {
        match words.last_mut().filter(|word| word.len() + letter.len_utf8() <= WORD) {
            Some(word) => word.push(letter),
            None => words.push(letter.to_string()),
        }
        words
    });
    let encoded = words.iter().map(|word| format!("=?UTF-8?B?{}?=", BASE64.encode(word.as_bytes())));
    encoded.collect::<Vec<_>>().join(" ")
}

/// What an answer says. Its body is not looked at.
fn read(answer: &Response) -> Result<(), Setback> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let failure = if status.is_redirection() { Failure::SentOn } else { Failure::Status(status.as_u16()) };
    let asked = answer.headers().get(RETRY_AFTER).filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
    // Discord gives fractions of a second.
    let seconds = asked.and_then(|value| value.to_str().ok()?.parse::<f64>().ok());
    let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Err(Setback { failure, wait: wait.map(|wait| wait.min(LONGEST_WAIT)) })
}

/// Why no answer came. The guard's own refusal is found among the causes.
fn lost(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return Failure::Refused(*refusal);
        }
        cause = error.source();
    }
    if error.is_timeout() { Failure::Timeout } else { Failure::NoConnection }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_ascii_whatever_the_text() {
        assert_eq!(header_text("Tracking stands still: Ann"), "Tracking stands still: Ann");
        assert_eq!(header_text("é"), "=?UTF-8?B?w6k=?=");
        let long = header_text(&"夜".repeat(40));
        assert!(long.is_ascii() && long.split(' ').all(|word| word.len() <= 75), "{long}");
        let decoded: String = long
            .split(' ')
            .map(|word| word.trim_start_matches("=?UTF-8?B?").trim_end_matches("?="))
            .map(|word| String::from_utf8(BASE64.decode(word.as_bytes()).expect("base64")).expect("UTF-8"))
            .collect();
        assert_eq!(decoded, "夜".repeat(40));
        assert!(!header_text("a\r\nHost: b").contains('\n'));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let may_pass = |failure: Failure| Setback::from(failure).may_pass();
        for failure in [
            Failure::Timeout,
            Failure::NoConnection,
            Failure::Status(500),
            Failure::Status(429),
            Failure::Refused(Refusal::Unknown),
        ] {
            assert!(may_pass(failure), "{failure}");
        }
        for failure in
            [Failure::SentOn, Failure::Status(404), Failure::Status(401), Failure::Refused(Refusal::Private)]
        {
            assert!(!may_pass(failure), "{failure}");
        }
    }
}
