//! The live socket from outside, byte by byte: who is let in, what clients may say, how it ends, and that nobody misses
//! or doubles a frame, however slowly they read.

mod crowd;
mod faults;
mod follower;
mod goodbyes;
mod handshake;
mod slow;
mod talk;

const LIVE: &str = "/api/v1/streamers/ann/live";
