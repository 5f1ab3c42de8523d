//! Why custom CSS was refused, and where.

use super::{AT_RULES, DEEPEST, LONGEST};
use std::fmt;

/// How much of an offending word is told, in letters.
const SHOWN: usize = 40;

/// Custom CSS that is not taken: what is wrong with it, and where. It reads as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSheet {
    /// The line that it stands in; the first is 1.
    pub line: u32,
    /// What is wrong.
    pub fault: Fault,
    /// The word that is wrong, as it was typed, or its beginning; empty when it is no word.
    pub word: String,
}

/// What can be wrong with custom CSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A function that loads something, such as `url(…)`.
    Loads,
    /// An at-rule that we do not serve, such as `@import`.
    AtRule,
    /// A bracket, a string or a comment that never ends.
    Unclosed,
    /// A bracket that closes nothing, or not what is open.
    Unopened,
    /// A string that ends with its line.
    BrokenString,
    /// A backslash before the end of a line.
    Stray,
    /// `</`, which could end a style element.
    Markup,
    /// A control character.
    Control,
    /// Brackets too deep in brackets.
    TooDeep,
    /// More than is taken.
    TooLong,
}

impl BadSheet {
    pub(super) fn new(line: u32, fault: Fault, word: &str) -> Self {
        let told: String = word.trim().chars().take(SHOWN).collect();
        let is_cut = told.len() < word.trim().len();
        Self { line, fault, word: if is_cut { told + "…" } else { told } }
    }
}

impl fmt::Display for BadSheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, fault, word } = self;
        write!(out, "Line {line}: ")?;
        match fault {
            Fault::Loads => write!(out, "{word} would load something, and custom CSS loads nothing."),
            Fault::AtRule => {
                write!(out, "{word} is not taken; at-rules that are: @{}.", AT_RULES.join(", @"))
            }
            Fault::Unclosed => write!(out, "{word} is never closed."),
            Fault::Unopened => write!(out, "{word} closes nothing that is open here."),
            Fault::BrokenString => write!(out, "the string {word} does not end before its line does."),
            Fault::Stray => write!(out, "{word} stands at the end of a line, where it escapes nothing."),
            Fault::Markup => write!(out, "{word} has no place in CSS."),
            Fault::Control => write!(out, "the control character {word} has no place in CSS."),
            Fault::TooDeep => write!(out, "{word} stands in more than {DEEPEST} other brackets."),
            Fault::TooLong => write!(out, "here the CSS gets longer than {} KB.", LONGEST / 1024),
        }
    }
}

impl std::error::Error for BadSheet {}
