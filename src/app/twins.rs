//! `airlog twins`: the two simulated companies alone, and how to point a server at them.

use super::signals;
use crate::base::clock::SystemClock;
use crate::twins::{SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, Twins, World};
use anyhow::Context as _;
use std::net::SocketAddr;

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
    format!(
        "Simulated Twitch and Spotify; play fate at {control}\n\n\
         For a server's config.toml:\n\n\
         [twitch]\nclient_id = \"{TWITCH_CLIENT_ID}\"\nclient_secret = \"{TWITCH_CLIENT_SECRET}\"\n\
         api_url = \"{helix}\"\nid_url = \"{id}\"\neventsub_url = \"{socket}\"\n\n\
         [spotify]\nclient_id = \"{SPOTIFY_CLIENT_ID}\"\napi_url = \"{api}\"\naccounts_url = \"{accounts}\"\n",
        control = twins.control_url(),
        helix = twins.twitch_api_url(),
        id = twins.twitch_id_url(),
        socket = twins.twitch_eventsub_url(),
        api = twins.spotify_api_url(),
        accounts = twins.spotify_accounts_url(),
    )
}
