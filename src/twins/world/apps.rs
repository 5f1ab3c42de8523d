//! The apps that are registered with the two companies. Each company knows one from the start, Twitch a public one too.

/// The client id of the invented Spotify app.
pub const SPOTIFY_CLIENT_ID: &str = "5b07f1ac0e5d4b8fa1a1c0ffee5e11e5";
/// The secret of the invented Spotify app; with PKCE it is not needed.
pub const SPOTIFY_CLIENT_SECRET: &str = "spotify-twin-secret-0123456789ab";
/// The client id of the invented Twitch app.
pub const TWITCH_CLIENT_ID: &str = "tw1nairlogdemo0client0id000000";
/// The secret of the invented Twitch app.
pub const TWITCH_CLIENT_SECRET: &str = "twitch-twin-secret-0123456789a";
/// The client id of the invented public Twitch app: it runs where no secret can be kept, and has none.
pub const TWITCH_PUBLIC_CLIENT_ID: &str = "tw1nairlogpublic0client0id0000";

/// The two companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Company {
    /// The music.
    Spotify,
    /// The streams.
    Twitch,
}

/// An app.
#[derive(Debug, Clone)]
pub struct App {
    /// Where it is registered.
    pub company: Company,
    /// Its client id.
    pub id: String,
    /// Its secret; empty for a public app, which has none.
    pub secret: String,
}

impl App {
    /// Whether it has no secret: its refresh tokens work once.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.secret.is_empty()
    }
}

/// All registered apps.
#[derive(Debug, Clone)]
pub(super) struct Apps(Vec<App>);

impl Default for Apps {
    fn default() -> Self {
        let app =
            |company, id: &str, secret: &str| App { company, id: id.to_owned(), secret: secret.to_owned() };
        Self(vec![
            app(Company::Spotify, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET),
            app(Company::Twitch, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET),
            app(Company::Twitch, TWITCH_PUBLIC_CLIENT_ID, ""),
        ])
    }
}

impl Apps {
    pub(super) fn add(&mut self, app: App) {
        self.0.push(app);
    }

    pub(super) fn find(&self, company: Company, id: &str) -> Option<&App> {
        self.0.iter().find(|app| app.company == company && app.id == id)
    }
}
