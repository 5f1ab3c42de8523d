-- People log in with Twitch and link Spotify: who is logged in, what Twitch granted, what is under way, former names.
ALTER TABLE users ADD COLUMN after_leaving TEXT CHECK (after_leaving IN ('keep', 'delete'));

-- Whose house this is: the one person who proved to hold the setup code.
CREATE TABLE owner (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    inserted_at TEXT NOT NULL
);

CREATE TABLE former_logins (
    login       TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    inserted_at TEXT NOT NULL
);

-- What Twitch granted. Tokens that are refused or revoked are gone; why they are gone stays.
CREATE TABLE twitch_grants (
    user_id       TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    status        TEXT NOT NULL CHECK (status IN ('valid', 'refused', 'revoked')),
    access_token  TEXT,
    refresh_token TEXT,
    scopes        TEXT NOT NULL,
    expires_at    TEXT NOT NULL,
    validated_at  TEXT NOT NULL,
    inserted_at   TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    CHECK ((status = 'valid') = (access_token IS NOT NULL)),
    CHECK ((status = 'valid') = (refresh_token IS NOT NULL))
);

-- A browser that is logged in holds a random token; here stands its hash.
CREATE TABLE logins (
    token_hash  TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    inserted_at TEXT NOT NULL,
    seen_at     TEXT NOT NULL,
    expires_at  TEXT NOT NULL
);
CREATE INDEX logins_by_user ON logins (user_id);
CREATE INDEX logins_by_end ON logins (expires_at);

-- A consent that a browser was sent away for; it comes back once, to the same browser, or not at all.
CREATE TABLE auth_flows (
    state_hash   TEXT PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    provider     TEXT NOT NULL CHECK (provider IN ('twitch', 'spotify')),
    user_id      TEXT REFERENCES users (id) ON DELETE CASCADE,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    verifier     TEXT,
    timezone     TEXT,
    is_owner     BOOLEAN NOT NULL,
    expires_at   TEXT NOT NULL
);
CREATE INDEX auth_flows_by_end ON auth_flows (expires_at);

-- When the access token ends, and what it may; not known of links that were put in by hand.
ALTER TABLE spotify_links ADD COLUMN expires_at TEXT;
ALTER TABLE spotify_links ADD COLUMN scopes TEXT;
