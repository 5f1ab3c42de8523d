DROP TABLE session_crashes;
