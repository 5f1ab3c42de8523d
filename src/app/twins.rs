//! `airlog twins`: the two simulated companies alone, and how to point a server at them.

use super::signals;
use crate::base::clock::SystemClock;
use crate::twins::{
    SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, TWITCH_PUBLIC_CLIENT_ID, Twins, World,
};
use anyhow::Context as _;
use std::net::SocketAddr;

/// Whose tokens are printed.
const LOGIN: &str = "ann";

/// Runs until it is told to stop.
pub(super) async fn run(listen: SocketAddr) -> anyhow::Result<()> {
    let world = World::demo(1, 1.0);
    let twins = Twins::start(listen, world, SystemClock::shared())
        .await
        .with_context(|| format!("cannot listen on {listen}; choose another port with --listen, or 0"))?;
    println!("{}", welcome(&twins));
    signals::stop().await;
    twins.stop().await;
    Ok(())
}

fn welcome(twins: &Twins) -> String {
    let tokens = twins.grant(LOGIN);
    let id = twins.with(|world, _| world.add_person(LOGIN).twitch_id.clone());
    format!(
        "Simulated Twitch and Spotify; play fate at {control}\n\n\
         For the config.toml of a server beside them:\n\n\
         [twitch]\nclient_id = \"{TWITCH_CLIENT_ID}\"\nclient_secret = \"{TWITCH_CLIENT_SECRET}\"\n\
         api_url = \"{helix}\"\nid_url = \"{id_url}\"\neventsub_url = \"{socket}\"\n\n\
         [spotify]\nclient_id = \"{SPOTIFY_CLIENT_ID}\"\napi_url = \"{api}\"\naccounts_url = \"{accounts}\"\n\n\
         To walk through the setup instead, leave client_id and client_secret out and enter at /setup, without secrets:\n\n\
         Twitch   {TWITCH_PUBLIC_CLIENT_ID}\nSpotify  {SPOTIFY_CLIENT_ID}\n\n\
         To follow {LOGIN} there:\n\n\
         printf '{refresh}\\n{access}\\n' | airlog streamer add {LOGIN} --twitch-id {id}\n",
        control = twins.control_url(),
        helix = twins.twitch_api_url(),
        id_url = twins.twitch_id_url(),
        socket = twins.twitch_eventsub_url(),
        api = twins.spotify_api_url(),
        accounts = twins.spotify_accounts_url(),
        refresh = tokens.refresh_token.unwrap_or_default(),
        access = tokens.access_token,
    )
}
