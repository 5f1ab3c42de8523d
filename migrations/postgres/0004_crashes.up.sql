-- The last failure of the session that followed a stream, for the dashboard: a crash loop must not go unseen.
CREATE TABLE session_crashes (
    stream_id   TEXT PRIMARY KEY REFERENCES streams (id) ON DELETE CASCADE,
    times       BIGINT NOT NULL CHECK (times > 0),
    reason      TEXT NOT NULL,
    failed_at   TIMESTAMPTZ NOT NULL,
    rests_until TIMESTAMPTZ NOT NULL
);
