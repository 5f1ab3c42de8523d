//! The environment as a source: `AIRLOG_<SECTION>__<KEY>`, and for secrets `…_FILE`, which names a file that holds one.

use super::error::{Cause, Place, Problem};
use super::fields::Key;
use super::raw::{Given, Layer, Raw};
use super::suggest;

const PREFIX: &str = "AIRLOG_";
const FROM_FILE: &str = "_FILE";

/// The variables of this process. What is not Unicode is replaced, so that it is refused with its name.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
}

/// What `variables` say about the known `keys`; what is wrong goes to `problems`. Variables that do not read
/// like a key (`AIRLOG_TEST_BROWSER`) are not ours.
pub(super) fn layer(
    variables: impl IntoIterator<Item = (String, String)>,
    keys: &[Key],
    problems: &mut Vec<Problem>,
) -> Layer {
    let mut layer = Layer::new();
    let mut ours: Vec<_> = variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    ours.sort();
    for (name, value) in ours {
        match given(&name, value, keys) {
            Ok(None) => {}
            Ok(Some((key, _))) if layer.contains_key(key) => {
                problems.push(Problem { cause: twice(&name), place: Place::Variable(name) });
            }
            Ok(Some((key, raw))) => {
                layer.insert(key, Given { raw, place: Place::Variable(name) });
            }
            Err(cause) => problems.push(Problem { place: Place::Variable(name), cause }),
        }
    }
    layer
}

/// The key that the variable sets, and its value; nothing if the variable is not ours.
fn given(name: &str, value: String, keys: &[Key]) -> Result<Option<(&'static str, Raw)>, Cause> {
    if let Some(key) = keys.iter().find(|key| variable(**key) == name) {
        return Ok(Some((key.name, Raw::from_environment(value))));
    }
    if let Some(key) = keys.iter().find(|key| file_variable(**key).as_deref() == Some(name)) {
        return Ok(content(&value)?.map(|content| (key.name, Raw::from_environment(content))));
    }
    let variables = variables(keys);
    let single = |known: &str| known.replace("__", "_");
    if name.contains("__") || variables.iter().any(|known| single(known) == single(name)) {
        let known = variables.iter().map(String::as_str);
        let hint = suggest::hint(name, known, || "config.toml lists every key".to_owned());
        return Err(Cause::Unknown { what: "variable".to_owned(), hint });
    }
    Ok(None)
}

fn variable(key: Key) -> String {
    format!("{PREFIX}{}", key.name.replace('.', "__").to_uppercase())
}

fn file_variable(key: Key) -> Option<String> {
    key.secret.then(|| variable(key) + FROM_FILE)
}

fn variables(keys: &[Key]) -> Vec<String> {
    keys.iter().flat_map(|key| [Some(variable(*key)), file_variable(*key)]).flatten().collect()
}

fn twice(name: &str) -> Cause {
    let plain = name.trim_end_matches(FROM_FILE);
    Cause::Conflict(format!("{plain} is set as well; keep one of the two"))
}

/// The secret in the file at `path`, without the white space around it; nothing if the path is empty.
fn content(path: &str) -> Result<Option<String>, Cause> {
    if path.is_empty() {
        return Ok(None);
    }
    let content = std::fs::read_to_string(path).map_err(|e| Cause::Unreadable(format!("{path}: {e}")))?;
    match content.trim() {
        "" => Err(Cause::Unreadable(format!("{path}: the file is empty"))),
        secret => Ok(Some(secret.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::testing::{problems, valid};
    use secrecy::ExposeSecret as _;
    use std::fs;

    #[test]
    fn a_secret_may_come_from_a_file_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        fs::write(&path, "\n  hush hush  \n").expect("written");
        let path = path.to_str().expect("a path");
        let config = valid(
            "",
            &[("AIRLOG_TWITCH__WEBHOOK_SECRET_FILE", ""), ("AIRLOG_TWITCH__CLIENT_SECRET_FILE", path)],
        );
        assert_eq!(config.twitch.client_secret.expect("set").expose_secret(), "hush hush");
        let both = [("AIRLOG_TWITCH__CLIENT_SECRET", "hush"), ("AIRLOG_TWITCH__CLIENT_SECRET_FILE", path)];
        let said = "AIRLOG_TWITCH__CLIENT_SECRET_FILE: AIRLOG_TWITCH__CLIENT_SECRET is set as well; keep one of the two";
        assert_eq!(problems("", &both), [said]);
        fs::write(path, " \n").expect("written");
        let said = format!("AIRLOG_SECRETS__KEY_FILE: cannot be read: {path}: the file is empty");
        assert_eq!(problems("", &[("AIRLOG_SECRETS__KEY_FILE", path)]), [said]);
        let said = &problems("", &[("AIRLOG_SECRETS__KEY_FILE", "/nowhere/key")])[0];
        assert!(said.starts_with("AIRLOG_SECRETS__KEY_FILE: cannot be read: /nowhere/key: "), "{said}");
    }

    #[test]
    fn unknown_variables_are_refused_with_a_hint_and_others_left_alone() {
        for (name, hint) in [
            ("AIRLOG_SERVER__LISTN", "did you mean AIRLOG_SERVER__LISTEN?"),
            ("AIRLOG_SERVER_LISTEN", "did you mean AIRLOG_SERVER__LISTEN?"),
            ("AIRLOG_server__listen", "did you mean AIRLOG_SERVER__LISTEN?"),
            ("AIRLOG_TWITCH__CLIENT_ID_FILE", "did you mean AIRLOG_TWITCH__CLIENT_ID?"),
            ("AIRLOG_COLOUR__SCHEME", "config.toml lists every key"),
        ] {
            assert_eq!(problems("", &[(name, "x")]), [format!("{name}: unknown variable; {hint}")]);
        }
        valid("", &[("AIRLOG_TEST_BROWSER", "off"), ("RUST_LOG__X", "info"), ("PATH", "/bin")]);
    }
}
