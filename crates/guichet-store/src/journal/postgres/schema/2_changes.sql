-- Which rows each of the last batches wrote or deleted, for nodes that follow: they read those rows
-- again. `rows` are three lists of numbers (see `rows/touched.rs`), `beside` is JSON. Whoever writes
-- rows in another way than by batches empties this table: then all who follow read everything anew.
CREATE TABLE change (
    batch bigint PRIMARY KEY,
    written timestamptz NOT NULL DEFAULT clock_timestamp(),
    rows bytea NOT NULL,
    beside text
);

-- It does not get any shorter: numbers that are differences.
ALTER TABLE change ALTER COLUMN rows SET STORAGE EXTERNAL;

-- The first step of every transaction of a leader: locks the cell's row until its end, and says what
-- the batch changes. Of the earlier batches so many at least are remembered.
CREATE FUNCTION write_batch(
    cell_id integer, cell_epoch bigint, cell_batch bigint,
    changed bytea, changed_beside text, remembered bigint
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_batch(cell_id, cell_epoch, cell_batch);
    INSERT INTO change (batch, rows, beside) VALUES (cell_batch, changed, changed_beside);
    IF cell_batch % 256 = 0 THEN
        DELETE FROM change WHERE batch < cell_batch - remembered;
    END IF;
END;
$$;
