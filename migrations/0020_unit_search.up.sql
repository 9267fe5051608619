-- A part of a name is looked for among all units that ever were. They change
-- rarely: the index is kept in order at once instead of at the next vacuum.
CREATE INDEX units_search ON units USING gin (search gin_trgm_ops) WITH (fastupdate = off);
