//! Bytes that many ask for, and the same made small: once, when somebody who takes that first asks.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use axum::http::{HeaderMap, HeaderValue, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::sync::OnceLock;

/// Fewer bytes are not worth it.
const WORTH_IT: usize = 512;

/// A body that is given out again and again.
#[derive(Debug)]
pub struct Packed {
    plain: Bytes,
    /// By gzip; none where that is no smaller.
    small: OnceLock<Option<Bytes>>,
}

impl Packed {
    /// A text.
    #[must_use]
    pub fn text(plain: Bytes) -> Self {
        Self { plain, small: OnceLock::new() }
    }

    /// Something that is small already, such as a picture.
    #[must_use]
    pub fn as_it_is(plain: Bytes) -> Self {
        Self { plain, small: OnceLock::from(None) }
    }

    /// The bytes as they were given.
    #[must_use]
    pub fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// An answer with these bytes, small for whoever `takes_gzip`.
    #[must_use]
    pub fn answer(&self, takes_gzip: bool) -> Response<Body> {
        match takes_gzip.then(|| self.small()).flatten() {
            Some(small) => {
                let mut response = Response::new(Body::from(small.clone()));
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                response
            }
            None => Response::new(Body::from(self.plain.clone())),
        }
    }

    fn small(&self) -> Option<&Bytes> {
        self.small.get_or_init(|| gzip(&self.plain).filter(|small| small.len() < self.plain.len())).as_ref()
    }
}

/// None where it is not worth it.
fn gzip(plain: &[u8]) -> Option<Bytes> {
    if plain.len() < WORTH_IT {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether somebody who sends these headers takes what gzip has made small (RFC 9110, 12.5.3).
#[must_use]
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let weights = lists.flat_map(|list| list.split(',')).filter_map(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_gzip = ["gzip", "x-gzip"].iter().any(|gzip| name.trim().eq_ignore_ascii_case(gzip));
        is_gzip.then(|| !is_nought(weight))
    });
    weights.max().unwrap_or(false)
}

/// `q=0`, `q=0.000`: not at all.
fn is_nought(weight: &str) -> bool {
    weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0_f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    async fn body(response: Response<Body>) -> Bytes {
        to_bytes(response.into_body(), 1 << 20).await.expect("a body")
    }

    #[tokio::test]
    async fn a_text_is_made_small_once_and_reads_the_same() {
        let text = "Slow Harbour, ".repeat(100);
        let packed = Packed::text(text.clone().into());
        let (first, second) = (packed.answer(true), packed.answer(true));
        assert_eq!(first.headers()[CONTENT_ENCODING], "gzip");
        let (first, second) = (body(first).await, body(second).await);
        assert_eq!(first.as_ptr(), second.as_ptr(), "the very same bytes");
        let mut read = String::new();
        GzDecoder::new(&*first).read_to_string(&mut read).expect("gzip");
        assert!(read == text && first.len() < text.len() / 4);
        assert_eq!(body(packed.answer(false)).await, text);
    }

    #[tokio::test]
    async fn what_would_not_be_smaller_is_sent_as_it_is() {
        for packed in [Packed::text("short".into()), Packed::as_it_is("x".repeat(9_999).into())] {
            let answer = packed.answer(true);
            assert!(answer.headers().is_empty());
            assert_eq!(body(answer).await, packed.plain());
        }
    }

    #[test]
    fn who_takes_gzip_says_so() {
        let takes = |text: &'static str| {
            takes_gzip(&[(ACCEPT_ENCODING, HeaderValue::from_static(text))].into_iter().collect())
        };
        for yes in ["gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1", "GZIP", "x-gzip", "deflate,gzip ; q=0.001"] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["", "identity", "br, deflate", "gzip;q=0", "gzip; q=0.000", "notgzip"] {
            assert!(!takes(no), "{no}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
