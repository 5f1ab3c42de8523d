DROP TABLE ignored_plays;
DROP TABLE ignore_rules;
DROP TABLE overrides;
