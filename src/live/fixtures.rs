//! What tests of the heart begin with: a database, and somebody who is on air.

use super::model::Stream;
use super::store;
use crate::accounts::{Accounts, NewStreamer};
use crate::base::clock::{Clock as _, SystemClock};
use crate::base::id::StreamId;
use crate::base::seal::SealingKey;
use crate::db::{self, Db};
use std::sync::Arc;
use tempfile::TempDir;

/// A database with a schema, as long as the folder lives.
pub(super) async fn database() -> (Db, TempDir) {
    let folder = TempDir::with_prefix("airlog-heart-").expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("airlog.db").display());
    let db = db::open(&url).await.expect("a database");
    db::migrate(&db).await.expect("a schema");
    (db, folder)
}

/// The stream of Ann, who is on air.
pub(super) async fn on_air(db: &Db) -> Stream {
    let now = SystemClock.now();
    let accounts = Accounts::new(db.clone(), Arc::new(SealingKey::random()));
    let user = accounts.add(&streamer("ann"), now).await.expect("a streamer");
    let stream = Stream {
        id: StreamId::random(now),
        user_id: user.id,
        twitch_id: None,
        started_at: now,
        ended_at: None,
        seen_at: now,
        followed_until: None,
    };
    store::put_stream(db, &stream, now).await.expect("a stream");
    stream
}

/// Somebody who is linked.
pub(super) fn streamer(login: &str) -> NewStreamer {
    NewStreamer {
        twitch_id: format!("id of {login}"),
        login: login.into(),
        name: None,
        timezone: None,
        retention_days: Some(7),
        client_id: "app".into(),
        access_token: "access".into(),
        refresh_token: "refresh".into(),
    }
}
