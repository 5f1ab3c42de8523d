//! Which language somebody gets: what they chose here, else what their browser wants most. Pure.

use std::iter::successors;

/// The place in `tags` of the language for someone who asked for `asked` and whose browser sends `accept_language`. What
/// is not among them is passed over.
pub(super) fn choose(tags: &[&str], asked: Option<&str>, accept_language: Option<&str>) -> Option<usize> {
    asked
        .and_then(|tag| find(tags, tag))
        .or_else(|| accept_language.and_then(|header| most_wanted(tags, header)))
}

/// The place of the language that comes nearest to `wanted`: that very one, else one that it is a kind of, else another
/// kind of the same. `fr-CA` and `FR_ca` are French where there is one French, and `pt` is `pt-BR` where that is all.
pub(super) fn find(tags: &[&str], wanted: &str) -> Option<usize> {
    let wanted = wanted.trim().replace('_', "-");
    let place = |wanted: &str| tags.iter().position(|tag| tag.eq_ignore_ascii_case(wanted));
    let general = successors(Some(wanted.as_str()), |tag| Some(tag.rsplit_once('-')?.0)).find_map(place);
    general.or_else(|| tags.iter().position(|tag| primary(tag).eq_ignore_ascii_case(primary(&wanted))))
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The first of the most wanted languages of an `Accept-Language` header.
fn most_wanted(tags: &[&str], header: &str) -> Option<usize> {
    let wanted =
        header.split(',').filter_map(|entry| weighed(tags, entry)).filter(|(_, weight)| *weight > 0.0);
    let best = wanted.reduce(|best, next| if best.1 >= next.1 { best } else { next });
    best.map(|(place, _)| place)
}

/// One entry of `Accept-Language`: a language there is and how much it is wanted, 0 to 1.
fn weighed(tags: &[&str], entry: &str) -> Option<(usize, f32)> {
    let mut parts = entry.split(';');
    let place = find(tags, parts.next()?)?;
    let weight =
        parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
    Some((place, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_language_is_found() {
        let tags = ["en", "fr", "pt-BR", "zh-Hans", "zh-Hant"];
        let found = |wanted| find(&tags, wanted).map(|place| tags[place]);
        for (wanted, expected) in [
            ("fr-CA", "fr"),
            ("FR_ca", "fr"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("zh-Hant-TW", "zh-Hant"),
            ("zh", "zh-Hans"),
        ] {
            assert_eq!(found(wanted), Some(expected), "{wanted}");
        }
        assert_eq!(["de", "", "*", "e", "-"].map(found), [None; 5]);
    }
}
