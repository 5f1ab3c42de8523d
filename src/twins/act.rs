//! What can happen in the world from outside, as data: the control page, the script and tests all act by this.

use super::world::{BroadcastKind, Company, Cue, Delivery, Fault, Rotation, Standing, World};
use crate::base::clock::Instant;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Somebody does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Who.
    pub login: String,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

impl Act {
    /// `login` does `deed`.
    #[must_use]
    pub fn of(login: &str, deed: Deed) -> Self {
        Self { login: login.to_owned(), deed }
    }
}

/// What somebody can do. Lengths and positions are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Comes into the world.
    Appear,
    /// Starts a stream.
    GoLive {
        /// Of this kind.
        #[serde(default)]
        kind: BroadcastKind,
    },
    /// Ends the stream.
    GoOffline,
    /// Plays a track at once.
    Play(Cue),
    /// Plays any track at once.
    PlayAny,
    /// Puts any track behind what waits.
    QueueAny,
    /// Plays these, instead of what is on and what waits.
    PlayAll {
        /// In this order.
        cues: Vec<Cue>,
    },
    /// Whatever is played by itself from now on comes from this playlist, out of this device.
    Whence {
        /// Spotify's id of it; none for no playlist.
        #[serde(default)]
        playlist: Option<String>,
        /// Its name; none for the usual one.
        #[serde(default)]
        device: Option<String>,
    },
    /// Puts a track behind what waits.
    Queue(Cue),
    /// Goes to the next.
    Skip,
    /// Pauses.
    Pause,
    /// Goes on.
    Resume,
    /// Jumps within the track.
    Seek {
        /// To here.
        millis: u64,
    },
    /// An advertisement interrupts.
    Ad {
        /// So long.
        millis: u64,
    },
    /// An episode of a podcast.
    Episode {
        /// So long.
        millis: u64,
    },
    /// A file from the disk.
    Local {
        /// So long.
        millis: u64,
    },
    /// The state Spotify calls `unknown`.
    Unknown,
    /// A private session begins or ends.
    Private {
        /// Whether it begins.
        on: bool,
    },
    /// Closes the player: 204.
    StopPlayer,
    /// The device vanishes: 404.
    LoseDevice,
    /// The Spotify access tokens expire.
    ExpireToken,
    /// Removes the app at Spotify.
    RevokeLink,
    /// Spotify's refresh tokens rotate from now on, or no longer (for everybody).
    Rotate {
        /// How.
        rotation: Rotation,
    },
    /// Something goes wrong for this person.
    Fault(Fault),
    /// Nothing goes wrong any more for this person.
    ClearFaults,
    /// Twitch ends the subscriptions about this person.
    RevokeSubscriptions,
    /// Changes something about the channel, such as its title.
    UpdateChannel,
    /// Changes the login at Twitch.
    Rename {
        /// To this.
        to: String,
    },
    /// Removes the app at Twitch.
    RevokeTwitch,
}

/// Does it, and answers with the messages it calls for.
pub fn apply(world: &mut World, act: &Act, now: Instant) -> Vec<Delivery> {
    let login = act.login.as_str();
    world.add_person(login);
    match &act.deed {
        Deed::GoLive { .. }
        | Deed::GoOffline
        | Deed::RevokeSubscriptions
        | Deed::UpdateChannel
        | Deed::Rename { .. }
        | Deed::RevokeTwitch => air(world, login, &act.deed, now),
        Deed::ExpireToken | Deed::RevokeLink | Deed::Rotate { .. } => link(world, login, &act.deed, now),
        Deed::Fault(fault) => world.fault(login, *fault, now),
        Deed::ClearFaults => world.clear_faults(login),
        deed => listen(world, login, deed, now),
    }
    world.take_deliveries()
}

fn air(world: &mut World, login: &str, deed: &Deed, now: Instant) {
    match deed {
        Deed::GoLive { kind } => drop(world.go_live_as(login, *kind, now)),
        Deed::RevokeSubscriptions => world.revoke_subscriptions(login, Standing::VersionRemoved, now),
        Deed::UpdateChannel => world.update_channel(login, now),
        Deed::Rename { to } => world.rename(login, to, now),
        Deed::RevokeTwitch => world.revoke_twitch(login, now),
        _ => world.go_offline(login, now),
    }
}

fn link(world: &mut World, login: &str, deed: &Deed, now: Instant) {
    match deed {
        Deed::ExpireToken => world.expire_token(login, now),
        Deed::Rotate { rotation } => world.set_rotation(Company::Spotify, *rotation),
        _ => world.revoke_link(login),
    }
}

fn listen(world: &mut World, login: &str, deed: &Deed, now: Instant) {
    match deed {
        Deed::Play(cue) => world.play(login, *cue, now),
        Deed::PlayAll { cues } => world.play_all(login, cues, now),
        Deed::Whence { playlist, device } => {
            world.set_whence(login, playlist.clone(), device.clone(), now);
        }
        Deed::Queue(cue) => world.queue(login, *cue, now),
        Deed::PlayAny => world.play_any(login, now),
        Deed::QueueAny => world.queue_any(login, now),
        Deed::Skip => world.skip(login, now),
        Deed::Pause => world.pause(login, now),
        Deed::Resume => world.resume(login, now),
        Deed::Seek { millis } => world.seek(login, Duration::from_millis(*millis), now),
        Deed::Ad { millis } => world.start_ad(login, Duration::from_millis(*millis), now),
        Deed::Episode { millis } => {
            world.start_episode(login, "Episode 41: The Lighthouse", Duration::from_millis(*millis), now);
        }
        Deed::Local { millis } => world.play_local(login, "Demo", "Me", Duration::from_millis(*millis), now),
        Deed::Unknown => world.play_unknown(login, now),
        Deed::Private { on } => world.set_private(login, *on, now),
        Deed::StopPlayer => world.stop_player(login, now),
        Deed::LoseDevice => world.lose_device(login, now),
        _ => {}
    }
}
