//! Simulated Spotify and Twitch: real servers over one pure, seeded, scriptable [`World`]. The demo, tests and
//! benches run against them, and a person can play fate on their control page.
//!
//! ```text
//! Act ── apply ──▶ World ──▶ deliveries ──▶ signed webhooks, sockets
//!                   ▲ looks, grants, history
//! /spotify  /twitch ┘
//! ```
//! Bodies are written after the contracts of the two companies, independently of the clients that read them.

mod act;
mod consent;
mod control;
mod day;
mod demo;
mod door;
mod letter;
mod lines;
mod perform;
pub mod score;
mod script;
mod server;
mod shared;
mod spotify;
mod truth;
mod twitch;
mod wire;
mod world;

pub use act::{Act, Deed, apply};
pub use day::{Mix, StreamDay};
pub use letter::Letter;
pub use score::pair;
pub use script::Evening;
pub use server::Twins;
pub use shared::SentLetter;
pub use truth::{Beginning, TruePlay, truth};
pub use world::{
    Album, App, Artist, Bearer, Broadcast, BroadcastKind, Call, Catalogue, Code, CodeRequest, Company, Cue,
    Delivery, Device, DeviceError, DeviceRequest, Endpoint, Fault, FaultKind, Grant, Heard, HistoryRules,
    Item, ItemKind, Message, Pace, Page, Person, PostRules, Refusal, RetryAfter, Rotation, SPOTIFY_CLIENT_ID,
    SPOTIFY_CLIENT_SECRET, Scene, Sight, Stale, Stamp, Standing, Subscription, TWITCH_CLIENT_ID,
    TWITCH_CLIENT_SECRET, TWITCH_PUBLIC_CLIENT_ID, Times, Track, TrackRef, Transport, Window, Wish, World,
};
