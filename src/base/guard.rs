//! A guard around work that others must not suffer from: a panic in it becomes an error.

use futures_util::FutureExt as _;
use std::any::Any;
use std::panic::AssertUnwindSafe;

/// What `work` gives; a panic in it is an error that says so. The work is dropped then, so it must leave nothing
/// half-changed behind that outlives it.
///
/// # Errors
/// Whatever `work` says, or that it panicked.
pub async fn guarded<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(anyhow::anyhow!("it panicked: {}", words(panic.as_ref()))),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_words() {
        let said = |result: anyhow::Result<()>| result.expect_err("a panic").to_string();
        assert_eq!(said(guarded(async { panic!("no {}", 1) }).await), "it panicked: no 1");
        assert_eq!(said(guarded(async { panic!("none") }).await), "it panicked: none");
        assert_eq!(guarded(async { Ok(1) }).await.expect("no panic"), 1);
    }
}
