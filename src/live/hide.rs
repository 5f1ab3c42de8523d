//! That plays are hidden, and by what. Pure.

use crate::base::clock::Instant;
use crate::base::id::{ActId, UserId};

/// That a play was taken out of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hide {
    /// Whose it is.
    pub user_id: UserId,
    /// When.
    pub at: Instant,
    /// By what, if it was not done by itself.
    pub act: Option<Act>,
}

/// What hides plays in one go, and can be undone in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// Which.
    pub id: ActId,
    /// What it does.
    pub kind: ActKind,
}

/// What an act does. The words are a promise to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// Hides the last track.
    HideLast,
    /// Hides the last minutes.
    HideMinutes,
    /// Hides what is heard in ghost mode.
    Ghost,
}

impl ActKind {
    const ALL: [Self; 3] = [Self::HideLast, Self::HideMinutes, Self::Ghost];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::HideLast => "hide_last",
            Self::HideMinutes => "hide_minutes",
            Self::Ghost => "ghost",
        }
    }

    /// The kind that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Hide {
    /// What ghost mode does to a play.
    #[must_use]
    pub fn by_ghost(user_id: UserId, act: ActId, at: Instant) -> Self {
        Self { user_id, at, act: Some(Act { id: act, kind: ActKind::Ghost }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_one_kind() {
        for kind in ActKind::ALL {
            assert_eq!(ActKind::of(kind.word()), Some(kind));
        }
        assert_eq!(ActKind::of("boo"), None);
    }
}
