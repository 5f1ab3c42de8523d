//! A server as a process: started on its core, told what to publish, asked what it uses, ended.

use super::{Order, Rig};
use crate::usage::{self, Cpu};
use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use tempfile::TempDir;

/// A server that runs until this is dropped.
pub struct Server {
    _process: Process,
    /// Who does the work.
    worker: u32,
    ear: Box<dyn Ear>,
    pub addr: SocketAddr,
    /// Where viewers of each stream come in.
    pub doors: Vec<String>,
    _folder: Option<TempDir>,
}

/// A process that ends when this is dropped.
pub struct Process(Child);

/// How a server is told something.
pub trait Ear {
    fn tell(&mut self, order: Order) -> anyhow::Result<()>;
}

/// A command for another process of this program, on the core of servers.
pub fn of_ours(rig: &Rig) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    if let Some(core) = rig.core {
        command.arg("--core").arg(core.to_string());
    }
    Ok(command)
}

/// Another program in place of this process, which stays on its core.
pub fn become_another(program: &[OsString]) -> anyhow::Result<()> {
    let (name, arguments) = program.split_first().context("no program is named")?;
    Err(Command::new(name).args(arguments).exec()).with_context(|| format!("starting {}", name.display()))
}

impl Server {
    /// One that this program is itself.
    pub fn of_ours(rig: &Rig, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = of_ours(rig)?;
        command.args(arguments);
        Self::that_listens(command)
    }

    /// One that prints its address when it is ready, and is told orders on its standard input.
    pub fn that_listens(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (ear, mouth) = (child.stdin.take(), child.stdout.take());
        let process = Process(child);
        let mut line = String::new();
        BufReader::new(mouth.context("it is mute")?).read_line(&mut line)?;
        let addr = line.trim().parse().context("the server did not say where it listens")?;
        Ok(Self::new(process, addr, ear.context("it is deaf")?))
    }

    pub fn new(process: Process, addr: SocketAddr, ear: impl Ear + 'static) -> Self {
        let (worker, doors) = (process.0.id(), vec!["/".to_owned()]);
        Self { _process: process, worker, ear: Box::new(ear), addr, doors, _folder: None }
    }

    /// The same, with another process that works for it.
    pub fn with_worker(self, worker: u32) -> Self {
        Self { worker, ..self }
    }

    /// The same, with other doors.
    pub fn with_doors(self, doors: Vec<String>) -> Self {
        Self { doors, ..self }
    }

    /// The same, with a folder that goes when it has ended.
    pub fn with_folder(self, folder: TempDir) -> Self {
        Self { _folder: Some(folder), ..self }
    }

    pub fn tell(&mut self, order: Order) -> anyhow::Result<()> {
        self.ear.tell(order).context("the server does not listen any more")
    }

    pub fn cpu(&self) -> anyhow::Result<Cpu> {
        Cpu::of(self.worker)
    }

    /// The bytes that it holds.
    pub fn memory(&self) -> anyhow::Result<f64> {
        usage::memory(self.worker)
    }
}

impl Process {
    pub fn started(command: &mut Command) -> anyhow::Result<Self> {
        Ok(Self(command.spawn()?))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::TERM);
            let _ = self.0.wait();
        }
    }
}

impl Ear for ChildStdin {
    fn tell(&mut self, order: Order) -> anyhow::Result<()> {
        Ok(self.write_all(format!("{order}\n").as_bytes())?)
    }
}
