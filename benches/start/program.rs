//! The program as a process: started, asked, stopped.

use crate::filled::KEY;
use anyhow::Context as _;
use data_encoding::BASE64;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// Longer than any start.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is tried whether the program listens already.
const GLANCE: Duration = Duration::from_micros(500);

/// How to start it.
pub struct Start {
    /// Where its database is.
    pub folder: PathBuf,
    /// A day on which there was music.
    pub day: String,
    /// Where it looks for Spotify.
    pub spotify: String,
}

/// How long after the start of the process each of these was answered for the first time, asked at once.
#[derive(Debug, Clone, Copy)]
pub struct Answers {
    pub ready: Duration,
    pub past_day: Duration,
    pub today: Duration,
}

impl Start {
    /// Starts it, waits for its answers, and stops it in order.
    pub fn measured(&self) -> anyhow::Result<Answers> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let began = Instant::now();
        let mut child = self.command(address).spawn().context("starting the program")?;
        let answers = self.answers(address, began);
        stop(&mut child)?;
        answers
    }

    fn answers(&self, address: SocketAddr, began: Instant) -> anyhow::Result<Answers> {
        let past_day = format!("/streamers/streamer_0/tracks/{}", self.day);
        let paths = ["/health/ready", &past_day, "/streamers/streamer_0/tracks/today"];
        let [ready, past_day, today] = std::thread::scope(|scope| {
            let asked = paths.map(|path| scope.spawn(move || answered(address, path, began)));
            asked.map(|asking| asking.join().unwrap_or_else(|_| anyhow::bail!("asking failed")))
        });
        Ok(Answers { ready: ready?, past_day: past_day?, today: today? })
    }

    fn command(&self, address: SocketAddr) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_airlog"));
        command.arg("serve").current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.envs([
            ("AIRLOG_DATABASE__URL", "sqlite://airlog.db".to_owned()),
            ("AIRLOG_SERVER__LISTEN", address.to_string()),
            ("AIRLOG_SECRETS__KEY", BASE64.encode(&KEY)),
            ("AIRLOG_SPOTIFY__API_URL", self.spotify.clone()),
            ("AIRLOG_LOG__FILTER", "error".to_owned()),
        ]);
        command
    }
}

/// When a page was first answered with 200.
fn answered(address: SocketAddr, path: &str, began: Instant) -> anyhow::Result<Duration> {
    let mut stream = connected(address, began)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    anyhow::ensure!(status.contains(" 200 "), "{path} answered {status:?}");
    Ok(began.elapsed())
}

fn connected(address: SocketAddr, began: Instant) -> anyhow::Result<TcpStream> {
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => return Ok(stream),
            Err(error) if began.elapsed() > PATIENCE => {
                return Err(error).context("the program does not listen");
            }
            Err(_) => std::thread::sleep(GLANCE),
        }
    }
}

fn stop(child: &mut Child) -> anyhow::Result<()> {
    let pid = Pid::from_child(child);
    kill_process(pid, Signal::TERM)?;
    child.wait()?;
    Ok(())
}
