//! The overlay for OBS: what plays now, over any game. It holds no words and no data; the script asks for
//! those and keeps asking, so that the page is the same for a name we do not know.

use askama::Template;

/// What a browser source shows.
#[derive(Debug, Clone, Copy)]
pub struct NowPlayingOverlay<'a> {
    /// Path of the live socket, such as `/api/v1/streamers/ann/live`.
    pub live: &'a str,
    /// How it is laid out.
    pub style: OverlayStyle,
    /// Its colours.
    pub theme: OverlayTheme,
    /// Whether it shows covers.
    pub covers: bool,
}

/// How an overlay is laid out: `?style=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverlayStyle {
    /// Cover, title and progress on a card.
    #[default]
    Card,
    /// Title and artists alone.
    Minimal,
    /// One line across the width.
    Bar,
}

/// The colours of an overlay: `?theme=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverlayTheme {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

impl OverlayStyle {
    const ALL: [Self; 3] = [Self::Card, Self::Minimal, Self::Bar];

    /// The style named in a query; what we do not know is a card, because an overlay never shows an error.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|style| Some(style.name()) == name).unwrap_or_default()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Minimal => "minimal",
            Self::Bar => "bar",
        }
    }
}

impl OverlayTheme {
    /// The theme named in a query; what we do not know is dark.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        if name == Some(Self::Light.name()) { Self::Light } else { Self::Dark }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

#[derive(Template)]
#[template(path = "overlay.html")]
struct OverlayTemplate<'a> {
    live: &'a str,
    style: &'static str,
    theme: &'static str,
    covers: bool,
}

impl NowPlayingOverlay<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        let Self { live, covers, .. } = *self;
        let template = OverlayTemplate { live, style: self.style.name(), theme: self.theme.name(), covers };
        template.render().expect("the template writes to memory only")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_we_do_not_know_are_the_usual_ones() {
        assert_eq!(OverlayStyle::named(Some("bar")), OverlayStyle::Bar);
        assert_eq!(OverlayStyle::named(Some("hologram")), OverlayStyle::Card);
        assert_eq!(OverlayTheme::named(Some("light")), OverlayTheme::Light);
        assert_eq!(OverlayTheme::named(None), OverlayTheme::Dark);
    }

    #[test]
    fn the_page_knows_where_to_listen_and_nothing_else() {
        let (style, theme) = (OverlayStyle::Minimal, OverlayTheme::Light);
        let html =
            NowPlayingOverlay { live: "/api/v1/streamers/a\"b/live", style, theme, covers: true }.render();
        assert!(html.contains("data-live=\"/api/v1/streamers/a&#34;b/live\""), "{html}");
        assert!(html.contains("data-style=\"minimal\"") && html.contains("data-theme=\"light\""), "{html}");
    }
}
