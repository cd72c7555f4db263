-- Samples tell each disk's progress now; the last one of an older version is no more than a figure.
UPDATE migrations SET sample = NULL;

-- How a copy went, one line now and then.
CREATE TABLE samples (
  migration_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  sample TEXT NOT NULL,
  PRIMARY KEY (migration_id, seq)
);

-- What the hosts were seen to hold, each time it changed; written with what was decided by it.
CREATE TABLE observations (
  migration_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  host TEXT NOT NULL,
  sentence TEXT NOT NULL,
  view TEXT NOT NULL,
  PRIMARY KEY (migration_id, seq)
);
