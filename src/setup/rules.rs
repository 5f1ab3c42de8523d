//! Which app is used: the config comes before what was entered, key by key. And what an app has to look like. Pure.

use super::model::{Company, Entry, Given, Refusal, Typed};
use secrecy::{ExposeSecret as _, SecretString};

/// The longest client id or secret; both companies' are far shorter.
const LONGEST: usize = 200;
/// How many hexadecimal digits a client id of Spotify's has.
const SPOTIFY_ID: usize = 32;

/// The app in use, if there is one. A stored secret belongs to the client id that it was stored with.
#[must_use]
pub fn in_use(given: &Given, stored: Option<&Entry>) -> Option<Entry> {
    let client_id = given.client_id.clone().or_else(|| stored.map(|entry| entry.client_id.clone()))?;
    let client_secret = given.client_secret.clone().or_else(|| secret_of(&client_id, stored));
    Some(Entry { client_id, client_secret })
}

/// The app that somebody wants who typed this. Whoever leaves the secret out keeps the stored one of that client id.
///
/// # Errors
/// [`Refusal`] when it looks like no app of this company.
pub fn wanted(
    company: Company,
    given: &Given,
    stored: Option<&Entry>,
    typed: &Typed,
) -> Result<Entry, Refusal> {
    let client_id = given.client_id.clone().unwrap_or_else(|| typed.client_id.clone());
    looks_like_id(company, &client_id)?;
    let kept = || secret_of(&client_id, stored).filter(|_| !typed.forgets);
    let typed = Some(&typed.client_secret).filter(|secret| !secret.expose_secret().is_empty());
    let client_secret = given.client_secret.clone().or_else(|| typed.cloned().or_else(kept));
    client_secret.as_ref().map_or(Ok(()), looks_like_secret)?;
    Ok(Entry { client_id, client_secret })
}

/// What is stored of an app: never what the config says anyway.
#[must_use]
pub fn to_store(given: &Given, wanted: &Entry) -> Option<Entry> {
    let is_given = given.client_id.is_some();
    let client_secret = wanted.client_secret.clone().filter(|_| given.client_secret.is_none());
    (!is_given || client_secret.is_some())
        .then(|| Entry { client_id: wanted.client_id.clone(), client_secret })
}

fn secret_of(client_id: &str, stored: Option<&Entry>) -> Option<SecretString> {
    stored.filter(|entry| entry.client_id == client_id)?.client_secret.clone()
}

fn looks_like_id(company: Company, text: &str) -> Result<(), Refusal> {
    let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_hex = text.len() == SPOTIFY_ID && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match company {
        _ if text.is_empty() => Err(Refusal::NoId),
        Company::Twitch if is_plain => Ok(()),
        Company::Spotify if is_hex => Ok(()),
        Company::Twitch | Company::Spotify => Err(Refusal::OddId),
    }
}

fn looks_like_secret(secret: &SecretString) -> Result<(), Refusal> {
    let text = secret.expose_secret();
    let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain { Ok(()) } else { Err(Refusal::OddSecret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(client_id: &str, secret: Option<&str>) -> Entry {
        Entry { client_id: client_id.into(), client_secret: secret.map(Into::into) }
    }

    fn given(client_id: Option<&str>, secret: Option<&str>) -> Given {
        Given { client_id: client_id.map(Into::into), client_secret: secret.map(Into::into) }
    }

    fn typed(client_id: &str, secret: &str) -> Typed {
        Typed { client_id: client_id.into(), client_secret: secret.into(), forgets: false }
    }

    /// An app as a text that can be compared.
    fn told(entry: Option<&Entry>) -> String {
        let secret =
            |entry: &Entry| entry.client_secret.as_ref().map(|secret| secret.expose_secret().to_owned());
        entry.map_or("none".into(), |entry| {
            format!("{}:{}", entry.client_id, secret(entry).unwrap_or_default())
        })
    }

    #[test]
    fn the_config_comes_before_what_was_entered() {
        let stored = entry("stored", Some("kept"));
        for (id, secret, expected) in [
            (None, None, "stored:kept"),
            (Some("given"), Some("set"), "given:set"),
            (Some("given"), None, "given:"),
            (Some("stored"), None, "stored:kept"),
            (None, Some("set"), "stored:set"),
        ] {
            assert_eq!(told(in_use(&given(id, secret), Some(&stored)).as_ref()), expected);
        }
        assert_eq!(told(in_use(&given(None, Some("set")), None).as_ref()), "none");
        assert_eq!(told(in_use(&given(Some("given"), None), None).as_ref()), "given:");
    }

    #[test]
    fn a_secret_that_is_left_out_stays_with_its_client_id() {
        let (stored, nothing) = (entry("one", Some("kept")), Given::default());
        let want = |typed: &Typed| wanted(Company::Twitch, &nothing, Some(&stored), typed).expect("an app");
        assert_eq!(told(Some(&want(&typed("one", "")))), "one:kept");
        assert_eq!(told(Some(&want(&typed("one", "new")))), "one:new");
        assert_eq!(told(Some(&want(&typed("two", "")))), "two:", "another app's secret is no use");
        assert_eq!(told(Some(&want(&Typed { forgets: true, ..typed("one", "") }))), "one:");
    }

    #[test]
    fn what_the_config_says_is_neither_changed_nor_stored() {
        let both = given(Some("given"), Some("set"));
        let want = wanted(Company::Twitch, &both, None, &typed("typed", "typed")).expect("an app");
        assert_eq!(told(Some(&want)), "given:set");
        assert_eq!(told(to_store(&both, &want).as_ref()), "none");
        let id_only = given(Some("given"), None);
        let want = wanted(Company::Twitch, &id_only, None, &typed("", "typed")).expect("an app");
        assert_eq!(told(to_store(&id_only, &want).as_ref()), "given:typed");
        let secret_only = given(None, Some("set"));
        let want = wanted(Company::Twitch, &secret_only, None, &typed("typed", "")).expect("an app");
        assert_eq!(told(to_store(&secret_only, &want).as_ref()), "typed:");
    }

    #[test]
    fn what_cannot_be_an_app_is_told_without_asking() {
        let refusal = |company, id: &str, secret: &str| {
            wanted(company, &Given::default(), None, &typed(id, secret)).err()
        };
        let long = "a".repeat(201);
        assert_eq!(refusal(Company::Twitch, "", "secret"), Some(Refusal::NoId));
        for odd in ["a b", "é", &long] {
            assert_eq!(refusal(Company::Twitch, odd, ""), Some(Refusal::OddId), "{odd}");
            assert_eq!(refusal(Company::Twitch, "id", odd), Some(Refusal::OddSecret), "{odd}");
        }
        assert_eq!(refusal(Company::Spotify, "5b07f1ac0e5d4b8fa1a1c0ffee5e11e5", ""), None);
        for odd in ["5b07f1ac0e5d4b8fa1a1c0ffee5e11e", "5b07f1ac0e5d4b8fa1a1c0ffee5e11eg", "ann@example.org"]
        {
            assert_eq!(refusal(Company::Spotify, odd, ""), Some(Refusal::OddId), "{odd}");
        }
    }
}
