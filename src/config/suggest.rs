//! "Did you mean …?": the known word that is closest to a mistyped one.

/// The hint that follows an unknown word: the closest of `known`, or else `otherwise`.
pub(super) fn hint<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    closest(word, known).map_or_else(otherwise, |close| format!("did you mean {close}?"))
}

/// The closest of `known`, if one is close enough to be what was meant.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let tolerated = 1 + word.chars().count() / 6;
    let measured = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    measured
        .filter(|(distance, _)| *distance <= tolerated)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// How many characters must be added, removed or replaced to turn one into the other, whatever their case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, c) in from.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, d) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *d);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (from, to, expected) in
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("Owner", "owner", 0), ("ab", "ba", 2)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn only_a_close_word_is_suggested() {
        let known = ["tracking.poll_interval", "tracking.min_gap"];
        assert_eq!(closest("tracking.pol_intervall", known), Some("tracking.poll_interval"));
        assert_eq!(closest("tracking.colour", known), None);
    }
}
