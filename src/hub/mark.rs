//! Marks: how far somebody has been told, which is what cursors say. Pure.

use std::fmt;

/// A place in a reel: up to where a subscriber has been told. Its text is the cursor of the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// A random name of the reel: marks of another one resume nothing.
    pub(super) life: u32,
    pub(super) number: u64,
}

impl Mark {
    /// The mark that a cursor names; none for anything else.
    pub(super) fn read(cursor: &str) -> Option<Self> {
        let (life, number) = cursor.split_once('-')?;
        let mark = Self { life: u32::from_str_radix(life, 16).ok()?, number: number.parse().ok()? };
        (mark.to_string() == cursor).then_some(mark)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.life, self.number)
    }
}
