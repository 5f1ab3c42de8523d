//! Sealing of secrets at rest: XChaCha20-Poly1305, a random nonce for each seal, and associated data that
//! names the row and the key, so that a sealed text copied into another row or under another key does not open.
//!
//! A sealed text reads `v1.<key id>.<base64url of nonce and ciphertext>`.

use chacha20poly1305::aead::{Aead as _, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac as _};
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::{Digest as _, Sha256};

const NONCE: usize = 24;

/// The instance's key: 32 bytes, known by a short id that says nothing about them.
pub struct SealingKey {
    id: String,
    key: SecretBox<[u8; 32]>,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

/// The id of the key that a sealed text was sealed under.
#[must_use]
pub fn key_id_of(sealed: &str) -> Option<&str> {
    Some(sealed.strip_prefix("v1.")?.split_once('.')?.0)
}

/// Why a sealed text did not open.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    /// The text is not a sealed text of a version that is known here.
    #[error("this is not a sealed secret")]
    Malformed,
    /// The text was sealed under another key.
    #[error(
        "sealed under key {sealed_under}, but the key in use is {in_use}; put the old key back (secrets.key)"
    )]
    OtherKey {
        /// Id of the key that sealed it.
        sealed_under: String,
        /// Id of the key in use.
        in_use: String,
    },
    /// The text was changed, or belongs to another row.
    #[error("the sealed secret was changed or belongs to another row")]
    Tampered,
}

impl SealingKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        let id = HEXLOWER.encode(&Sha256::digest([b"airlog key id".as_slice(), &bytes].concat())[..4]);
        Self { id, key: SecretBox::new(Box::new(bytes)) }
    }

    /// A new random key.
    #[must_use]
    pub fn random() -> Self {
        Self::new(rand::rng().random())
    }

    /// The key's short id, safe to log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Seals `secret` for the row that `row` names.
    #[must_use]
    pub fn seal(&self, row: &str, secret: &SecretString) -> String {
        let nonce: [u8; NONCE] = rand::rng().random();
        let associated = self.associated(row);
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: associated.as_bytes() };
        let Ok(ciphertext) = self.cipher().encrypt(&XNonce::from(nonce), payload) else {
            unreachable!("a token is far shorter than the cipher's limit of 256 GiB")
        };
        format!("v1.{}.{}", self.id, BASE64URL_NOPAD.encode(&[nonce.as_slice(), &ciphertext].concat()))
    }

    /// Opens what [`SealingKey::seal`] made for the same row.
    ///
    /// # Errors
    /// [`SealError`] says whether the text is malformed, from another key, or changed.
    pub fn open(&self, row: &str, sealed: &str) -> Result<SecretString, SealError> {
        let (key_id, body) =
            sealed.strip_prefix("v1.").and_then(|rest| rest.split_once('.')).ok_or(SealError::Malformed)?;
        if key_id != self.id {
            return Err(SealError::OtherKey { sealed_under: key_id.to_owned(), in_use: self.id.clone() });
        }
        let bytes = BASE64URL_NOPAD.decode(body.as_bytes()).map_err(|_| SealError::Malformed)?;
        self.decrypt(row, &bytes)
    }

    /// A secret made from this key for one purpose: the same each time, and no help in finding the key.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> SecretString {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.key.expose_secret()) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(purpose.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes()).into()
    }

    fn decrypt(&self, row: &str, bytes: &[u8]) -> Result<SecretString, SealError> {
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        let associated = self.associated(row);
        let payload = Payload { msg: ciphertext, aad: associated.as_bytes() };
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Tampered)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| SealError::Tampered)
    }

    fn associated(&self, row: &str) -> String {
        format!("airlog:{row}:{}", self.id)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_for_its_own_row_and_key_only() {
        let key = SealingKey::random();
        let sealed = key.seal("links/1/access", &"token".into());
        assert_eq!(key.open("links/1/access", &sealed).expect("opens").expose_secret(), "token");
        assert_eq!(key.open("links/2/access", &sealed).unwrap_err(), SealError::Tampered);
        let other = SealingKey::random();
        assert!(matches!(other.open("links/1/access", &sealed), Err(SealError::OtherKey { .. })));
    }

    #[test]
    fn nonsense_is_malformed_and_two_seals_differ() {
        let key = SealingKey::random();
        for nonsense in ["", "v1.", "v1.aa", "v2.aa.bb", "token"] {
            assert!(key.open("row", nonsense).is_err(), "{nonsense:?} opened");
        }
        assert_ne!(key.seal("row", &"x".into()), key.seal("row", &"x".into()));
    }
}
