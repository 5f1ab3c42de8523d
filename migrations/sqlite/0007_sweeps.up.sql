-- The daily sweep of what is older than it may be: one row a day, so that it runs once and goes on after a restart.
CREATE TABLE sweeps (
    day         TEXT PRIMARY KEY,
    began_at    TEXT NOT NULL,
    ended_at    TEXT,
    deleted     BIGINT NOT NULL DEFAULT 0 CHECK (deleted >= 0)
);

-- What streamers have asked to be deleted: all that began before this. It is worked off until nothing is left, and
-- nothing that began before it is stored again.
CREATE TABLE erasures (
    user_id     TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    before_at   TEXT NOT NULL,
    done_at     TEXT
);
