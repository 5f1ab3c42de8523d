//! The ways from one page of the dashboard to the others.

/// The navigation of the dashboard, as `ways.html` draws it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The page that this is: `home`, `list`, `overlay`, `spotify`, `team`, `alerts`, `account`.
    pub here: &'static str,
    /// Whether it is the streamer's own dashboard; a moderator sees less.
    pub is_streamer: bool,
    /// What links carry behind their path.
    pub query: String,
}

impl Ways {
    /// Page, path and whether moderators get there.
    pub(crate) const PAGES: [(&'static str, &'static str, bool); 7] = [
        ("home", "/dashboard", true),
        ("list", "/dashboard/list", true),
        ("overlay", "/dashboard/overlay", false),
        ("spotify", "/dashboard/spotify", false),
        ("team", "/dashboard/team", false),
        ("alerts", "/dashboard/alerts", false),
        ("account", "/dashboard/account", false),
    ];

    /// The pages that are there for whoever looks: name, path, whether it is this one.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> + use<> {
        let (here, is_streamer) = (self.here, self.is_streamer);
        let there =
            Self::PAGES.into_iter().filter(move |(.., for_moderators)| is_streamer || *for_moderators);
        there.map(move |(name, path, _)| (name, path, name == here))
    }
}
