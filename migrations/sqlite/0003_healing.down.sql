ALTER TABLE spotify_clients DROP COLUMN full_at;
DROP TABLE jumps;
DROP INDEX streams_to_heal;
ALTER TABLE streams DROP COLUMN followed_until;
ALTER TABLE streams DROP COLUMN heal_at;
