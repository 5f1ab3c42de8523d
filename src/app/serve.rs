//! Serving, and the order of stopping: no new work, goodbye to viewers, sessions, writer, database.

use super::build::App;
use anyhow::Context as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long viewers and requests get to end.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the writer gets to store what waits.
const LAST_WRITES: Duration = Duration::from_secs(8);

impl App {
    /// Serves until `stop` ends, then stops in order.
    ///
    /// # Errors
    /// When the server fails, or plays could not be stored before the stop.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let closing = CancellationToken::new();
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        let server =
            axum::serve(self.listener, service).with_graceful_shutdown(closing.clone().cancelled_owned());
        let mut serving = tokio::spawn(server.into_future());
        let outcome = tokio::select! {
            () = stop => Ok(()),
            ended = &mut serving => ended.map_err(anyhow::Error::new).and_then(|result| Ok(result?)),
        };
        tracing::info!("stopping");
        closing.cancel();
        self.doors.close(FAREWELL).await;
        if !serving.is_finished() {
            // Whoever keeps an idle connection open is cut off.
            let _ = tokio::time::timeout(FAREWELL / 2, &mut serving).await;
            serving.abort();
        }
        let written = self.live.stop(LAST_WRITES).await;
        self.db.close().await;
        outcome.context("the server failed").and(written)
    }
}
