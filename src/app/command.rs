//! The command line.

use super::build::build;
use super::demo::Demo;
use super::doctor::Unwell;
use super::options::WithConfig;
use super::{doctor, files, keys, migrate, signals, streamer, twins};
use crate::base::steady_clock::SteadyClock;
use crate::config::{self, Config, ConfigErrors};
use crate::telemetry;
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;
use std::net::SocketAddr;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

/// How long work that cannot be stopped gets to end.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What was this title you streamed today? Airlog follows a live streamer's Spotify player and keeps the day's list.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows an evening with simulated Twitch and Spotify: no accounts, no config, nothing kept
    Demo {
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// How many times faster the evening goes
        #[arg(long, default_value_t = 1.0, value_parser = speed)]
        speed: f64,
    },
    /// Runs the server
    Serve(WithConfig),
    /// Runs simulated Twitch and Spotify alone, for trying things out
    Twins {
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
    },
    /// Brings the database to the newest schema
    Migrate {
        #[command(flatten)]
        config: WithConfig,
        /// Takes the schema back to this number instead; refuses where data would be lost
        #[arg(long, value_name = "N")]
        down_to: Option<i64>,
        /// Goes back all the same, and loses what newer migrations have added
        #[arg(long, requires = "down_to")]
        lose_data: bool,
    },
    /// Looks whether everything is in order, and says what to do; changes nothing
    Doctor(doctor::Doctor),
    /// Prints the effective config, secrets hidden
    Config(WithConfig),
    /// Adds, lists and removes streamers
    #[command(subcommand)]
    Streamer(streamer::Command),
    /// Changes the key that seals tokens
    #[command(subcommand)]
    Keys(keys::Command),
}

/// Runs the command that the process was started with. A config error exits with 2, any other with 1.
#[must_use]
pub fn run() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let result = tokio::runtime::Runtime::new().context("starting the runtime").and_then(|runtime| {
        let result = runtime.block_on(perform(command));
        // A name that is still being looked up must not keep the process.
        runtime.shutdown_timeout(LAST_WORDS);
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Unwell>() => {
            ExitCode::from(error.downcast_ref().map_or(1, |Unwell(code)| *code))
        }
        Err(error) if error.is::<ConfigErrors>() => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("airlog: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

async fn perform(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo { listen, speed } => demo(listen, speed).await,
        Command::Serve(config) => serve(&config.load()?).await,
        Command::Twins { listen } => twins::run(listen).await,
        Command::Migrate { config, down_to: None, .. } => migrate::up(&config.load()?).await,
        Command::Migrate { config, down_to: Some(version), lose_data } => {
            migrate::down(&config.load()?, version, lose_data).await
        }
        Command::Doctor(doctor) => doctor.run().await,
        Command::Config(config) => {
            print!("{}", config.load()?.to_toml());
            Ok(())
        }
        Command::Streamer(command) => streamer::run(command).await,
        Command::Keys(command) => keys::run(command).await,
    }
}

async fn demo(listen: SocketAddr, speed: f64) -> anyhow::Result<()> {
    telemetry::init_logs(&config::Log { filter: "warn".to_owned(), ..config::Log::default() })?;
    let demo = Demo::start(listen, speed).await?;
    println!("{}", demo.welcome());
    demo.run_until(signals::stop()).await
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    files::make_room(config.limits.sockets);
    // Before anything is built: a stop that comes meanwhile is one in order.
    let mut stop = pin!(signals::stop());
    let app = tokio::select! {
        app = build(config, SteadyClock::shared()) => app?,
        () = &mut stop => return Ok(()),
    };
    println!("Airlog listens on {}", app.public_url());
    if let Some((code, place)) = app.setup_code().await? {
        let (code, url) = (code.expose_secret(), app.public_url());
        println!("Nobody owns it yet: open {url}{place} and enter the setup code {code}");
    }
    for (login, code) in app.flows().login_codes() {
        let whom = login.unwrap_or("whoever runs this Airlog");
        println!("For a new browser of {whom}: the login code {}", code.expose_secret());
    }
    app.run_until(stop).await
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (1.0..=100.0).contains(&speed) => Ok(speed),
        _ => Err("use a number from 1 to 100".to_owned()),
    }
}

/// An error and its causes in one line; a cause that was told already is not told again.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| match cause.to_string() {
        cause if told.contains(&cause) => told,
        cause if told.is_empty() => cause,
        cause => format!("{told}: {cause}"),
    })
}
