//! The program itself, as a process: what it prints, how it ends.

use super::PATIENCE;
use std::fs::File;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A running program.
pub struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Runs the program to its end in a folder of its own.
pub async fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = command(folder, arguments);
    command.envs(environment.iter().copied());
    timeout(PATIENCE, command.output()).await.expect("an end in time").expect("a program")
}

/// Runs the program with settings from the environment and something on its standard input.
pub async fn run_with_input(
    folder: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
    input: &str,
) -> Output {
    let mut command = command(folder, arguments);
    command.envs(environment.iter().map(|(key, value)| (key, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).await.expect("a reader");
    timeout(PATIENCE, child.wait_with_output()).await.expect("an end in time").expect("a program")
}

impl Program {
    /// Starts the program.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(command(folder, arguments))
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a program");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, lines }
    }

    /// Starts the program with settings from the environment.
    pub fn start_with(folder: &Path, arguments: &[&str], environment: &[(String, String)]) -> Self {
        let mut command = command(folder, arguments);
        command.envs(environment.iter().map(|(key, value)| (key, value)));
        Self::spawn(command)
    }

    /// The same, its log in a file.
    pub fn start_noted(
        folder: &Path,
        arguments: &[&str],
        environment: &[(String, String)],
        log: &Path,
    ) -> Self {
        let mut command = command(folder, arguments);
        command.envs(environment.iter().map(|(key, value)| (key, value)));
        command.stderr(File::create(log).expect("a file"));
        Self::spawn(command)
    }

    /// Starts the server on a socket that it is passed as a service manager does.
    pub fn start_on(folder: &Path, environment: &[(String, String)], socket: TcpListener) -> Self {
        let mut command = Command::new("sh");
        let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve 3<&0 </dev/null";
        command.args(["-c", script, env!("CARGO_BIN_EXE_airlog")]).current_dir(folder).kill_on_drop(true);
        command.envs(environment.iter().map(|(key, value)| (key, value))).stdin(OwnedFd::from(socket));
        Self::spawn(command)
    }

    /// The next line that it prints which has this in it.
    pub async fn says(&mut self, part: &str) -> String {
        let search = async {
            while let Some(line) = self.lines.next_line().await.expect("text") {
                if line.contains(part) {
                    return line;
                }
            }
            panic!("it never said {part:?}")
        };
        timeout(PATIENCE, search).await.expect("in time")
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("a running program")
    }

    /// How many bytes it has in memory.
    pub fn memory(&self) -> usize {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("a running program");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
    }

    /// Its exit code if it has ended by itself; -1 if a signal has ended it.
    pub fn has_ended(&mut self) -> Option<i32> {
        self.child.try_wait().expect("a status").map(|status| status.code().unwrap_or(-1))
    }

    /// Sends a signal by name.
    pub async fn hears(&self, signal: &str) {
        let kill =
            Command::new("kill").args(["-s", signal, &self.id().to_string()]).status().await.expect("kill");
        assert!(kill.success());
    }

    /// Sends a signal by name and gives the exit code.
    pub async fn ends_on(mut self, signal: &str) -> Option<i32> {
        self.hears(signal).await;
        timeout(PATIENCE, self.child.wait()).await.expect("an end in time").expect("a status").code()
    }

    /// Kills the program: it gets no chance to do anything.
    pub async fn gets_killed(mut self) {
        self.child.kill().await.expect("a running program");
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_airlog"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    command
}
