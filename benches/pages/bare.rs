//! The library alone: a router with one route, which gives out what Airlog has just answered, with the same headers, and
//! looks at nothing. By so much as this is behind nginx, whatever is built on it is behind.

use crate::client::{self, Answer, Wish};
use crate::cores;
use anyhow::Context as _;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Headers that the library writes by itself.
const OWN: [&str; 3] = ["content-length", "date", "connection"];

/// One that runs; it ends when this is dropped.
pub struct Bare {
    process: Child,
    addr: SocketAddr,
    _folder: TempDir,
}

impl Bare {
    /// Starts it on a core, with this page.
    pub fn start(wish: Wish, page: &Answer, core: Option<usize>) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("airlog-bare-")?;
        std::fs::write(folder.path().join("head"), &page.head)?;
        std::fs::write(folder.path().join("body"), &page.body)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare", "--path", wish.path, "--folder"]).arg(folder.path());
        if let Some(core) = core {
            command.arg("--core").arg(core.to_string());
        }
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        BufReader::new(process.stdout.take().context("its output")?).read_line(&mut said)?;
        let bare = Self { process, addr: said.trim().parse().context("it did not start")?, _folder: folder };
        anyhow::ensure!(client::fetch(bare.addr, wish)?.body == page.body, "it serves other bytes");
        Ok(bare)
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The server process: serves until it is killed.
pub fn serve(core: Option<usize>, path: &str, folder: &Path) -> anyhow::Result<()> {
    core.map_or(Ok(()), cores::pin)?;
    let head = std::fs::read_to_string(folder.join("head"))?;
    let (headers, body) = (headers(&head)?, Bytes::from(std::fs::read(folder.join("body"))?));
    let page = Router::new().route(path, get(async move || (headers.clone(), body.clone())));
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        Ok(axum::serve(listener, page).await?)
    })
}

fn headers(head: &str) -> anyhow::Result<HeaderMap> {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let lines = lines.filter(|(name, _)| !OWN.contains(&name.to_ascii_lowercase().as_str()));
    lines.map(|(name, value)| Ok((name.parse::<HeaderName>()?, HeaderValue::from_str(value)?))).collect()
}
