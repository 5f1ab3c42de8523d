//! The servers that are measured. Each is a process of its own, is told on its standard input what to publish, and takes
//! viewers over WebSockets.

mod airlog;
mod floor;
mod nchan;
mod order;
mod process;
mod tasks;
mod ws;

pub use order::Order;
pub use process::Server;

use clap::{Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A bare loop that writes ready bytes to sockets.
    #[value(skip)]
    Floor,
    /// The whole of Airlog.
    #[value(skip)]
    Airlog,
    /// nginx with nchan.
    Nchan,
    /// Node with ws.
    Ws,
    /// A task and a tungstenite for each viewer, with buffers of 1 KiB.
    Tasks,
    /// The same with the buffers that tungstenite has by itself.
    WideTasks,
}

/// A server that this program is itself, when it is started as one.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// The bare loop.
    #[command(hide = true)]
    Floor { payload: usize, streams: usize },
    /// Airlog, with so many streamers on air.
    #[command(hide = true)]
    Airlog { streams: usize, folder: PathBuf },
    /// A task for each viewer.
    #[command(hide = true)]
    Tasks {
        payload: usize,
        #[arg(long)]
        wide: bool,
    },
    /// Another program.
    #[command(hide = true)]
    Run {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        program: Vec<OsString>,
    },
}

/// What all servers are started with.
#[derive(Debug)]
pub struct Rig {
    /// The core they run on.
    core: Option<usize>,
    /// How long the text of a frame is: as long as one of Airlog's.
    pub payload: usize,
    node_modules: Option<PathBuf>,
}

impl Role {
    /// Is this server until its standard input ends.
    pub fn play(self) -> anyhow::Result<()> {
        match self {
            Self::Floor { payload, streams } => floor::serve(payload, streams),
            Self::Airlog { streams, folder } => airlog::serve(streams, &folder),
            Self::Tasks { payload, wide } => tasks::serve(payload, wide),
            Self::Run { program } => process::become_another(&program),
        }
    }
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Airlog => "Airlog",
            Self::Nchan => "nginx + nchan",
            Self::Ws => "Node ws",
            Self::Tasks => "task per viewer",
            Self::WideTasks => "task per viewer, wide buffers",
        }
    }

    /// What it takes to measure this one and is not here.
    pub fn missing(self, rig: &Rig) -> Option<&'static str> {
        match self {
            Self::Nchan => nchan::missing(),
            Self::Ws => ws::missing(rig),
            _ => None,
        }
    }

    /// Starts it, with so many streams, which only Airlog and the floor have.
    pub fn start(self, rig: &Rig, streams: usize) -> anyhow::Result<Server> {
        match self {
            Self::Floor => Server::of_ours(rig, &["floor", &rig.payload.to_string(), &streams.to_string()]),
            Self::Airlog => airlog::start(rig, streams),
            Self::Nchan => nchan::start(rig),
            Self::Ws => ws::start(rig),
            Self::Tasks => Server::of_ours(rig, &["tasks", &rig.payload.to_string()]),
            Self::WideTasks => Server::of_ours(rig, &["tasks", &rig.payload.to_string(), "--wide"]),
        }
    }

    /// How many frames a viewer is sent on coming in: Airlog's have a snapshot.
    pub fn welcomes(self) -> u32 {
        u32::from(self == Self::Airlog)
    }
}

impl Rig {
    pub fn new(core: Option<usize>, node_modules: Option<PathBuf>) -> Self {
        Self { core, payload: 0, node_modules }
    }
}
