//! Suite.

mod house;
