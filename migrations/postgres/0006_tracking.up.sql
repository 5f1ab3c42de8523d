-- What a streamer decides about tracking: by hand for a time, and what is never to enter the list.
CREATE TABLE overrides (
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    action      TEXT NOT NULL CHECK (action IN ('start', 'stop', 'pause')),
    stream_id   TEXT REFERENCES streams (id) ON DELETE CASCADE,
    ends_at     TIMESTAMPTZ,
    inserted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, action)
);

CREATE TABLE ignore_rules (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('playlist', 'device', 'artist')),
    value       TEXT NOT NULL,
    inserted_at TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, kind, value)
);

-- What was heard and ignored: that it was, and nothing of what it was but its key, so that healing does not bring it back.
CREATE TABLE ignored_plays (
    stream_id   TEXT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    uri         TEXT NOT NULL,
    duration_ms BIGINT NOT NULL CHECK (duration_ms >= 0),
    started_at  TIMESTAMPTZ NOT NULL,
    inserted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (stream_id, uri, started_at)
);
