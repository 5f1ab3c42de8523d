//! The download as a stream: one page of rows is in memory, and the next is read when the last has been sent.

use super::model::{SECTIONS, Size};
use super::store::{self, Cursor, Line};
use crate::accounts::User;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError};
use crate::telemetry::Metrics;
use bytes::Bytes;
use chrono::SecondsFormat;
use futures_util::{Stream, stream};
use serde_json::{Value, json};

/// How many rows are in memory.
const PAGE: usize = 500;

/// How far the download is.
struct Reading {
    db: Db,
    metrics: Metrics,
    user: UserId,
    head: Option<Value>,
    /// Which section is read.
    section: usize,
    /// What of it has been told.
    after: Cursor,
    has_begun: bool,
}

/// What is known about a person, as JSON, piece by piece. It ends in the middle when the database fails.
pub(super) fn export(
    db: Db,
    metrics: Metrics,
    user: &User,
    now: Instant,
) -> impl Stream<Item = Result<Bytes, DbError>> + use<> {
    let head = json!({
        "format": 1,
        "made_at": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "made_for": user.login,
    });
    let (head, user) = (Some(head), user.id);
    let reading = Reading { db, metrics, user, head, section: 0, after: None, has_begun: false };
    stream::try_unfold(reading, async |mut reading| {
        let piece = reading.piece().await.inspect_err(|error| {
            tracing::warn!(%error, "a download about a person is cut short");
        })?;
        Ok(piece.map(|piece| (piece, reading)))
    })
}

impl Reading {
    /// The next piece; none when all has been told.
    async fn piece(&mut self) -> Result<Option<Bytes>, DbError> {
        if let Some(head) = self.head.take() {
            return Ok(Some(format!("{{\n\"about\": {head}").into()));
        }
        let Some(section) = SECTIONS.get(self.section) else { return Ok(None) };
        let lines = store::page(&self.db, section, self.user, &self.after, PAGE).await?;
        self.metrics.export_page();
        let mut text = if self.has_begun { String::new() } else { format!(",\n\"{}\": ", section.name) };
        if !self.has_begun {
            text += if section.size == Size::One { "" } else { "[" };
        }
        text += &self.rows(section.size, &lines);
        let is_over = lines.len() < PAGE || !matches!(section.size, Size::Many(..));
        self.has_begun = !is_over;
        self.after = lines.into_iter().next_back().and_then(|line| line.cursor).filter(|_| !is_over);
        if is_over {
            text += if section.size == Size::One { "" } else { "]" };
            self.section += 1;
        }
        if self.section == SECTIONS.len() {
            text += "\n}\n";
        }
        Ok(Some(text.into()))
    }

    fn rows(&self, size: Size, lines: &[Line]) -> String {
        if size == Size::One {
            return json!(lines.first().map(|line| &line.told)).to_string();
        }
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            text += if number > 0 || self.after.is_some() { ",\n" } else { "\n" };
            text += &json!(line.told).to_string();
        }
        text
    }
}
