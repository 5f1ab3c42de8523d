ALTER TABLE spotify_links DROP COLUMN scopes;
ALTER TABLE spotify_links DROP COLUMN expires_at;
DROP TABLE auth_flows;
DROP TABLE logins;
DROP TABLE twitch_grants;
DROP TABLE former_logins;
DROP TABLE owner;
ALTER TABLE users DROP COLUMN after_leaving;
