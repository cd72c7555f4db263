-- A host that is dead for certain, by somebody's word, until it is heard again.
ALTER TABLE hosts ADD COLUMN fenced_by TEXT;
ALTER TABLE hosts ADD COLUMN fenced_at BIGINT;
ALTER TABLE hosts ADD COLUMN fence_reason TEXT;

-- What waits for dead hosts. A move that ended goes on when one of them is back: over tells that it ended
-- for those who asked for it, rests that nothing is left to do.
ALTER TABLE migrations ADD COLUMN owed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE migrations ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
UPDATE migrations SET rests = over;
CREATE INDEX migrations_restless ON migrations (number) WHERE rests = 0;
