//! How a catalogue is read from its file: every message by its key, and what is missing or nobody reads is named.
//!
//! What serde derives for a struct of a hundred messages is a hundred times code for a map that comes in any order, and
//! that for each kind of map: it was a tenth of the whole program.

use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something that stands in a catalogue.
pub(super) trait Said: Sized {
    /// Takes it from what the file says, none where it says nothing. What is wrong is noted, and read as empty.
    fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self;
}

/// Everything that is wrong with a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults(Vec<String>);

/// A section of a file, of which one message after the other is taken.
pub(super) struct Section<'i, 'f> {
    rest: DeTable<'i>,
    faults: &'f mut Faults,
}

/// What the text of a file says.
///
/// # Errors
/// With all that is wrong with it.
pub(super) fn read<T: Said>(text: &str) -> Result<T, Faults> {
    let mut faults = Faults::default();
    let document = DeTable::parse(text).map_err(|error| Faults(vec![error.to_string()]))?;
    let said = T::read(Some(DeValue::Table(document.into_inner())), &mut faults);
    if faults.0.is_empty() { Ok(said) } else { Err(faults) }
}

impl<'i, 'f> Section<'i, 'f> {
    /// The section that stands there.
    pub(super) fn of(said: Option<DeValue<'i>>, faults: &'f mut Faults) -> Self {
        match said {
            Some(DeValue::Table(rest)) => Self { rest, faults },
            other => {
                faults.note("is no section", other.as_ref());
                Self { rest: DeTable::new(), faults }
            }
        }
    }

    /// Takes what has to be there.
    pub(super) fn take<T: Said>(&mut self, key: &str) -> T {
        if !self.rest.contains_key(key) {
            self.faults.0.push(format!("{key} is missing"));
        }
        self.find(key).unwrap_or_else(|| T::read(None, &mut Faults::default()))
    }

    /// Takes what may be there.
    pub(super) fn find<T: Said>(&mut self, key: &str) -> Option<T> {
        let said = self.rest.remove(key)?.into_inner();
        Some(T::read(Some(said), self.faults))
    }

    /// Nothing else is taken: what is left was written for nobody.
    pub(super) fn end(self) {
        let unread = self.rest.keys().map(|key| format!("{} is not read", key.get_ref()));
        self.faults.0.extend(unread);
    }
}

impl Faults {
    fn note(&mut self, what: &str, said: Option<&DeValue<'_>>) {
        let said = said.map_or("what is not there", |said| said.type_str());
        self.0.push(format!("{said} {what}"));
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl Said for String {
    fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self {
        match said {
            Some(DeValue::String(text)) => text.into_owned(),
            other => {
                faults.note("is no message", other.as_ref());
                Self::new()
            }
        }
    }
}

impl<T: Said, const N: usize> Said for [T; N] {
    fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self {
        let mut list = match said {
            Some(DeValue::Array(list)) if list.len() == N => list.into_iter(),
            other => {
                faults.note(&format!("is no list of {N}"), other.as_ref());
                Vec::new().into_iter()
            }
        };
        std::array::from_fn(|_| T::read(list.next().map(Spanned::into_inner), faults))
    }
}

impl<T: Said> Said for BTreeMap<String, T> {
    fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self {
        let section = Section::of(said, faults);
        let each = section.rest.into_iter().map(|(key, said)| {
            (key.into_inner().into_owned(), T::read(Some(said.into_inner()), section.faults))
        });
        each.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Greeting {
        hello: String,
        days: [String; 2],
        names: BTreeMap<String, String>,
        bye: Option<String>,
    }

    impl Said for Greeting {
        fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self {
            let mut section = Section::of(said, faults);
            let said = Self {
                hello: section.take("hello"),
                days: section.take("days"),
                names: section.take("names"),
                bye: section.find("bye"),
            };
            section.end();
            said
        }
    }

    #[test]
    fn a_section_is_read_whole() {
        let said: Greeting = read("hello = 'Hi'\ndays = ['a', 'b']\nnames = { ann = 'Ann' }").expect("whole");
        assert_eq!((said.hello.as_str(), said.bye), ("Hi", None));
        assert_eq!((said.days.concat().as_str(), said.names["ann"].as_str()), ("ab", "Ann"));
    }

    #[test]
    fn whatever_is_wrong_is_named_at_once() {
        let faults = |text| read::<Greeting>(text).expect_err("faults").0;
        assert_eq!(
            faults("days = ['a']\nnames = 'Ann'\nbye = 1\nmore = 'x'"),
            [
                "hello is missing",
                "array is no list of 2",
                "what is not there is no message",
                "what is not there is no message",
                "string is no section",
                "integer is no message",
                "more is not read"
            ]
        );
        assert_eq!(faults("hello").len(), 1, "no TOML");
    }
}
