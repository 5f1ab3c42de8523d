//! Serving, and the order of stopping: no new work, goodbye to viewers and Twitch, sessions, sweep, writer, database. It
//! never takes longer than ten seconds, whoever hangs.

use super::built::App;
use super::entrance::Entrance;
use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long whoever has just come in gets to say what they want.
const FIRST_WORDS: Duration = Duration::from_millis(250);
/// How long viewers and requests get to end.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the writer gets to store what waits, while viewers leave.
const LAST_WRITES: Duration = Duration::from_secs(8);
/// How long the database gets to say goodbye.
const LAST_WORDS: Duration = Duration::from_secs(1);

impl App {
    /// Serves until `stop` ends, then stops in order.
    ///
    /// # Errors
    /// When the server fails, or plays could not be stored before the stop.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let (closing, ending) = (CancellationToken::new(), CancellationToken::new());
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        // A frame is small and is to arrive at once.
        let entrance = Entrance::new(self.listener, self.addr, closing.clone())
            .tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = axum::serve(entrance, service).with_graceful_shutdown(ending.clone().cancelled_owned());
        let mut serving = tokio::spawn(server.into_future());
        // Twitch calls whoever subscribes: the doors are open by now.
        let keeping = tokio::spawn(self.keeper.run(closing.clone()));
        let outcome = tokio::select! {
            () = stop => Ok(()),
            ended = &mut serving => ended.map_err(anyhow::Error::new).and_then(|result| Ok(result?)),
        };
        tracing::info!("stopping");
        closing.cancel();
        self.alerts.stop();
        let goodbyes = async {
            // A connection that has said nothing yet is cut off by the server's own goodbye.
            tokio::time::sleep(FIRST_WORDS).await;
            ending.cancel();
            self.daylist.doors.close(FAREWELL).await;
            if !serving.is_finished() {
                // Whoever keeps an idle connection open is cut off.
                let _ = timeout(FAREWELL, &mut serving).await;
                serving.abort();
            }
        };
        let kept = async {
            // Whatever it says, it has stopped.
            let _ = keeping.await;
        };
        let settled = async {
            if timeout(LAST_WRITES, self.grants.settled()).await.is_err() {
                tracing::warn!("a refresh of Twitch tokens was not settled before the stop");
            }
        };
        let ((), (), (), (), written) = tokio::join!(
            goodbyes,
            kept,
            settled,
            self.retention.stop(LAST_WRITES),
            self.live.stop(LAST_WRITES)
        );
        // A database that does not even say goodbye has nothing more to give.
        let _ = timeout(LAST_WORDS, self.db.close()).await;
        outcome.context("the server failed").and(written)
    }
}
