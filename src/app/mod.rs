//! The house put together: `build(config, clock)` gives an [`App`] that knows its address and runs until it is told to
//! stop. `main`, the demo and the tests share it.

mod build;
mod built;
mod command;
mod demo;
mod doctor;
mod entrance;
mod eventsub;
mod files;
mod ground;
mod health;
mod keys;
mod listen;
mod migrate;
mod options;
mod pace;
mod people;
mod router;
mod serve;
mod signals;
mod streamer;
mod twins;
mod unlock;

pub use build::{Rig, build, build_with};
pub use built::App;
pub use command::run;
pub use demo::Demo;
