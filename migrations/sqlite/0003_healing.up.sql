-- What healing has to know: when each stream is due, until when it was followed, where a play may have to be split.
ALTER TABLE streams ADD COLUMN heal_at TEXT;
ALTER TABLE streams ADD COLUMN followed_until TEXT;
UPDATE streams SET heal_at = seen_at WHERE ended_at IS NULL;
CREATE INDEX streams_to_heal ON streams (heal_at) WHERE heal_at IS NOT NULL;

CREATE TABLE jumps (
    play_id     TEXT NOT NULL,
    stream_id   TEXT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    at          TEXT NOT NULL,
    inserted_at TEXT NOT NULL,
    PRIMARY KEY (play_id, at)
);
CREATE INDEX jumps_by_stream ON jumps (stream_id);

-- When the purse of a client id is full again, if it has a budget.
ALTER TABLE spotify_clients ADD COLUMN full_at TEXT;
