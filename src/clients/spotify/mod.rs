//! Spotify: the player (Web API) and the accounts service.

mod accounts;
mod error;
mod player;
mod recent;
mod trial;
mod wire;

pub use accounts::{Consent, SpotifyAccounts, Through};
pub use error::{Forbidden, Limit, SpotifyError, Unauthorized};
pub use player::SpotifyPlayer;
pub use recent::Recent;
pub use wire::{Album, Artist, Context, Device, Image, Item, Player, TrackItem};
