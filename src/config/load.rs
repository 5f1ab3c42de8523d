//! Loading: file, then environment, then the checks across keys. All problems are reported at once.

use super::error::{ConfigErrors, Problem};
use super::{Config, check, environment, fields, file};
use std::path::Path;

/// Where the file is looked for when none is named.
const USUAL_FILE: &str = "config.toml";

/// The configuration: the defaults, overridden by the file, overridden by the variables of `env`
/// (see [`super::environment`]). Without a `path` the file is `./config.toml`, if there is one.
///
/// # Errors
/// Every problem there is: an unreadable or malformed file, unknown keys, values that are not allowed.
pub fn load(
    path: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigErrors> {
    let usual = Path::new(USUAL_FILE);
    let path = path.or_else(|| usual.exists().then_some(usual));
    let mut problems = Vec::new();
    let text = path.map(file::text).transpose().unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let config = read(path.zip(text.as_deref()), env, &mut problems);
    if problems.is_empty() { Ok(config) } else { Err(ConfigErrors(problems)) }
}

/// The configuration from the content of a file and from variables. What is wrong goes to `problems`.
fn read(
    file: Option<(&Path, &str)>,
    env: impl IntoIterator<Item = (String, String)>,
    problems: &mut Vec<Problem>,
) -> Config {
    let keys = fields::keys();
    let mut config = Config::default();
    if let Some((path, text)) = file {
        let layer = file::layer(path, text, &keys, problems);
        problems.extend(fields::apply(layer, &mut config));
    }
    let layer = environment::layer(env, &keys, problems);
    problems.extend(fields::apply(layer, &mut config));
    if problems.is_empty() {
        problems.extend(check::conflicts(&config));
    }
    config
}

/// What the tests of the sources share.
#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// What is wrong with a file and variables.
    pub(in crate::config) fn problems(toml: &str, env: &[(&str, &str)]) -> Vec<String> {
        let mut problems = Vec::new();
        read(Some((Path::new("config.toml"), toml)), owned(env), &mut problems);
        problems.iter().map(Problem::to_string).collect()
    }

    /// The configuration of a file and variables that have no problem.
    pub(in crate::config) fn valid(toml: &str, env: &[(&str, &str)]) -> Config {
        let mut problems = Vec::new();
        let config = read(Some((Path::new("config.toml"), toml)), owned(env), &mut problems);
        assert!(problems.is_empty(), "{toml} {env:?}: {problems:?}");
        config
    }

    pub(in crate::config) fn owned(env: &[(&str, &str)]) -> Vec<(String, String)> {
        env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::print::lines;
    use super::super::{Allow, EventSub, LogFormat};
    use super::testing::{owned, problems, valid};
    use super::*;
    use secrecy::ExposeSecret as _;
    use std::time::Duration;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// What `airlog config` would say about a key.
    fn value(config: &Config, key: &str) -> String {
        lines(config).into_iter().find(|line| line.key.name == key).expect(key).value
    }

    const DURATION: &str = r#"a duration from "10ms" to "7d", such as "60ms", "1s", "5m" or "2h""#;
    const ADDRESS: &str = r#"an IP address and a port, such as "127.0.0.1:8080" or "[::]:8080""#;
    const SITE: &str = r#"a URL that begins with http:// or https://, without a path or a slash at its end, such as "https://airlog.example""#;
    const PROXIES: &str = r#"a list of IP addresses and ranges, such as ["127.0.0.1", "10.0.0.0/8"]"#;
    const DATABASE: &str = r#""sqlite://FILE" or "postgres://USER:PASSWORD@HOST/NAME""#;
    const KEY_BYTES: &str = r#"32 bytes as base64, as "openssl rand -base64 32" prints them"#;
    const WHO: &str = r#""owner", "anyone" or a list of Twitch logins, such as ["ann", "bob"]"#;
    const ID: &str = "the id as the developer console shows it, without spaces";
    const HELIX: &str = r#"a URL that begins with http:// or https:// and has no slash at its end, such as "https://api.twitch.tv/helix""#;
    const SOCKET: &str = r#"a URL that begins with ws:// or wss:// and has no slash at its end, such as "wss://eventsub.wss.twitch.tv/ws""#;
    const FILTER: &str =
        r#"a level (error, warn, info, debug, trace) or a list such as "info,airlog::live=debug""#;

    /// Key, value as written in the file, value as shown, what is allowed.
    const REFUSED: &[(&str, &str, &str, &str)] = &[
        ("server.listen", r#""localhost:8080""#, r#""localhost:8080""#, ADDRESS),
        ("server.listen", "8080", "8080", ADDRESS),
        ("server.listen", r#""127.0.0.1:65536""#, r#""127.0.0.1:65536""#, ADDRESS),
        ("server.public_url", r#""https://airlog.example/""#, r#""https://airlog.example/""#, SITE),
        ("server.public_url", r#""https://airlog.example/log""#, r#""https://airlog.example/log""#, SITE),
        ("server.public_url", r#""https://ann:pw@airlog.example""#, r#""***@airlog.example""#, SITE),
        ("server.public_url", r#""airlog.example""#, r#""airlog.example""#, SITE),
        ("server.trusted_proxies", r#"["10.0.0.0/33"]"#, r#"["10.0.0.0/33"]"#, PROXIES),
        ("server.trusted_proxies", "[1, 2]", "[1, 2]", PROXIES),
        ("database.url", r#""airlog.db""#, r#""airlog.db""#, DATABASE),
        ("database.url", r#""mysql://ann:pw@h/a""#, r#""***@h/a""#, DATABASE),
        ("database.url", r#""mysql://h/a?password=pw""#, r#""***""#, DATABASE),
        ("secrets.key", r#""hunter2""#, r#""***""#, KEY_BYTES),
        ("secrets.key", "12345", r#""***""#, KEY_BYTES),
        ("accounts.allow", r#""ower""#, r#""ower""#, WHO),
        ("accounts.allow", "[]", "[]", WHO),
        ("accounts.allow", "true", "true", WHO),
        ("twitch.client_id", r#""a b""#, r#""a b""#, ID),
        ("twitch.client_secret", "12345", r#""***""#, "1 to 200 ASCII characters"),
        ("twitch.eventsub", r#""webhooks""#, r#""webhooks""#, r#""websocket" or "webhook""#),
        ("twitch.webhook_secret", r#""too short""#, r#""***""#, "10 to 100 ASCII characters"),
        ("twitch.webhook_secret", r#""äääääääääää""#, r#""***""#, "10 to 100 ASCII characters"),
        ("twitch.api_url", r#""https://api.twitch.tv/helix/""#, r#""https://api.twitch.tv/helix/""#, HELIX),
        ("twitch.api_url", r#""wss://api.twitch.tv/helix""#, r#""wss://api.twitch.tv/helix""#, HELIX),
        ("twitch.eventsub_url", r#""https://eventsub""#, r#""https://eventsub""#, SOCKET),
        ("tracking.poll_interval", "60", "60", DURATION),
        ("tracking.poll_interval", r#""60""#, r#""60""#, DURATION),
        ("tracking.poll_interval", r#""1 minute""#, r#""1 minute""#, DURATION),
        ("tracking.min_gap", r#""9ms""#, r#""9ms""#, DURATION),
        ("tracking.heal_interval", r#""8d""#, r#""8d""#, DURATION),
        ("tracking.budget", "0", "0", r#"a whole number from 6 to 100000, or "none""#),
        ("tracking.budget", r#""30""#, r#""30""#, r#"a whole number from 6 to 100000, or "none""#),
        ("retention.default_days", "366", "366", r#"a whole number from 1 to 365, or "keep""#),
        (
            "retention.default_days",
            r#""forever""#,
            r#""forever""#,
            r#"a whole number from 1 to 365, or "keep""#,
        ),
        ("retention.sweep_at", r#""24:00""#, r#""24:00""#, r#"a time from "00:00" to "23:59""#),
        ("retention.sweep_at", "04:00:00", "04:00:00", r#"a time from "00:00" to "23:59""#),
        ("limits.sockets", "-1", "-1", "a whole number from 0 (no limit) to 4294967295"),
        ("alerts.allow_private", r#""yes""#, r#""yes""#, "true or false"),
        ("pages.covers", r#""no""#, r#""no""#, "true or false"),
        ("limits.sockets", "1.5", "1.5", "a whole number from 0 (no limit) to 4294967295"),
        ("log.format", r#""JSON""#, r#""JSON""#, r#""text" or "json""#),
        ("log.filter", r#""info,airlog=loud""#, r#""info,airlog=loud""#, FILTER),
    ];

    #[test]
    fn a_bad_value_is_refused_with_place_key_value_and_what_is_allowed() {
        for (name, written, shown, allowed) in REFUSED {
            let (section, key) = name.split_once('.').expect("dotted");
            let said = problems(&format!("# mine\n[{section}]\n{key} = {written}\n"), &[]);
            assert_eq!(
                said,
                [format!("config.toml, line 3: {name} = {shown} is not allowed; use {allowed}")]
            );
        }
    }

    /// Key, value in the environment, value in use.
    const ACCEPTED: &[(&str, &str, &str)] = &[
        ("server.listen", "[::]:0", r#""[::]:0""#),
        ("server.public_url", "https://airlog.example:8443", r#""https://airlog.example:8443""#),
        ("server.trusted_proxies", "127.0.0.1, 10.0.0.0/8", r#"["127.0.0.1", "10.0.0.0/8"]"#),
        ("database.url", "postgres://ann:pw@db/airlog", r#""postgres://ann:***@db/airlog""#),
        ("secrets.key", KEY, r#""***""#),
        ("accounts.allow", "Ann,bob", r#"["ann", "bob"]"#),
        ("twitch.client_id", "abc123", r#""abc123""#),
        ("twitch.client_secret", "hush", r#""***""#),
        ("twitch.eventsub", "websocket", r#""websocket""#),
        ("twitch.webhook_secret", "long enough", r#""***""#),
        ("twitch.api_url", "http://127.0.0.1:4000", r#""http://127.0.0.1:4000""#),
        ("twitch.id_url", "http://127.0.0.1:4000/oauth2", r#""http://127.0.0.1:4000/oauth2""#),
        ("twitch.eventsub_url", "ws://127.0.0.1:4000/ws", r#""ws://127.0.0.1:4000/ws""#),
        ("spotify.client_id", "def456", r#""def456""#),
        ("spotify.api_url", "http://127.0.0.1:4000/v1", r#""http://127.0.0.1:4000/v1""#),
        ("spotify.accounts_url", "http://127.0.0.1:4000", r#""http://127.0.0.1:4000""#),
        ("tracking.poll_interval", "7d", r#""7d""#),
        ("tracking.probe_delay", "10ms", r#""10ms""#),
        ("tracking.min_gap", "60ms", r#""60ms""#),
        ("tracking.request_timeout", "1s", r#""1s""#),
        ("tracking.default_cooldown", "90s", r#""90s""#),
        ("tracking.heal_interval", "2h", r#""2h""#),
        ("tracking.stream_grace", "1500ms", r#""1500ms""#),
        ("tracking.reconcile_interval", "1m", r#""60s""#),
        ("tracking.budget", "100000", "100000"),
        ("retention.default_days", "keep", r#""keep""#),
        ("retention.sweep_at", "23:59", r#""23:59""#),
        ("limits.sockets", "0", "0"),
        ("limits.sockets_per_address", "4294967295", "4294967295"),
        ("limits.requests_per_minute", "1", "1"),
        ("limits.writes_per_minute", "1", "1"),
        ("alerts.allow_private", "true", "true"),
        ("pages.covers", "false", "false"),
        ("log.format", "json", r#""json""#),
        ("log.filter", "info,airlog::live=debug", r#""info,airlog::live=debug""#),
    ];

    #[test]
    fn every_key_is_accepted_from_the_environment() {
        for (name, given, used) in ACCEPTED {
            let variable = format!("AIRLOG_{}", name.replace('.', "__").to_uppercase());
            assert_eq!(value(&valid("", &[(&variable, given)]), name), *used);
        }
        let missing =
            fields::keys().into_iter().filter(|key| ACCEPTED.iter().all(|(name, ..)| *name != key.name));
        assert_eq!(
            missing.map(|key| key.name).collect::<Vec<_>>(),
            ["spotify.client_secret"],
            "tested with its id"
        );
    }

    #[test]
    fn the_file_gives_typed_values() {
        let config = valid(
            "accounts.allow = [\"Ann\"]\n[twitch]\nclient_id = \"id\"\nclient_secret = \"hush\"\neventsub = \"webhook\"\n\
             [spotify]\nclient_id = \"id\"\nclient_secret = \"hush\"\n[tracking]\nbudget = 30\npoll_interval = \"20s\"\n\
             [retention]\ndefault_days = \"keep\"\n[limits]\nsockets = 0\n[log]\nformat = \"json\"\n",
            &[],
        );
        assert_eq!(config.accounts.allow, Allow::Logins(vec!["ann".to_owned()]));
        assert_eq!(config.twitch.eventsub, EventSub::Webhook);
        assert_eq!(config.spotify.client_secret.expect("set").expose_secret(), "hush");
        assert_eq!(config.tracking.budget, Some(30));
        assert_eq!(config.tracking.poll_interval, Duration::from_secs(20));
        assert_eq!((config.retention.default_days, config.limits.sockets), (None, None));
        assert_eq!(config.log.format, LogFormat::Json);
    }

    #[test]
    fn the_environment_beats_the_file_and_an_empty_text_unsets() {
        let file = "[server]\npublic_url = \"https://a.example\"\n[log]\nfilter = \"warn\"\n";
        let config = valid(file, &[("AIRLOG_LOG__FILTER", "debug"), ("AIRLOG_SERVER__PUBLIC_URL", "")]);
        assert_eq!(config.log.filter, "debug");
        assert_eq!(config.server.public_url, None);
    }

    #[test]
    fn all_problems_come_at_once() {
        let errors = load(Some(Path::new("nowhere.toml")), owned(&[("AIRLOG_LOG__FORMAT", "xml")]))
            .expect_err("two problems");
        let said = errors.to_string();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], "the configuration has 2 problems:");
        assert!(lines[1].starts_with("  nowhere.toml: cannot be read: "), "{said}");
        assert_eq!(
            lines[2],
            "  AIRLOG_LOG__FORMAT: log.format = \"xml\" is not allowed; use \"text\" or \"json\""
        );
    }

    #[test]
    fn the_shipped_file_has_every_key_and_is_the_default() {
        let shipped = include_str!("../../config.toml");
        let settings: Vec<&str> =
            shipped.lines().map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
        let config = valid(&settings.join("\n"), &[]);
        let given: Vec<_> =
            fields::keys().into_iter().filter(|key| config.origins.contains_key(key.name)).collect();
        assert_eq!(given.len(), fields::keys().len());
        for (line, default) in lines(&config).iter().zip(lines(&Config::default())) {
            assert_eq!(line.value, default.value, "{}", line.key.name);
        }
        assert!(valid(shipped, &[]).origins.is_empty(), "as shipped, everything is commented out");
    }

    #[test]
    fn without_a_path_the_file_of_the_working_directory_is_read() {
        let config = load(None, []).expect("the shipped file");
        assert_eq!(config.to_toml(), Config::default().to_toml());
    }
}
