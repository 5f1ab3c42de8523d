//! What can be wrong with a configuration. Every problem says where, which key, what stands there and what is allowed.

use std::fmt::{Display, Formatter, Result};
use std::path::{Path, PathBuf};

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    File {
        /// The path as it was given.
        path: PathBuf,
        /// Line and column, both from 1; the column only where it helps.
        line: Option<(usize, Option<usize>)>,
    },
    /// In an environment variable.
    Variable(String),
}

impl Place {
    /// The file as a whole.
    pub(super) fn file(path: &Path) -> Self {
        Self::File { path: path.to_owned(), line: None }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::File { path, line: Some((line, None)) } => write!(f, "{}, line {line}", path.display()),
            Self::File { path, line: Some((line, Some(column))) } => {
                write!(f, "{}, line {line}, column {column}", path.display())
            }
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The file, or the file a variable names, cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The file is not TOML.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// There is no such section, key or variable.
    #[error("unknown {what}; {hint}")]
    Unknown {
        /// What was found, such as `key server.lisen`.
        what: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
    /// The value is not one of those allowed.
    #[error("{key} = {value} is not allowed; use {allowed}")]
    Value {
        /// The dotted name, such as `tracking.poll_interval`.
        key: &'static str,
        /// The value as written, `***` for secrets.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// Values that are allowed by themselves do not go together.
    #[error("{0}")]
    Conflict(String),
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub cause: Cause,
}

/// Everything that is wrong with a configuration, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Problem>);

impl std::error::Error for ConfigErrors {}

impl Display for ConfigErrors {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0.len() {
            1 => write!(f, "the configuration has a problem:")?,
            several => write!(f, "the configuration has {several} problems:")?,
        }
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}
