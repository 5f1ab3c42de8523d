//! Airlog.
fn main() {}
