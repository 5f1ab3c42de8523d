//! What must stay secret, and everything that leaves a house: its logs, its answers, what it stores.

use super::House;
use airlog::accounts::Grants;
use airlog::base::seal::SealingKey;
use airlog::config::Config;
use airlog::db::{Db, STEPS};
use airlog::twins::{SPOTIFY_CLIENT_SECRET, TWITCH_CLIENT_SECRET};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use secrecy::ExposeSecret as _;
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;

/// The sealing key of a house whose secrets are looked for: letters, so that its bytes can be found as a text.
const KEY: [u8; 32] = *b"a.key.that.is.found.nowhere.else";
/// So much of a secret gives it away.
const PART: usize = 11;

/// Hears whatever is logged on this thread, at every level.
pub struct Eavesdropper {
    heard: Heard,
    _guard: DefaultGuard,
    /// Hears nothing. With a single subscriber, a line that is first passed on a thread without one would count as of
    /// interest to nobody, on this thread too; with two, both are asked.
    _second: Dispatch,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("what was heard").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Eavesdropper {
    pub fn listens() -> Self {
        let heard = Heard::default();
        let writer = heard.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone());
        let guard = tracing::subscriber::set_default(lines.finish());
        let second = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(io::sink);
        Self { heard, _guard: guard, _second: Dispatch::new(second.finish()) }
    }

    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.0.lock().expect("what was heard")).into_owned()
    }
}

/// Gives a house secrets of its own.
pub fn with_secrets(config: &mut Config) {
    config.secrets.key = Some(Box::new(KEY).into());
    config.spotify.client_secret = Some(SPOTIFY_CLIENT_SECRET.into());
}

/// The secrets of which this text has a part.
pub fn betrayed<'s>(secrets: &'s [String], text: &str) -> Vec<&'s str> {
    let shows = |secret: &&String| {
        let (first, last) = (secret.get(..PART), secret.get(secret.len().saturating_sub(PART)..));
        [first, last].into_iter().any(|part| part.is_none_or(|part| text.contains(part)))
    };
    secrets.iter().filter(shows).map(String::as_str).collect()
}

impl House {
    pub fn grants(&self) -> &Grants {
        &self.home().grants
    }

    /// Everything that nobody may find: what the two companies have ever given out, and what the config holds or is
    /// made from it.
    pub fn secrets(&self) -> Vec<String> {
        let given_out = self.twins.with(|world, _| world.given_out().map(str::to_owned).collect::<Vec<_>>());
        let webhooks = SealingKey::new(KEY).derive("twitch webhook");
        let ours = [
            String::from_utf8(KEY.to_vec()).expect("letters"),
            BASE64_NOPAD.encode(&KEY),
            BASE64URL_NOPAD.encode(&KEY),
            HEXLOWER.encode(&KEY),
            webhooks.expose_secret().to_owned(),
            TWITCH_CLIENT_SECRET.to_owned(),
            SPOTIFY_CLIENT_SECRET.to_owned(),
        ];
        let held = self.held.lock().expect("no panic").clone();
        let setup = self.home().flows.setup_code().expose_secret().to_owned();
        given_out.into_iter().chain(ours).chain(held).chain([setup]).collect()
    }

    /// What a browser holds is to be looked for as well.
    pub fn keeps_secret(&self, secret: &str) {
        self.held.lock().expect("no panic").push(secret.to_owned());
    }

    /// Everything that is stored: each byte of the files, or each row of each table.
    pub async fn everything_stored(&self) -> String {
        match &self.home().db {
            Db::Sqlite(_) => self.files(),
            Db::Postgres(_) => self.rows().await,
        }
    }

    fn files(&self) -> String {
        let files = std::fs::read_dir(self.data.path()).expect("a folder").flatten();
        let bytes: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.path()).expect("a file")).collect();
        assert!(bytes.len() > 1, "the database and what is not in it yet");
        String::from_utf8_lossy(&bytes.concat()).into_owned()
    }

    async fn rows(&self) -> String {
        let mut all = String::new();
        let added = STEPS.iter().flat_map(|step| step.adds).copied();
        for table in added.filter(|added| !added.contains('.')) {
            let rows = self.sql_of(&format!("SELECT CAST(one AS TEXT) FROM {table} AS one")).await;
            let _ = writeln!(all, "{table}: {}", rows.join("\n"));
        }
        all
    }

    /// What an answer says, with its headers.
    pub async fn everything_said(&self, path: &str) -> String {
        let answer = self.answer(path).await;
        let head = format!("{path}: {} {:?}", answer.status(), answer.headers());
        format!("{head}\n{}\n", answer.text().await.expect("a body"))
    }

    /// How the config and the rooms show themselves to whoever prints them.
    pub fn everything_shown(&self) -> String {
        let home = self.home();
        let rooms = format!("{:?} {:?} {:?}", home.accounts, home.grants, home.retention);
        let work = format!("{:?} {:?} {:?} {:?}", home.writer, home.watch, home.controls, home.overlays);
        format!("{:?} {} {rooms} {work}", self.config, self.config.to_toml())
    }
}
