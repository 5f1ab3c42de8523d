//! When to stop: Ctrl-C, or SIGTERM and SIGHUP where there are such; a second one exits at once.

/// Listens from now on, and ends at the first signal. From then on a second one exits the process.
pub(super) fn stop() -> impl Future<Output = ()> {
    let mut signals = Signals::listen();
    async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            std::process::exit(130);
        });
    }
}

/// All that are listened to. A signal that cannot be listened to never comes.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Self(kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect())
    }

    async fn next(&mut self) {
        let next = self.0.iter_mut().map(|signals| Box::pin(signals.recv()));
        if next.len() == 0 {
            std::future::pending::<()>().await;
        }
        futures_util::future::select_all(next).await;
    }
}

/// Windows has no such signals: there Ctrl-C alone stops the program.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
