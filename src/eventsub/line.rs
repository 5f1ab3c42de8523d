//! One connection of a user's: it is opened, listened to and left as the user's task says.

use super::frame::{Frame, read};
use super::pace::Pace;
use super::rules::closing::{End, said};
use super::rules::lines::{Input, Line};
use crate::clients::twitch::{Heard, Socket, SocketClient};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// How long a line is listened to after the goodbye.
const FAREWELL: Duration = Duration::from_secs(5);

/// A connection to be.
pub(super) struct Attendant {
    pub(super) line: Line,
    pub(super) url: String,
    pub(super) wait: Duration,
    pub(super) client: SocketClient,
    /// How many may connect at the same time.
    pub(super) gate: Arc<Semaphore>,
    pub(super) pace: Pace,
    /// Where it is told what is heard.
    pub(super) tell: Sender<Input>,
    /// Ends when the line is to be left.
    pub(super) leave: CancellationToken,
}

impl Attendant {
    /// Connects and listens until the end.
    pub(super) async fn run(self) {
        let end = match self.open().await {
            Some(socket) => self.listen(socket).await,
            None => End::Unopened,
        };
        match end {
            End::Closed(code) if !self.leave.is_cancelled() => {
                tracing::info!(?code, reason = said(code), "an EventSub socket was closed");
            }
            End::Silent => tracing::warn!("an EventSub socket went silent"),
            End::Unopened | End::Closed(_) => {}
        }
        // Nobody may be there any more who wants to know.
        let _ = self.tell.send(Input::Ended(self.line, end)).await;
    }

    async fn open(&self) -> Option<Socket> {
        self.leave.run_until_cancelled(sleep(self.wait)).await?;
        // A gate that is closed lets nobody through, and nobody closes it.
        let _turn = self.leave.run_until_cancelled(self.gate.acquire()).await?.ok()?;
        let opening = timeout(self.pace.hello, self.client.open(&self.url));
        match self.leave.run_until_cancelled(opening).await? {
            Ok(Ok(socket)) => Some(socket),
            Ok(Err(error)) => {
                tracing::warn!(%error, "an EventSub socket does not open");
                None
            }
            Err(_) => {
                tracing::warn!("an EventSub socket does not open in time");
                None
            }
        }
    }

    /// Listens until the line is closed, or silent for too long.
    async fn listen(&self, mut socket: Socket) -> End {
        let mut silence = self.pace.hello;
        let mut due = Instant::now() + silence;
        loop {
            let heard = self.leave.run_until_cancelled(timeout_at(due, socket.next()));
            match heard.await {
                None => return self.part(socket).await,
                Some(Err(_)) => return End::Silent,
                Some(Ok(Heard::End(code))) => return End::Closed(code),
                Some(Ok(Heard::Text(text))) => {
                    let frame = read(&text);
                    if let Frame::Welcome { keepalive, .. } = frame {
                        silence = keepalive + self.pace.slack;
                    }
                    self.pass_on(frame).await;
                    due = Instant::now() + silence;
                }
            }
        }
    }

    /// Says goodbye, and hears what was said before the other side has heard it.
    async fn part(&self, mut socket: Socket) -> End {
        let rest = async {
            socket.hang_up().await;
            loop {
                match socket.next().await {
                    Heard::Text(text) => self.pass_on(read(&text)).await,
                    Heard::End(code) => return End::Closed(code),
                }
            }
        };
        timeout(FAREWELL, rest).await.unwrap_or(End::Silent)
    }

    async fn pass_on(&self, frame: Frame) {
        // Nobody may be there any more who wants to know.
        let _ = self.tell.send(Input::Heard(self.line, frame)).await;
    }
}
