//! The floor of a session: actors of the same library that remember nothing, each linked to one who started it.

use crate::machine::Process;
use crate::options::Options;
use crate::roles::Other;
use ractor::{Actor, ActorProcessingErr, ActorRef};

/// What one such actor weighs, in bytes.
pub async fn weigh(options: &Options) -> anyhow::Result<u64> {
    let actors = Other::start("bare", options, &[]).await?;
    let bytes = actors.process().resident()?.saturating_sub(actors.before);
    actors.end().await?;
    Ok(bytes / u64::from(options.streams))
}

/// Starts them, and waits until this process is ended.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let before = Process(std::process::id()).resident()?;
    let (parent, _) = Actor::spawn(None, Bare, ()).await?;
    let mut children = Vec::with_capacity(options.streams as usize);
    for _ in 0..options.streams {
        let (child, _) = Actor::spawn_linked(None, Bare, (), parent.get_cell()).await?;
        child.cast(Said)?;
        children.push(child);
    }
    println!("0 {before}");
    std::future::pending().await
}

struct Bare;

/// Something to hear.
#[derive(Debug)]
struct Said;

impl Actor for Bare {
    type Msg = Said;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Said>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<Said>, _: Said, (): &mut ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }
}
