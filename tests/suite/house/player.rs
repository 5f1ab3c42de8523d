//! What streamers do in a story: go live, play, pause. Tracks are named by their number in the twins' catalogue.

use super::House;
use airlog::twins::{Act, BroadcastKind, Cue, Deed, Endpoint, Fault, FaultKind, TrackRef};
use std::time::Duration;

/// Longer than any story, so that only the story changes what plays.
const LONG: Duration = Duration::from_mins(4);

impl House {
    /// Subscribes to the streamer's events, then has them go live and waits until they are followed.
    pub async fn goes_live(&self, login: &str) {
        self.subscribes(login).await;
        self.act(login, Deed::GoLive { kind: BroadcastKind::Live });
        self.is_live(login, true).await;
    }

    /// Waits until Twitch tells of the streamer.
    pub async fn subscribes(&self, login: &str) {
        self.watch().wake();
        self.eventually(&format!("Twitch tells of {login}"), async || {
            (self.enabled_about(login).len() >= 3).then_some(())
        })
        .await;
        self.twins.settled().await;
    }

    pub async fn goes_offline(&self, login: &str) {
        self.act(login, Deed::GoOffline);
        self.is_live(login, false).await;
    }

    /// Waits until the API says that the streamer is live, or not.
    pub async fn is_live(&self, login: &str, live: bool) {
        let path = format!("/api/v1/streamers/{login}");
        self.eventually(&format!("{login} is live: {live}"), async || {
            (self.json(&path).await["live"] == live).then_some(())
        })
        .await;
    }

    /// Plays track `number` from its beginning and gives its title.
    pub fn plays(&self, login: &str, number: usize) -> String {
        self.plays_for(login, number, LONG)
    }

    /// Plays track `number`, which is `length` long here.
    pub fn plays_for(&self, login: &str, number: usize, length: Duration) -> String {
        let track = TrackRef(number);
        self.act(login, Deed::Play(Cue::lasting(track, length)));
        self.twins.with(|world, _| world.catalogue.track(track).name.clone())
    }

    /// Plays a track and waits until it has been noticed and stored.
    pub async fn plays_noticed(&self, login: &str, number: usize) -> String {
        let before = self.counted("airlog_plays_stored_total");
        let title = self.plays(login, number);
        self.counts("airlog_plays_stored_total", before + 1).await;
        title
    }

    pub fn act(&self, login: &str, deed: Deed) {
        self.twins.perform(&Act::of(login, deed));
    }

    /// Something goes wrong from now on with looks at this streamer's player.
    pub fn breaks(&self, login: &str, kind: FaultKind) {
        self.act(login, Deed::Fault(Fault { endpoint: Some(Endpoint::Player), ..Fault::new(kind) }));
    }

    pub fn mends(&self, login: &str) {
        self.act(login, Deed::ClearFaults);
    }

    /// How often this streamer's player was looked at.
    pub fn looks(&self, login: &str) -> u64 {
        self.twins.with(|world, _| world.calls_of(login, Endpoint::Player))
    }

    /// How often Spotify was asked what this streamer has played.
    pub fn healings(&self, login: &str) -> u64 {
        self.twins.with(|world, _| world.calls_of(login, Endpoint::RecentlyPlayed))
    }

    /// How often this streamer's token was refreshed.
    pub fn refreshes(&self, login: &str) -> u64 {
        self.twins.with(|world, _| world.calls_of(login, Endpoint::RefreshGrant))
    }

    /// Waits until the player has been looked at some more times.
    pub async fn looks_again(&self, login: &str, times: u64) {
        let before = self.looks(login);
        self.eventually(&format!("{times} more looks"), async || {
            (self.looks(login) >= before + times).then_some(())
        })
        .await;
    }
}
