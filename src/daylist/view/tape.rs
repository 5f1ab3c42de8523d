//! The list of a page: rows of the hub's markup, and gaps between them, newest first for the eye.

use crate::base::clock::Instant;
use crate::daylist::search::Search;
use crate::hub::{Gap, Track, instant_text, markup};
use crate::i18n::Messages;
use askama::Template;

/// What stands in the list.
#[derive(Template)]
#[template(path = "tape.html")]
pub(super) struct Tape<'a> {
    m: &'static Messages,
    entries: Vec<Entry<'a>>,
    /// How many of the plays are what was looked for.
    pub(super) found: usize,
}

/// One entry of the list: a row of the hub's markup, or a gap.
enum Entry<'a> {
    Row(String),
    Gap(&'a Gap),
}

impl<'a> Tape<'a> {
    /// The list of `tracks`, which are in order, and of the `gaps` that are not healed, in any order. Rows whose stream's
    /// beginning `start_of` knows say how far into it they began; those that the `search` does not find are out of sight.
    pub(super) fn of(
        m: &'static Messages,
        tracks: &[Track],
        gaps: &'a [Gap],
        start_of: impl Fn(&Track) -> Option<Instant>,
        search: Option<&Search>,
    ) -> Self {
        let mut gaps: Vec<&Gap> = gaps.iter().filter(|gap| !gap.healed).collect();
        gaps.sort_by_key(|gap| gap.from);
        let mut entries = Vec::with_capacity(tracks.len() + gaps.len());
        let mut found = 0;
        for track in tracks.iter().rev() {
            // A gap stands above what was playing when it began.
            while let Some(gap) = gaps.pop_if(|gap| gap.from >= track.started_at) {
                entries.push(Entry::Gap(gap));
            }
            let is_found = search.is_none_or(|search| search.finds(track));
            found += usize::from(is_found);
            entries.push(Entry::Row(markup::listed(track, start_of(track), is_found)));
        }
        entries.extend(gaps.into_iter().rev().map(Entry::Gap));
        Self { m, entries, found }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries as HTML.
    pub(super) fn html(&self) -> String {
        self.render().expect("the template writes to memory only")
    }
}

/// An instant, as UTC clock time until the page puts a local one in its place.
pub(super) fn time(at: &Instant) -> String {
    format!("<time datetime=\"{}\">{}</time>", instant_text(*at), at.format("%H:%M"))
}
