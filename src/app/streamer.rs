//! `airlog streamer`: puts people in until they can log in. Tokens come from standard input, never from the command
//! line, where other users of the machine could read them.

use super::options::WithConfig;
use super::unlock::unlock;
use crate::accounts::{Accounts, LinkStatus, NewStreamer, User};
use crate::base::clock::{Clock as _, SystemClock};
use crate::base::id::UserId;
use crate::config::Config;
use crate::db::{self, Db};
use crate::privacy;
use anyhow::Context as _;
use chrono_tz::Tz;
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::io::BufRead;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Adds a streamer, or gives one new tokens and leaves the rest as it is. Standard input: the Spotify refresh token, and on a second line, if you
    /// have it, the access token
    Add(Add),
    /// Lists the streamers
    List(WithConfig),
    /// Prints the code with which a person begins to log in where the app at Twitch has no secret; give it to that person alone
    Code {
        /// Twitch login
        login: String,
        #[command(flatten)]
        config: WithConfig,
    },
    /// Removes a streamer and everything kept about them
    Remove {
        /// Twitch login
        login: String,
        #[command(flatten)]
        config: WithConfig,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Twitch login
    login: String,
    /// Twitch user id, a number
    #[arg(long)]
    twitch_id: String,
    /// Display name; the login of a new streamer if not given
    #[arg(long)]
    name: Option<String>,
    /// Where the streamer's days begin and end, like Europe/Paris; UTC for a new streamer if not given
    #[arg(long)]
    timezone: Option<Tz>,
    /// The client id of the Spotify app the tokens belong to; the config's if not given
    #[arg(long)]
    spotify_client_id: Option<String>,
    #[command(flatten)]
    config: WithConfig,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => {
            let config = add.config.load()?;
            let streamer = read(add, &config, &mut std::io::stdin().lock())?;
            in_house(&config, async |_, accounts| store(accounts, &streamer).await).await
        }
        Command::List(config) => in_house(&config.load()?, async |_, accounts| list(accounts).await).await,
        Command::Code { login, config } => {
            in_house(&config.load()?, async |_, accounts| code(accounts, &login)).await
        }
        Command::Remove { login, config } => {
            let config = config.load()?;
            let house_app = config.spotify.client_id.as_deref();
            in_house(&config, async |db, accounts| remove(db, accounts, &login, house_app).await).await
        }
    }
}

/// Opens the database for one piece of work.
async fn in_house(
    config: &Config,
    work: impl AsyncFnOnce(&Db, &Accounts) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let db: Db = db::open(config.database.url.expose()).await?;
    db::migrate(&db).await.context("migrating the database")?;
    let key = unlock(config, &db).await?;
    let done = work(&db, &Accounts::new(db.clone(), key)).await;
    db.close().await;
    done
}

fn code(accounts: &Accounts, typed: &str) -> anyhow::Result<()> {
    println!("{}", accounts.login_code(&login(typed)?).expose_secret());
    Ok(())
}

fn read(add: Add, config: &Config, input: &mut impl BufRead) -> anyhow::Result<NewStreamer> {
    let login = login(&add.login)?;
    anyhow::ensure!(
        !add.twitch_id.is_empty() && add.twitch_id.bytes().all(|digit| digit.is_ascii_digit()),
        "--twitch-id {:?} is not a Twitch user id; it is a number, like 44322889",
        add.twitch_id
    );
    let client_id = add.spotify_client_id.or_else(|| config.spotify.client_id.clone());
    let [refresh_token, access_token] = tokens(input)?;
    Ok(NewStreamer {
        twitch_id: add.twitch_id,
        login,
        name: add.name,
        timezone: add.timezone,
        retention_days: config.retention.default_days,
        client_id: client_id.context("no Spotify app: give --spotify-client-id or set spotify.client_id")?,
        access_token,
        refresh_token,
    })
}

fn login(text: &str) -> anyhow::Result<String> {
    let fits = (1..=25).contains(&text.len())
        && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
    anyhow::ensure!(fits, "{text:?} is not a Twitch login: 1 to 25 letters, digits and underscores");
    Ok(text.to_lowercase())
}

/// Refresh token, then access token; an access token that is not known is refused by Spotify and so refreshed.
fn tokens(input: &mut impl BufRead) -> anyhow::Result<[SecretString; 2]> {
    let mut line = || -> anyhow::Result<String> {
        let mut text = String::new();
        input.read_line(&mut text).context("reading tokens from standard input")?;
        Ok(text.trim().to_owned())
    };
    let (refresh, access) = (line()?, line()?);
    anyhow::ensure!(
        !refresh.is_empty(),
        "standard input is empty: the first line is the Spotify refresh token"
    );
    let access = if access.is_empty() { "unknown".to_owned() } else { access };
    Ok([refresh.into(), access.into()])
}

async fn store(accounts: &Accounts, streamer: &NewStreamer) -> anyhow::Result<()> {
    let before = accounts.by_twitch_id(&streamer.twitch_id).await.context("reading streamers")?;
    let user = accounts.add(streamer, SystemClock.now()).await.with_context(|| {
        format!("{} is not added; perhaps another streamer has this login", streamer.login)
    })?;
    if let Some(before) = before.filter(|before| before.login != user.login) {
        println!("{} is now called {}", before.login, user.login);
    }
    let followed = if user.enabled { "is followed whenever live" } else { "is not followed: disabled" };
    println!(
        "{} (Twitch {}) {followed}, days end at midnight in {}",
        user.login, user.twitch_id, user.timezone
    );
    Ok(())
}

async fn list(accounts: &Accounts) -> anyhow::Result<()> {
    let linked: HashMap<UserId, LinkStatus> = accounts.links().await.context("reading links")?;
    println!("login\ttwitch_id\ttracking\tlink\tlist\ttimezone");
    for user in accounts.streamers().await.context("reading streamers")? {
        let state = if user.enabled { "enabled" } else { "disabled" };
        let link = linked.get(&user.id).map_or_else(|| "none".to_owned(), LinkStatus::to_string);
        let User { login, twitch_id, visibility, timezone, .. } = user;
        println!("{login}\t{twitch_id}\t{state}\t{link}\t{visibility}\t{timezone}");
    }
    Ok(())
}

async fn remove(db: &Db, accounts: &Accounts, typed: &str, house_app: Option<&str>) -> anyhow::Result<()> {
    let user = accounts.by_login(&typed.to_lowercase()).await.context("reading streamers")?;
    let user = user.with_context(|| format!("there is no streamer {typed:?}"))?;
    let removed = privacy::remove(db, &user, house_app, SystemClock.now()).await;
    let departure = removed.context("removing a streamer")?.context("they are leaving already")?;
    println!("{} and everything kept about them is removed", user.login);
    for (kind, count) in departure.deleted {
        println!("{kind}\t{count}");
    }
    if departure.was_owner {
        println!("The house was theirs: start Airlog again, and it prints a new setup code");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_from_standard_input_and_the_second_may_be_missing() {
        let [refresh, access] = tokens(&mut "AQ1\nBQ1\n".as_bytes()).expect("two tokens");
        assert_eq!((refresh.expose_secret(), access.expose_secret()), ("AQ1", "BQ1"));
        let [refresh, access] = tokens(&mut "AQ1".as_bytes()).expect("one token");
        assert_eq!((refresh.expose_secret(), access.expose_secret()), ("AQ1", "unknown"));
        assert!(tokens(&mut "".as_bytes()).is_err());
    }

    #[test]
    fn logins_are_lower_case_and_checked() {
        assert_eq!(login("Ann_1").expect("a login"), "ann_1");
        for bad in ["", "an n", "ann/../bob", "a-b", &"x".repeat(26)] {
            assert!(login(bad).is_err(), "{bad:?}");
        }
    }
}
