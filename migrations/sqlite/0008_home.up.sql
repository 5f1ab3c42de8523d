-- What a house at home needs: apps entered at the setup, logins by device code, a streamer's own Spotify app, people who
-- help, keys of programs, what was done and by whom, the list by hand, and whom to tell when tracking stands still.

-- Our apps, as entered at the setup; what the config says comes before it.
CREATE TABLE instance_apps (
    provider      TEXT PRIMARY KEY CHECK (provider IN ('twitch', 'spotify')),
    client_id     TEXT NOT NULL,
    client_secret TEXT,
    inserted_at   TEXT NOT NULL,
    updated_at    TEXT NOT NULL
);

-- Since when a streamer is leaving: they are nobody here any more, and what is left of their lists goes in small pieces. And
-- when an owner has left: the setup code is another one then.
ALTER TABLE users ADD COLUMN leaving_at TEXT;
CREATE TABLE former_owners (
    left_at TEXT PRIMARY KEY
);

-- A login by device code in one browser: under way, or what has come of it. Twitch was last asked then.
CREATE TABLE device_logins (
    browser_hash     TEXT PRIMARY KEY,
    client_id        TEXT NOT NULL,
    device_code      TEXT NOT NULL,
    user_code        TEXT NOT NULL,
    verification_uri TEXT NOT NULL,
    interval_seconds BIGINT NOT NULL CHECK (interval_seconds > 0),
    login            TEXT,
    timezone         TEXT,
    is_owner         BOOLEAN NOT NULL,
    asked_at         TEXT NOT NULL,
    outcome          TEXT CHECK (outcome IN ('confirmed', 'refused', 'not_allowed')),
    user_id          TEXT REFERENCES users (id) ON DELETE CASCADE,
    expires_at       TEXT NOT NULL
);
CREATE INDEX device_logins_by_end ON device_logins (expires_at);
CREATE INDEX device_logins_by_user ON device_logins (user_id);
-- Where a browser that was sent away came by, when that is not where it comes back to.
ALTER TABLE auth_flows ADD COLUMN origin TEXT;

-- A streamer's own app at Spotify.
CREATE TABLE spotify_apps (
    user_id       TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    client_id     TEXT NOT NULL,
    client_secret TEXT,
    inserted_at   TEXT NOT NULL,
    updated_at    TEXT NOT NULL
);

-- The secret of the app that a link was made through, which may be another by now. And whether a client id rests because its
-- quota is used up.
ALTER TABLE spotify_links ADD COLUMN client_secret TEXT;
ALTER TABLE spotify_clients ADD COLUMN is_quota BOOLEAN;

-- Who helps a streamer: named by login, and known by Twitch's id as soon as that is known.
CREATE TABLE moderators (
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    login       TEXT NOT NULL,
    twitch_id   TEXT,
    inserted_at TEXT NOT NULL,
    PRIMARY KEY (user_id, login)
);
CREATE INDEX moderators_by_login ON moderators (login);
CREATE INDEX moderators_by_person ON moderators (twitch_id);

-- A key of a program; here stands its hash.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    key_hash     TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    inserted_at  TEXT NOT NULL,
    last_used_at TEXT
);
CREATE INDEX api_keys_by_user ON api_keys (user_id);

-- Who did what for a streamer, for the streamer to read.
CREATE TABLE audit (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    actor       TEXT NOT NULL CHECK (actor IN ('streamer', 'moderator', 'key')),
    actor_id    TEXT,
    actor_name  TEXT NOT NULL,
    deed        TEXT NOT NULL,
    about       TEXT NOT NULL,
    inserted_at TEXT NOT NULL
);
CREATE INDEX audit_by_user ON audit (user_id, inserted_at);
CREATE INDEX audit_by_time ON audit (inserted_at);

-- What was done to the list in one go, so that it can be undone in one go, once.
CREATE TABLE acts (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('hide_last', 'hide_minutes', 'ghost')),
    inserted_at TEXT NOT NULL,
    ended_at    TEXT,
    undone_at   TEXT
);
CREATE INDEX acts_by_user ON acts (user_id, inserted_at);
-- Ghost mode is on until its act has ended.
CREATE UNIQUE INDEX acts_one_ghost ON acts (user_id) WHERE kind = 'ghost' AND ended_at IS NULL;
-- By which of these a play was hidden, and what it was called before it was corrected.
ALTER TABLE stream_tracks ADD COLUMN hidden_act TEXT;
ALTER TABLE stream_tracks ADD COLUMN original TEXT;

-- Whom to tell when tracking stands still.
CREATE TABLE alert_targets (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL CHECK (kind IN ('ntfy', 'discord', 'webhook')),
    url          TEXT NOT NULL,
    locale       TEXT NOT NULL,
    inserted_at  TEXT NOT NULL,
    last_sent_at TEXT,
    last_error   TEXT,
    -- What is still to be told there.
    pending      TEXT
);
CREATE INDEX alert_targets_by_user ON alert_targets (user_id);

-- What stands in the way of tracking, or did lately, and when that was told: once each time.
CREATE TABLE troubles (
    user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    began_at TEXT NOT NULL,
    told_at  TEXT,
    ended_at TEXT,
    PRIMARY KEY (user_id, kind)
);
