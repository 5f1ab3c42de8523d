//! Opaque tokens that we hand out: random, known to us by their hash only.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use rand::RngExt as _;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

/// A new token: 32 random bytes as 43 letters that any URL or cookie takes.
#[must_use]
pub fn random() -> SecretString {
    let bytes: [u8; 32] = rand::rng().random();
    BASE64URL_NOPAD.encode(&bytes).into()
}

/// What a token is known by. A token is too random to be guessed from it, so no salt is needed.
#[must_use]
pub fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

/// The S256 challenge of a PKCE verifier (RFC 7636).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn each_token_is_another_and_none_is_its_hash() {
        let (one, other) = (random(), random());
        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_ne!(hash(one.expose_secret()), hash(other.expose_secret()));
    }

    #[test]
    fn a_challenge_is_as_the_standard_has_it() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
