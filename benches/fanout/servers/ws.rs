//! Node with `ws`, in the way its readme shows: a loop over all clients.

use super::Rig;
use super::process::{Server, of_ours};
use anyhow::Context as _;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const SCRIPT: &str = r#"
const { WebSocketServer } = require("ws");
const frame = "x".repeat(Number(process.argv[2]));
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 1024 });
server.on("listening", () => console.log(`127.0.0.1:${server.address().port}`));
const orders = require("readline").createInterface({ input: process.stdin });
orders.on("line", (line) => {
  for (let frames = Number(line.split(" ")[0]); frames > 0; frames--)
    for (const client of server.clients) client.send(frame);
});
orders.on("close", () => process.exit());
"#;

/// What is missing to measure it.
pub fn missing(rig: &Rig) -> Option<&'static str> {
    let mut asked = Command::new("node");
    asked.args(["-e", "require('ws')"]).stderr(Stdio::null());
    match with_modules(&mut asked, rig).status() {
        Ok(status) if status.success() => None,
        Ok(_) => Some("`npm install ws` somewhere, and name its folder by --node-modules"),
        Err(_) => Some("Node is not installed"),
    }
}

pub fn start(rig: &Rig) -> anyhow::Result<Server> {
    let folder = TempDir::with_prefix("airlog-fanout-")?;
    let script = folder.path().join("server.cjs");
    std::fs::write(&script, SCRIPT).context("writing the script for Node")?;
    let mut command = of_ours(rig)?;
    command.args(["run", "node"]).arg(script).arg(rig.payload.to_string());
    with_modules(&mut command, rig);
    Ok(Server::that_listens(command)?.with_folder(folder))
}

fn with_modules<'a>(command: &'a mut Command, rig: &Rig) -> &'a mut Command {
    if let Some(folder) = &rig.node_modules {
        command.env("NODE_PATH", folder);
    }
    command
}
