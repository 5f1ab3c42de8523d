DROP TABLE eventsub_messages;
DROP TABLE stream_tracks;
DROP TABLE streams;
DROP TABLE air_evidence;
DROP TABLE spotify_clients;
DROP TABLE spotify_links;
DROP TABLE users;
