//! When to stop: Ctrl-C, or SIGTERM and SIGHUP where there are such; a second one exits at once.

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
    use tokio::signal::unix::SignalKind;
    tokio::select! {
        () = received(SignalKind::terminate()) => {}
        () = received(SignalKind::hangup()) => {}
    }
}

#[cfg(unix)]
async fn received(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signals) => drop(signals.recv().await),
        Err(_) => std::future::pending().await,
    }
}

/// Windows has no such signals: there Ctrl-C alone stops the program.
#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
