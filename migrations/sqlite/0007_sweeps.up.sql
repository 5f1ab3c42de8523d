-- The daily sweep of what is older than it may be: one row a day, so that it runs once and goes on after a restart.
CREATE TABLE sweeps (
    day         TEXT PRIMARY KEY,
    began_at    TEXT NOT NULL,
    ended_at    TEXT,
    deleted     BIGINT NOT NULL DEFAULT 0 CHECK (deleted >= 0)
);
