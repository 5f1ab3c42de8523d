DROP TABLE erasures;
DROP TABLE sweeps;
