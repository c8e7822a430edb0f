-- Which cell of its cloud this schema is, by its name in the configuration; empty: of one that declares none,
-- or nobody has led it yet. Who would lead another one by mistake finds it here.
ALTER TABLE cell ADD COLUMN name text NOT NULL DEFAULT '';
