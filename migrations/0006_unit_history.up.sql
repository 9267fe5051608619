-- Until 1 July 2025 there were districts between province and commune; they and
-- the communes of that time stay as history.
ALTER TABLE units DROP CONSTRAINT units_kind_check;
ALTER TABLE units ADD CONSTRAINT units_kind_check CHECK (kind IN ('province', 'district', 'commune', 'hamlet', 'agency'));

-- The name as it is searched: lower case, without marks (see org.Fold).
ALTER TABLE units ADD COLUMN search text NOT NULL DEFAULT '';

-- A merger or a split: many old units may become one, one may become many.
CREATE TABLE unit_successions (
    old_id uuid NOT NULL REFERENCES units,
    new_id uuid NOT NULL REFERENCES units,
    PRIMARY KEY (old_id, new_id),
    CHECK (old_id <> new_id)
);
CREATE INDEX unit_successions_new ON unit_successions (new_id);

-- Outlines for thematic maps, simplified; never for settling a border.
CREATE TABLE unit_boundaries (
    unit_id  uuid PRIMARY KEY REFERENCES units,
    geometry jsonb NOT NULL -- a GeoJSON geometry: Polygon or MultiPolygon, longitude before latitude
);
