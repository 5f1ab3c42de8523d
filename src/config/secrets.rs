//! `[secrets]`: the key that seals tokens at rest.

use super::fields::Visit;
use super::kind::{Kind, Optional, REDACTED};
use super::raw::Raw;
use data_encoding::BASE64_NOPAD;
use secrecy::{ExposeSecret as _, SecretBox};

/// The key that seals tokens at rest.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The 32 bytes of the key. None: they live in a file, see [`super::sealing_key`].
    pub key: Option<SecretBox<[u8; 32]>>,
}

impl Clone for Secrets {
    fn clone(&self) -> Self {
        let copied = |key: &SecretBox<[u8; 32]>| SecretBox::new(Box::new(*key.expose_secret()));
        Self { key: self.key.as_ref().map(copied) }
    }
}

impl Secrets {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("secrets.key", &Optional::empty(KeyBytes), &mut self.key);
    }
}

/// The key written in `text`: base64 of 32 bytes, of either alphabet, padded or not.
pub(super) fn decode(text: &str) -> Option<SecretBox<[u8; 32]>> {
    let standard = text.trim().trim_end_matches('=').replace('-', "+").replace('_', "/");
    let bytes = BASE64_NOPAD.decode(standard.as_bytes()).ok()?;
    bytes.try_into().ok().map(|bytes| SecretBox::new(Box::new(bytes)))
}

/// 32 bytes as base64.
struct KeyBytes;

impl Kind for KeyBytes {
    type Value = SecretBox<[u8; 32]>;

    fn read(&self, raw: &Raw) -> Option<Self::Value> {
        decode(raw.text()?)
    }

    fn write(&self, _: &Self::Value) -> String {
        REDACTED.to_owned()
    }

    fn allowed(&self) -> String {
        "32 bytes as base64, as \"openssl rand -base64 32\" prints them".to_owned()
    }

    fn secret(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_base64_of_32_bytes() {
        let standard = "++//".repeat(10) + "AAA=";
        let key = decode(&standard).expect("a key");
        for other in
            [standard.trim_end_matches('=').to_owned(), "--__".repeat(10) + "AAA", format!(" {standard}\n")]
        {
            assert_eq!(decode(&other).expect("a key").expose_secret(), key.expose_secret());
        }
        for nonsense in ["", "secret", "AAAA", &"A".repeat(44)] {
            assert!(decode(nonsense).is_none(), "{nonsense:?}");
        }
    }
}
