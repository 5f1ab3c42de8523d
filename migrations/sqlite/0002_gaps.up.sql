-- Times when we could not look, each with its reason; open while to_at is null.
CREATE TABLE gaps (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    stream_id   TEXT REFERENCES streams (id) ON DELETE SET NULL,
    from_at     TEXT NOT NULL,
    to_at       TEXT,
    reason      TEXT NOT NULL
        CHECK (reason IN ('rate_limited', 'spotify_down', 'link_lost', 'server_down', 'database', 'paused')),
    healed      BOOLEAN NOT NULL DEFAULT FALSE,
    inserted_at TEXT NOT NULL,
    updated_at  TEXT NOT NULL
);
CREATE INDEX gaps_by_user ON gaps (user_id, from_at);
CREATE INDEX gaps_by_stream ON gaps (stream_id);
