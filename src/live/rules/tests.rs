//! The rules of play detection: each as a short story, then what holds on every evening.

mod evening;
mod gaps;
mod ignoring;
mod looks;
mod plays;
mod properties;
mod story;
mod viewers;
