//! Room for open files: each viewer's socket is one, and most systems begin with room for a thousand.

use std::num::NonZeroU32;

/// What the program needs besides sockets: the database, calls to Spotify and Twitch, logs.
const OTHERS: u64 = 200;

/// Takes as much room as the system allows, and says so when it is less than `sockets` need.
pub(super) fn make_room(sockets: Option<NonZeroU32>) {
    let wanted = sockets.map_or(0, |most| u64::from(most.get())) + OTHERS;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(room) if room < wanted => tracing::warn!(
            room,
            wanted,
            "the system allows fewer open files than limits.sockets needs; raise its limit (ulimit -n, LimitNOFILE)"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it is"),
    }
}
