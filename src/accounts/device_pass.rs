//! What a browser has to show before it may begin a login by device code.
//!
//! A device code binds nothing: whoever begins a login can send the code to somebody else, and if that person confirms it at
//! Twitch, it is the beginner's browser that is logged in. Twitch's page does not say where the code is shown, so nothing
//! that happens there can help. Therefore a code is only asked for by a browser that shows what the person whom it wants to
//! be has been given by hand:
//!
//! * the setup code, which is printed where the program was started: who reads it runs the house;
//! * or a login code, made for one login and given to that person by whoever runs the house. A login that it began ends as
//!   that person or not at all, so a code of one's own is of no use against others. Streamers are not shown the codes of
//!   their moderators: naming somebody must not be a way to begin a login as them.
//!
//! A browser in which somebody has logged in keeps the login code of that person, and nobody has to type it there again.
//! Codes follow from the sealing key: they are the same after each start, nowhere stored, and others under another key.

use crate::base::seal::SealingKey;
use crate::base::token;
use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What a browser has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// The setup code: whoever is confirmed may come in, as far as they may come in at all.
    House,
    /// The login code of this login, in lower case: nobody else may come in.
    Person(String),
}

/// Makes codes and knows them again.
#[derive(Debug, Clone)]
pub struct Passes {
    key: Arc<SealingKey>,
    /// What the setup code is made from.
    house: String,
}

impl Passes {
    /// The codes of the house with this key, whose setup code is made for this purpose.
    #[must_use]
    pub fn new(key: Arc<SealingKey>, house: String) -> Self {
        Self { key, house }
    }

    /// The code that proves who runs the house, such as `A1B2C-D3E4F-G5H6I`.
    #[must_use]
    pub fn setup_code(&self) -> SecretString {
        self.code(&self.house).into()
    }

    /// The code with which somebody begins to log in, such as `ann-A1B2C-D3E4F-G5H6I`.
    #[must_use]
    pub fn login_code(&self, login: &str) -> SecretString {
        let login = login.to_lowercase();
        format!("{login}-{}", self.code(&format!("login code of {login}"))).into()
    }

    /// What a text that somebody has typed lets them do, if anything. Case and space around it do not matter.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Pass> {
        let typed = text.trim().to_lowercase();
        let is =
            |code: &SecretString| token::hash(&typed) == token::hash(&code.expose_secret().to_lowercase());
        if is(&self.setup_code()) {
            return Some(Pass::House);
        }
        let login = typed.split_once('-')?.0;
        is(&self.login_code(login)).then(|| Pass::Person(login.to_owned()))
    }

    fn code(&self, purpose: &str) -> String {
        let letters = BASE32_NOPAD.encode(&Sha256::digest(self.key.derive(purpose).expose_secret()));
        format!("{}-{}-{}", &letters[..5], &letters[5..10], &letters[10..15])
    }
}

impl Pass {
    /// Whom alone it lets in; none when it does not say.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        match self {
            Self::House => None,
            Self::Person(login) => Some(login),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(key: u8) -> Passes {
        Passes::new(Arc::new(SealingKey::new([key; 32])), "setup code".into())
    }

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let passes = passes(7);
        let setup = passes.setup_code().expose_secret().to_owned();
        assert_eq!(passes.read(&format!(" {} ", setup.to_lowercase())), Some(Pass::House));
        let ann = passes.login_code("Ann").expose_secret().to_owned();
        assert!(ann.starts_with("ann-"), "{ann}");
        assert_eq!(passes.read(&ann.to_uppercase()), Some(Pass::Person("ann".into())));
    }

    #[test]
    fn a_code_is_good_for_one_login_and_under_one_key() {
        let own = passes(7);
        let ann = own.login_code("ann").expose_secret().to_owned();
        for other in [
            ann.replace("ann-", "bob-"),
            ann.replace("ann-", ""),
            passes(8).setup_code().expose_secret().to_owned(),
            passes(8).login_code("ann").expose_secret().to_owned(),
            String::new(),
            "-".into(),
            "ann-".into(),
        ] {
            assert_eq!(own.read(&other), None, "{other}");
        }
    }
}
