-- The same text for SQLite and PostgreSQL. Times are microseconds since 1970. Booleans are 0 or 1. JSON is text.
-- Versions 1 to 3 were never released.

-- The numbers given last. Who takes the next one holds the row until the end of its transaction.
CREATE TABLE numbers (
  what TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);
INSERT INTO numbers (what, last) VALUES ('instances', 0), ('migrations', 0), ('hosts', 0);

-- The servers that live, each start of one under an id of its own; the beat grows as long as it does.
-- Whoever is not here owns nothing: what is recorded as owned by it may be taken.
CREATE TABLE servers (
  incarnation TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  beat BIGINT NOT NULL
);

-- What all servers of one database know and nobody else.
CREATE TABLE secrets (
  what TEXT PRIMARY KEY,
  secret TEXT NOT NULL
);

CREATE TABLE instances (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  host TEXT,
  node TEXT,
  vm_state TEXT NOT NULL,
  task_state TEXT NOT NULL,
  task_owner TEXT NOT NULL,
  task_turn BIGINT NOT NULL,
  power_state TEXT NOT NULL,
  memory_mib BIGINT NOT NULL,
  vcpus INTEGER NOT NULL,
  flavor TEXT NOT NULL,
  image_id TEXT NOT NULL,
  spec TEXT,
  metadata TEXT NOT NULL,
  description TEXT,
  fault TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  launched_at BIGINT,
  terminated_at BIGINT
);
CREATE UNIQUE INDEX instances_number ON instances (number);
CREATE INDEX instances_host ON instances (host);

CREATE TABLE migrations (
  number BIGINT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  instance_id TEXT NOT NULL,
  source TEXT NOT NULL,
  source_node TEXT NOT NULL,
  destination TEXT,
  destination_node TEXT,
  user_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  request TEXT NOT NULL,
  request_id TEXT NOT NULL,
  phase TEXT NOT NULL,
  step TEXT,
  ending TEXT,
  plan TEXT,
  checks TEXT NOT NULL,
  why TEXT NOT NULL,
  alarm INTEGER NOT NULL,
  wants_abort INTEGER NOT NULL,
  wants_completion INTEGER NOT NULL,
  epoch BIGINT NOT NULL,
  owner TEXT NOT NULL,
  committed INTEGER NOT NULL,
  over INTEGER NOT NULL,
  sample TEXT,
  accepted_at BIGINT NOT NULL,
  phase_since BIGINT NOT NULL,
  transfer_at BIGINT,
  committed_at BIGINT,
  ended_at BIGINT,
  updated_at BIGINT NOT NULL
);
-- One move of an instance at a time; a new one may be accepted while an older one is settling.
CREATE UNIQUE INDEX migrations_one_uncommitted ON migrations (instance_id)
  WHERE committed = 0 AND over = 0;
CREATE INDEX migrations_of_instance ON migrations (instance_id);

CREATE TABLE journal (
  migration_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  transition TEXT NOT NULL,
  from_phase TEXT NOT NULL,
  to_phase TEXT NOT NULL,
  step TEXT,
  why TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  PRIMARY KEY (migration_id, seq)
);

CREATE TABLE claims (
  migration_id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  memory_mib BIGINT NOT NULL,
  vcpus INTEGER NOT NULL
);

CREATE TABLE hosts (
  name TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  service_id TEXT NOT NULL,
  hypervisor_id TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  disabled_reason TEXT,
  forced_down INTEGER NOT NULL,
  inventory TEXT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hosts_number ON hosts (number);

CREATE TABLE actions (
  request_id TEXT PRIMARY KEY,
  instance_id TEXT NOT NULL,
  action TEXT NOT NULL,
  user_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  message TEXT
);
CREATE INDEX actions_of_instance ON actions (instance_id);

CREATE TABLE action_events (
  request_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  event TEXT NOT NULL,
  host TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  result TEXT,
  details TEXT,
  PRIMARY KEY (request_id, seq)
);

-- What the copies of moves under way have yet to write, disk by disk, on a file system of a host.
CREATE TABLE disk_claims (
  migration_id TEXT NOT NULL,
  target TEXT NOT NULL,
  host TEXT NOT NULL,
  file_system TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (migration_id, target)
);
CREATE INDEX disk_claims_on_host ON disk_claims (host, file_system);

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
