//! What is small and done often, each by itself: what one look costs, one frame, one page, one batch.
//!
//! `cargo bench --bench small` takes about a minute; numbers of two machines, or of two hours, are not to be compared.

#[path = "../shared/evenings.rs"]
#[expect(dead_code, reason = "part of it is for the larger benches")]
mod evenings;
mod looks;
mod reading;
mod storing;
mod telling;

use criterion::{Criterion, criterion_group, criterion_main};
use std::time::Duration;

criterion_group! {
    name = small;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(30)
        .without_plots();
    targets = looks::all, reading::all, telling::all, storing::all
}
criterion_main!(small);
