//! The events that Twitch tells of, as bodies.

use super::broadcast::{Broadcast, seconds};
use super::person::Person;
use serde_json::{Value, json};

/// The body of `stream.online`.
pub(super) fn online(person: &Person, broadcast: &Broadcast) -> Value {
    json!({
        "id": broadcast.id,
        "broadcaster_user_id": person.twitch_id,
        "broadcaster_user_login": person.login,
        "broadcaster_user_name": person.name,
        "type": broadcast.kind.word(),
        "started_at": seconds(broadcast.started_at),
    })
}

/// The body of `stream.offline`.
pub(super) fn offline(person: &Person, broadcast: &Broadcast) -> Value {
    json!({
        "id": broadcast.id,
        "broadcaster_user_id": person.twitch_id,
        "broadcaster_user_login": person.login,
        "broadcaster_user_name": person.name,
    })
}

/// The body of `channel.update`.
pub(super) fn channel(person: &Person) -> Value {
    json!({
        "broadcaster_user_id": person.twitch_id,
        "broadcaster_user_login": person.login,
        "broadcaster_user_name": person.name,
        "title": "Music and talk",
        "language": "en",
        "category_id": "26936",
        "category_name": "Music",
        "content_classification_labels": [],
    })
}

/// The body of `user.authorization.revoke`.
pub(super) fn authorization_revoked(person: &Person, client_id: &str) -> Value {
    json!({
        "client_id": client_id,
        "user_id": person.twitch_id,
        "user_login": person.login,
        "user_name": person.name,
    })
}
