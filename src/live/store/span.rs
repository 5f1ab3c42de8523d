//! People by their place in the order of ids.

use crate::base::id::UserId;

/// People whose ids come after one and up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// They come after this one.
    pub after: UserId,
    /// They go up to this one.
    pub upto: UserId,
}

impl Span {
    /// Everybody.
    pub const ALL: Self = Self { after: UserId::FIRST, upto: UserId::LAST };

    /// Whether this is one of them.
    #[must_use]
    pub fn has(self, user: UserId) -> bool {
        self.after < user && user <= self.upto
    }

    /// Both ends as texts to compare stored ids with: greater than one, and not greater than the other.
    pub(super) fn ends(self) -> [String; 2] {
        [self.after.to_string(), self.upto.to_string()]
    }
}
