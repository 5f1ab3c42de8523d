-- The house's first tables: who streams, how we reach their player, what was on air, what was played.
CREATE TABLE users (
    id             TEXT PRIMARY KEY,
    twitch_id      TEXT NOT NULL UNIQUE,
    login          TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    enabled        BOOLEAN NOT NULL DEFAULT FALSE,
    visibility     TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('private', 'public')),
    retention_days BIGINT DEFAULT 7 CHECK (retention_days BETWEEN 1 AND 365),
    timezone       TEXT NOT NULL DEFAULT 'UTC',
    delay_seconds  BIGINT NOT NULL DEFAULT 0 CHECK (delay_seconds >= 0),
    inserted_at    TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL
);

CREATE TABLE spotify_links (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    client_id     TEXT NOT NULL,
    access_token  TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    status        TEXT NOT NULL DEFAULT 'connected' CHECK (status IN ('connected', 'reconnect_needed')),
    authorized_at TIMESTAMPTZ NOT NULL,
    inserted_at   TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL
);

-- A cooldown belongs to the client id, not to a streamer, and outlives a restart.
CREATE TABLE spotify_clients (
    client_id  TEXT PRIMARY KEY,
    not_before TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- The newest evidence of who is on air, with its time; Get Streams counts its misses.
CREATE TABLE air_evidence (
    user_id     TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    on_air      BOOLEAN NOT NULL,
    source      TEXT NOT NULL CHECK (source IN ('hint', 'streams')),
    seen_at     TIMESTAMPTZ NOT NULL,
    twitch_id   TEXT,
    stream_type TEXT,
    started_at  TIMESTAMPTZ,
    misses      BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE streams (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    twitch_id   TEXT,
    started_at  TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    seen_at     TIMESTAMPTZ NOT NULL,
    inserted_at TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX streams_one_on_air ON streams (user_id) WHERE ended_at IS NULL;
CREATE INDEX streams_by_user ON streams (user_id, started_at);

CREATE TABLE stream_tracks (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    stream_id    TEXT REFERENCES streams (id) ON DELETE SET NULL,
    provider     TEXT NOT NULL CHECK (provider IN ('spotify', 'manual')),
    provider_id  TEXT,
    uri          TEXT NOT NULL,
    name         TEXT NOT NULL,
    artist       TEXT NOT NULL,
    artists      TEXT NOT NULL,
    album        TEXT,
    duration_ms  BIGINT NOT NULL CHECK (duration_ms >= 0),
    url          TEXT,
    image_url    TEXT,
    started_at   TIMESTAMPTZ NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('poll', 'backfill', 'manual')),
    hidden_at    TIMESTAMPTZ,
    corrected_at TIMESTAMPTZ,
    inserted_at  TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, uri, started_at)
);
CREATE INDEX stream_tracks_by_user ON stream_tracks (user_id, started_at);
CREATE INDEX stream_tracks_by_start ON stream_tracks (started_at);
CREATE INDEX stream_tracks_by_stream ON stream_tracks (stream_id, started_at);

-- EventSub delivers at least once: a message id that stands here has been taken.
CREATE TABLE eventsub_messages (
    id          TEXT PRIMARY KEY,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX eventsub_messages_by_time ON eventsub_messages (received_at);
