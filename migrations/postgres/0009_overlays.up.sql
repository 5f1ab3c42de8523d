-- The key of a streamer's private browser sources: known by its hash, and sealed, so that its address can be shown again.
CREATE TABLE overlay_keys (
    user_id     TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    key_hash    TEXT NOT NULL UNIQUE,
    sealed_key  TEXT NOT NULL,
    inserted_at TIMESTAMPTZ NOT NULL
);

-- How a streamer's overlays look, under a name: what their query says, and a stylesheet of their own.
CREATE TABLE overlay_presets (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    source      TEXT NOT NULL CHECK (source IN ('now-playing', 'tracks')),
    query       TEXT NOT NULL,
    css         TEXT NOT NULL,
    inserted_at TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, name)
);
