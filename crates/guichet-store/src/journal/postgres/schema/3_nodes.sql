-- What nodes know each other by: the leader of the moment draws it, and takes whoever has it for a node.
-- Whoever may read this table may speak for any client's address; it opens nothing else.
ALTER TABLE cell ADD COLUMN credential text NOT NULL DEFAULT '';

-- Who follows, and when each has shown itself last. A row of a node that is gone is deleted a day later.
CREATE TABLE node (
    address text PRIMARY KEY,
    name text NOT NULL,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 20);
