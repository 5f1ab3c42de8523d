//! What the doctor looks at and what it finds. Pure.

use crate::accounts::{GrantStatus, LinkStatus};
use crate::base::clock::Instant;
use serde::Serialize;

/// How well something is, from well to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Nothing is wrong, but somebody may want to know; or it could not be looked at.
    Note,
    /// It works in part, or will fail before long.
    Warning,
    /// It does not work.
    Failure,
}

/// What one check found: a sentence, and what to do if there is something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check. It never changes: programs go by it.
    pub name: &'static str,
    /// How well it is.
    pub verdict: Verdict,
    /// What is so.
    pub sentence: String,
    /// What to do.
    pub remedy: Option<String>,
}

impl Finding {
    /// As it should be.
    pub fn ok(name: &'static str, sentence: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, sentence: sentence.into(), remedy: None }
    }

    /// Worth knowing.
    pub fn note(name: &'static str, sentence: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Note, sentence: sentence.into(), remedy: None }
    }

    /// Not as it should be.
    pub fn warning(name: &'static str, sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warning, sentence: sentence.into(), remedy: Some(remedy.into()) }
    }

    /// Broken.
    pub fn failure(name: &'static str, sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Failure, sentence: sentence.into(), remedy: Some(remedy.into()) }
    }
}

/// The worst of all; well when there is none.
#[must_use]
pub fn worst(findings: &[Finding]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok)
}

/// What the program ends with: 0 when nothing is wrong, 1 with warnings, 2 with failures.
#[must_use]
pub fn exit_code(worst: Verdict) -> u8 {
    match worst {
        Verdict::Ok | Verdict::Note => 0,
        Verdict::Warning => 1,
        Verdict::Failure => 2,
    }
}

/// A link to Spotify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose: Twitch login.
    pub login: String,
    /// Whether it works.
    pub status: LinkStatus,
    /// What it may do, separated by spaces; empty where that is not known.
    pub scopes: String,
    /// When the streamer said yes.
    pub authorized_at: Instant,
}

/// Somebody here, and what Twitch granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Twitch login.
    pub login: String,
    /// Twitch's id.
    pub twitch_id: String,
    /// Whether they want to be followed.
    pub enabled: bool,
    /// What has become of what Twitch granted; none for one who never logged in.
    pub status: Option<GrantStatus>,
}
