//! The switch from one language to another, in the head of each page: a link while there are two languages, a list that
//! opens when there are more.

use askama::Template;

/// The ways to a page in other languages.
#[derive(Template)]
#[template(path = "switch.html")]
pub(super) struct Switch<'a> {
    shown: &'a str,
    others: Vec<Way<'a>>,
}

struct Way<'a> {
    href: String,
    tag: &'a str,
    name: &'a str,
}

impl<'a> Switch<'a> {
    /// The switch on a page in the language `shown`, a tag. `languages` are tag and name of each; `query` is what says
    /// which page this is, and begins with `?` unless it is empty.
    pub(super) fn of(languages: &[(&'a str, &'a str)], shown: &str, query: &str) -> Self {
        let start = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
        let way = |(tag, name): (&'a str, &'a str)| Way { href: format!("{start}lang={tag}"), tag, name };
        let (here, others): (Vec<_>, Vec<_>) = languages.iter().partition(|(tag, _)| *tag == shown);
        Self {
            shown: here.first().map_or("", |(_, name)| name),
            others: others.into_iter().map(way).collect(),
        }
    }

    /// The switch as HTML.
    pub(super) fn html(&self) -> String {
        self.render().expect("the template writes to memory only")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("fr", "Français"), ("pt-BR", "Português")];

    #[test]
    fn two_languages_are_a_link_to_the_other_that_keeps_the_query() {
        let html = Switch::of(&LANGUAGES[..2], "en", "?streamer=ann&date=\"><i>").html();
        assert_eq!(
            html,
            "<a class=\"language\" href=\"?streamer=ann&#38;date=&#34;&#62;&#60;i&#62;&#38;lang=fr\" hreflang=\"fr\" \
             lang=\"fr\" rel=\"nofollow\">Français</a>"
        );
    }

    #[test]
    fn more_languages_are_a_list_under_the_name_of_this_one() {
        let html = Switch::of(&LANGUAGES, "fr", "").html();
        assert!(html.contains("<summary class=\"language\">Français</summary>"), "{html}");
        assert!(html.contains("href=\"?lang=pt-BR\" hreflang=\"pt-BR\" lang=\"pt-BR\""), "{html}");
        assert!(html.contains(">English<") && !html.contains("lang=fr"), "{html}");
    }
}
