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
