-- What somebody is told, once for each occasion: the inbox is this table, and
-- every other way of telling is a delivery of a row of it.
CREATE TABLE notices (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people,
    kind         text NOT NULL,  -- names the template, see content/notices
    occasion     text NOT NULL CHECK (length(occasion) BETWEEN 1 AND 200), -- the same occasion tells a person once
    data         jsonb NOT NULL DEFAULT '{}', -- {"variable of the template": "text"}
    link         text NOT NULL CHECK (link LIKE '/%'), -- where it leads on the site
    made_at      timestamptz NOT NULL,
    read_at      timestamptz,
    withdrawn_at timestamptz,    -- what it said is no longer so: shown and sent no more
    UNIQUE (person_id, occasion)
);
CREATE INDEX notices_inbox ON notices (person_id, made_at DESC) WHERE withdrawn_at IS NULL;
