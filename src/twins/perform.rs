//! Doing what is asked of the twins, by whomever: the control page, the script, tests.

use super::act::{Act, apply};
use super::shared::{Order, Shared, lock};
use std::sync::Arc;

/// Does what somebody does, and delivers what that calls for.
pub(super) fn perform(shared: &Arc<Shared>, act: &Act) {
    let deliveries = shared.with(|world, now| apply(world, act, now));
    shared.deliver(deliveries);
    shared.acts.send_replace(());
}

/// Gives an order to all open `EventSub` sockets.
pub(super) fn order_sockets(shared: &Arc<Shared>, order: impl Fn() -> Order) {
    for socket in lock(&shared.sockets).values() {
        // A socket that is closing needs no advice.
        let _ = socket.send(order());
    }
}
