//! nginx with nchan: one worker, and a publisher that posts over a connection that stays.

use super::process::{Ear, Process, Server, of_ours};
use super::{Order, Rig};
use crate::stopwatch;
use crate::usage;
use anyhow::Context as _;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

const MODULES: [&str; 2] = ["/usr/lib/nginx/modules", "/usr/share/nginx/modules"];
/// With far more places than viewers: nginx sends some away where few are left.
const CONFIG: &str = r"
load_module MODULE;
daemon off;
worker_processes 1;
error_log stderr crit;
pid nginx.pid;
events { worker_connections 65536; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000;
  keepalive_timeout 1h;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  nchan_shared_memory_size 256m;
  server {
    listen ADDRESS backlog=1024;
    location = / {
      nchan_subscriber websocket;
      nchan_subscriber_first_message newest;
      nchan_channel_id live;
    }
    location = /publish {
      nchan_publisher http;
      nchan_channel_id live;
      nchan_message_buffer_length 1000;
      nchan_message_timeout 30s;
    }
  }
}
";
/// How long nginx gets to start.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(20);

/// What is missing to measure it.
pub fn missing() -> Option<&'static str> {
    module().is_none().then_some("nginx with its module is not installed (Debian: libnginx-mod-nchan)")
}

fn module() -> Option<PathBuf> {
    MODULES.map(|folder| Path::new(folder).join("ngx_nchan_module.so")).into_iter().find(|path| path.exists())
}

pub fn start(rig: &Rig) -> anyhow::Result<Server> {
    let folder = TempDir::with_prefix("airlog-fanout-")?;
    // Nobody else takes it in the moment between.
    let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    std::fs::write(folder.path().join("nginx.conf"), config(addr)?).context("writing the config of nginx")?;
    let mut command = of_ours(rig)?;
    command.args(["run", "nginx", "-c", "nginx.conf", "-e", "stderr", "-p"]).arg(folder.path());
    let process = Process::started(command.stdin(Stdio::null()))?;
    // It listens before it has a worker.
    let worker = in_time(|| usage::child_of(process.id()))?;
    let wire = in_time(|| Ok(TcpStream::connect(addr).ok()))?;
    let publisher = Publisher { wire, post: post(rig.payload) };
    Ok(Server::new(process, addr, publisher).with_worker(worker).with_folder(folder))
}

fn config(addr: SocketAddr) -> anyhow::Result<String> {
    let module = module().context("nchan is not installed")?;
    let config = CONFIG.replace("MODULE", &module.display().to_string());
    Ok(config.replace("ADDRESS", &addr.to_string()))
}

/// What `try_it` gives, as soon as it gives something.
fn in_time<T>(mut try_it: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let started = stopwatch::now();
    loop {
        if let Some(there) = try_it()? {
            return Ok(there);
        }
        anyhow::ensure!(started.elapsed() < PATIENCE, "nginx did not start in {PATIENCE:?}");
        std::thread::sleep(GLANCE);
    }
}

struct Publisher {
    wire: TcpStream,
    post: String,
}

fn post(payload: usize) -> String {
    let text = "x".repeat(payload);
    format!("POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: {payload}\r\n\r\n{text}")
}

impl Ear for Publisher {
    fn tell(&mut self, order: Order) -> anyhow::Result<()> {
        if let Order::Now(frames) = order {
            self.wire.write_all(self.post.repeat(frames).as_bytes())?;
            self.forget_answers()?;
        }
        Ok(())
    }
}

impl Publisher {
    /// Reads what has come: it must not pile up.
    fn forget_answers(&mut self) -> anyhow::Result<()> {
        self.wire.set_nonblocking(true)?;
        let mut scratch = [0; 4096];
        loop {
            match self.wire.read(&mut scratch) {
                Ok(0) => anyhow::bail!("nginx takes no more posts"),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.wire.set_nonblocking(false)?)
    }
}
