//! People by their place in the order of ids.

use crate::base::id::UserId;

/// No id stands behind this: their digits go as far as `f`.
const BEHIND_ALL: &str = "g";

/// People whose ids come after one and up to another; an end that is open leaves nobody out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// They come after this one.
    pub after: Option<UserId>,
    /// They go up to this one.
    pub upto: Option<UserId>,
}

impl Span {
    /// Both ends as texts to compare stored ids with: greater than one, and not greater than the other.
    pub(super) fn ends(self) -> [String; 2] {
        let text =
            |end: Option<UserId>, open: &str| end.map_or_else(|| open.to_owned(), |user| user.to_string());
        [text(self.after, ""), text(self.upto, BEHIND_ALL)]
    }
}
