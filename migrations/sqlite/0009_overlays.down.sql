DROP TABLE overlay_presets;
DROP TABLE overlay_keys;
