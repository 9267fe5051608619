-- Why somebody came to stand elsewhere, and by which version of the programme
-- where they stand was worked out.
ALTER TABLE program_assignments ADD COLUMN revision int NOT NULL DEFAULT 0;
UPDATE program_assignments a SET revision = r.latest
FROM (SELECT program_id, max(revision) AS latest FROM program_revisions GROUP BY 1) r WHERE r.program_id = a.program_id;
-- An event of the machine in package program; empty in what was noted before.
ALTER TABLE program_transitions ADD COLUMN event text NOT NULL DEFAULT '';

-- Standings are found by person: one index does for that and for being unique,
-- as one does for reading what was noted in order.
ALTER TABLE program_assignments DROP CONSTRAINT program_assignments_program_id_person_id_key, ADD UNIQUE (person_id, program_id);
DROP INDEX program_assignments_person;
ALTER TABLE program_transitions DROP CONSTRAINT program_transitions_pkey, ADD PRIMARY KEY (assignment_id, id);
DROP INDEX program_transitions_assignment;

-- Both are worked out and never written by hand; programmes that were published
-- and units are never deleted. Looking them up for each of a million rows took
-- longer than writing the rows.
ALTER TABLE program_assignments DROP CONSTRAINT program_assignments_program_id_fkey, DROP CONSTRAINT program_assignments_unit_id_fkey;
ALTER TABLE program_transitions DROP CONSTRAINT program_transitions_assignment_id_fkey;

-- Everybody at once, after a programme or the tree of units has changed, lets
-- one person who moves go first.
ALTER TABLE program_touched ADD COLUMN bulk boolean NOT NULL DEFAULT false;
CREATE INDEX program_touched_order ON program_touched (bulk, seq);
CREATE OR REPLACE FUNCTION program_touch_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programs WHERE state = 'published') THEN
        INSERT INTO program_touched (person_id) VALUES (NULL);
        INSERT INTO program_touched (person_id, bulk)
        SELECT id, true FROM people WHERE home_unit_id IN (SELECT unit_id FROM changed)
        UNION SELECT person_id, true FROM role_grants WHERE unit_id IN (SELECT unit_id FROM changed)
        UNION SELECT person_id, true FROM appointments WHERE unit_id IN (SELECT unit_id FROM changed);
    END IF;
    RETURN NULL;
END $$;
