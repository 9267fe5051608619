-- unaccent makes search ignore Vietnamese diacritics.
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Official codes are text with leading zeros, and are reused after a merger
-- (20938 was Trà Dơn, now Trà Leng), so a unit is keyed by (code, valid_from).
CREATE TABLE units (
    id         uuid PRIMARY KEY,
    code       text NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('province', 'commune', 'hamlet', 'agency')),
    parent_id  uuid REFERENCES units,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    UNIQUE (code, valid_from)
);
CREATE INDEX units_parent ON units (parent_id);
-- A code names one unit at a time.
CREATE UNIQUE INDEX units_current_code ON units (code) WHERE valid_to IS NULL;

-- The tree's transitive closure: every unit reaches itself and all below it.
-- Scope checks and rollups join this instead of walking the tree.
CREATE TABLE unit_reach (
    ancestor_id uuid NOT NULL REFERENCES units,
    unit_id     uuid NOT NULL REFERENCES units,
    depth       int  NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (ancestor_id, unit_id)
);
CREATE INDEX unit_reach_unit ON unit_reach (unit_id, ancestor_id);
