//! Decisions of the room, pure: which webhook call is believed, which subscriptions are to be made and removed, what to
//! do with the sockets of a user.

pub(super) mod belief;
pub(super) mod closing;
pub(super) mod lines;
pub(super) mod repair;
