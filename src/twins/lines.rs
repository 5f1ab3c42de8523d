//! What befalls the `EventSub` sockets that are open.

use super::perform::order_sockets;
use super::server::Twins;
use super::shared::{Order, lock};

impl Twins {
    /// Asks all clients of the `EventSub` socket to reconnect.
    pub fn reconnect_sockets(&self) {
        order_sockets(&self.shared, || Order::Reconnect);
    }

    /// Closes all `EventSub` sockets with this code.
    pub fn close_sockets(&self, code: u16) {
        order_sockets(&self.shared, || Order::Close(code));
    }

    /// Says nothing any more on the `EventSub` sockets that are open now, and leaves them open.
    pub fn silence_sockets(&self) {
        order_sockets(&self.shared, || Order::Silence);
    }

    /// How many `EventSub` sockets are open.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        lock(&self.shared.sockets).len()
    }
}
