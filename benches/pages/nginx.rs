//! nginx, which serves from a file what Airlog has just answered, with the same headers.

use crate::client::{self, Answer, Wish};
use crate::cores;
use anyhow::Context as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// Headers that nginx writes by itself.
const OWN: [&str; 6] = ["content-type", "content-length", "content-encoding", "date", "etag", "connection"];
/// How often it is looked whether it listens, and how many times at most.
const GLANCE: Duration = Duration::from_millis(20);
const GLANCES: u32 = 250;

/// One that runs; it ends when this is dropped.
pub struct Nginx {
    process: Child,
    addr: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// Starts it on a core, with this page; none where it is not installed.
    pub fn start(wish: Wish, page: &Answer, core: Option<usize>) -> anyhow::Result<Option<Self>> {
        let folder = TempDir::with_prefix("airlog-nginx-")?;
        let addr = free_address()?;
        put(folder.path(), wish, page)?;
        std::fs::write(folder.path().join("nginx.conf"), config(folder.path(), addr, page))?;
        let Some(process) = run(folder.path(), core)? else { return Ok(None) };
        let nginx = Self { process, addr, _folder: folder };
        nginx.listens()?;
        nginx.serves(wish, page)?;
        Ok(Some(nginx))
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    fn listens(&self) -> anyhow::Result<()> {
        for _ in 0..GLANCES {
            if std::net::TcpStream::connect(self.addr).is_ok() {
                return Ok(());
            }
            thread::sleep(GLANCE);
        }
        anyhow::bail!("nginx does not begin to listen")
    }

    /// A comparison with something else would be none.
    fn serves(&self, wish: Wish, page: &Answer) -> anyhow::Result<()> {
        let answer = client::fetch(self.addr, wish)?;
        let coding = |answer: &Answer| answer.header("content-encoding").map(str::to_owned);
        anyhow::ensure!(
            answer.body == page.body && coding(&answer) == coding(page),
            "nginx serves other bytes"
        );
        Ok(())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(folder: &Path, core: Option<usize>) -> anyhow::Result<Option<Child>> {
    let (folder, core) = (folder.to_owned(), core);
    // A thread of its own, so that the core is nginx's and not ours.
    let started = thread::spawn(move || {
        core.map_or(Ok(()), cores::pin)?;
        let config = folder.join("nginx.conf");
        Command::new("nginx").arg("-p").arg(&folder).arg("-c").arg(config).stderr(Stdio::null()).spawn()
    });
    match started.join().ok().context("starting nginx")? {
        Ok(process) => Ok(Some(process)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("starting nginx"),
    }
}

/// The page as a file; one that was made small has to stand beside it as it was.
fn put(folder: &Path, wish: Wish, page: &Answer) -> anyhow::Result<()> {
    let file = folder.join("html").join(wish.file());
    std::fs::create_dir_all(file.parent().context("a file in a folder")?)?;
    if wish.takes_gzip {
        std::fs::write(&file, "")?;
        std::fs::write(file.with_added_extension("gz"), &page.body)?;
    } else {
        std::fs::write(&file, &page.body)?;
    }
    Ok(())
}

impl Wish {
    fn file(&self) -> String {
        let index = if self.path.ends_with('/') { "index.html" } else { "" };
        format!("{}{index}", self.path.trim_start_matches('/'))
    }
}

/// As somebody would set it up who wants files served as fast as it goes.
fn config(folder: &Path, addr: SocketAddr, page: &Answer) -> String {
    let headers = page.head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.filter(|(name, _)| !OWN.contains(&name.to_ascii_lowercase().as_str()));
    let headers: Vec<String> =
        headers.map(|(name, value)| format!("add_header {name} \"{value}\";\n")).collect();
    let headers = headers.concat();
    let folder = folder.display();
    format!(
        "daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;\n\
         events {{ worker_connections 2048; }}\n\
         http {{\n\
         access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;\n\
         open_file_cache max=100; default_type 'text/html; charset=utf-8'; gzip_static on;\n\
         client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;\n\
         uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n\
         server {{ listen {addr}; root {folder}/html; index index.html;\n{headers} }}\n\
         }}\n"
    )
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
