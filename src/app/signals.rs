//! When to stop: Ctrl-C, or SIGTERM where there is one; a second one exits at once.

/// Ends at the first signal. From then on a second one exits the process.
pub(super) async fn stop() {
    wait().await;
    tokio::spawn(async {
        wait().await;
        std::process::exit(130);
    });
}

/// A signal that cannot be listened to never comes.
async fn wait() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => drop(terminated.recv().await),
        Err(_) => std::future::pending().await,
    }
}

/// Windows has no such signal: there Ctrl-C alone stops the program.
#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
