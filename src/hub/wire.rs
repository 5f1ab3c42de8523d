//! Messages as they stand on a WebSocket: header and payload in one piece, made once and written to everybody. Pure.

use bytes::{Bytes, BytesMut};
use serde::Serialize;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// A text message: UTF-8, one JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    wire: Bytes,
    /// Where the payload begins.
    payload: usize,
}

impl Message {
    /// The message that says this. What is told has text keys only, which JSON can hold.
    pub(super) fn of(value: &impl Serialize) -> Self {
        let json = serde_json::to_vec(value).unwrap_or_else(|_| unreachable!("frames have text keys only"));
        let length = json.len();
        let frame = Frame::message(json, OpCode::Data(Data::Text), true);
        let mut wire = Vec::with_capacity(frame.len());
        frame.format(&mut wire).unwrap_or_else(|_| unreachable!("a vector takes any bytes"));
        Self { payload: wire.len() - length, wire: wire.into() }
    }

    /// What it says, without what carries it.
    pub(super) fn payload(&self) -> Bytes {
        self.wire.slice(self.payload..)
    }
}

/// All of them in one piece, so that one write hands them over.
pub(super) fn joined(messages: &[Message]) -> Bytes {
    if let [only] = messages {
        return only.wire.clone();
    }
    let mut all = BytesMut::with_capacity(messages.iter().map(|message| message.wire.len()).sum());
    for message in messages {
        all.extend_from_slice(&message.wire);
    }
    all.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_on_the_wire_as_the_standard_has_it() {
        for (length, head) in [(2, vec![0x81, 4]), (124, vec![0x81, 126, 0, 126]), (70_000, vec![])] {
            let message = Message::of(&"x".repeat(length));
            assert_eq!(message.payload().len(), length + 2, "in quotes");
            assert!(message.wire.starts_with(&head), "{:?}", &message.wire[..4]);
        }
    }

    #[test]
    fn messages_are_joined_in_order_and_one_is_not_copied() {
        let [a, b] = ["a", "b"].map(|text| Message::of(&text));
        assert_eq!(joined(std::slice::from_ref(&a)).as_ptr(), a.wire.as_ptr());
        assert_eq!(joined(&[a, b]).as_ref(), b"\x81\x03\"a\"\x81\x03\"b\"");
        assert!(joined(&[]).is_empty());
    }
}
