//! When to stop: Ctrl-C or SIGTERM; a second one exits at once.

use tokio::signal::unix::{SignalKind, signal};

/// Ends at the first signal. From then on a second one exits the process.
pub(super) async fn stop() {
    wait().await;
    tokio::spawn(async {
        wait().await;
        std::process::exit(130);
    });
}

async fn wait() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}
