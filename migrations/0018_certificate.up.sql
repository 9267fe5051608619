-- Records of completion: what somebody completed, as it was known when the
-- record was issued, with a code by which everybody can check the paper.

-- What a province's records look like. A revision is never changed: a record
-- prints as it was issued.
CREATE TABLE certificate_templates (
    unit_id  uuid NOT NULL REFERENCES units, -- a province
    revision int  NOT NULL,                  -- from 1
    design   jsonb NOT NULL,
    made_by  uuid REFERENCES people,         -- null for the first, which comes by itself
    made_at  timestamptz NOT NULL,
    PRIMARY KEY (unit_id, revision)
);
CREATE TABLE certificate_logos (
    id      uuid PRIMARY KEY,
    bytes   bytea NOT NULL CHECK (length(bytes) <= 32768), -- a JPEG of our own making
    made_by uuid REFERENCES people,
    made_at timestamptz NOT NULL
);

CREATE TABLE certificates (
    id               uuid PRIMARY KEY,
    code             text NOT NULL UNIQUE, -- see package shortcode
    status_index     int  NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE, -- its place in a status list
    person_id        uuid NOT NULL REFERENCES people,
    unit_id          uuid NOT NULL REFERENCES units, -- where the person belonged
    province_id      uuid NOT NULL REFERENCES units, -- whose template it has
    template         int  NOT NULL,
    course_id        uuid REFERENCES courses,  -- what it is for: a course,
    program_id       uuid REFERENCES programs, -- or a cycle of a programme
    cycle            int,
    program_revision int,  -- the last definition by which the cycle was complete
    facts            jsonb NOT NULL, -- what stands on the paper, see certificate.Facts; {} once erased
    completed_on     date NOT NULL,
    valid_until      date, -- the last day
    issued_at        timestamptz NOT NULL,
    revoked_at       timestamptz,
    revoked_by       uuid REFERENCES people, -- null for the worker, after a correction
    reason           text CHECK (reason IN ('corrected', 'mistaken', 'misused', 'other')),
    note             text NOT NULL DEFAULT '' CHECK (length(note) <= 500), -- for the holder, never for the public
    superseded_at    timestamptz,
    successor_id    uuid REFERENCES certificates DEFERRABLE,
    erased_at        timestamptz,
    warned_at        timestamptz, -- its end was near, and whoever had to be told was
    FOREIGN KEY (province_id, template) REFERENCES certificate_templates,
    CHECK (num_nonnulls(course_id, program_id) = 1),
    CHECK (num_nulls(program_id, cycle, program_revision) IN (0, 3)),
    CHECK (num_nulls(revoked_at, reason) IN (0, 2)),
    CHECK (num_nulls(superseded_at, successor_id) IN (0, 2))
);
-- Whatever happens, nobody has two records of one thing that count.
CREATE UNIQUE INDEX certificates_live_course ON certificates (person_id, course_id)
    WHERE course_id IS NOT NULL AND revoked_at IS NULL AND superseded_at IS NULL;
CREATE UNIQUE INDEX certificates_live_program ON certificates (person_id, program_id, cycle)
    WHERE program_id IS NOT NULL AND revoked_at IS NULL AND superseded_at IS NULL;
CREATE INDEX certificates_ending ON certificates (valid_until)
    WHERE warned_at IS NULL AND revoked_at IS NULL AND superseded_at IS NULL AND erased_at IS NULL;
CREATE INDEX certificates_person ON certificates (person_id);
CREATE INDEX certificates_unit ON certificates (unit_id, completed_on);
CREATE INDEX certificates_superseded ON certificates (successor_id) WHERE successor_id IS NOT NULL;

-- Records of a class on one file to print, made by a worker.
CREATE TABLE certificate_prints (
    id           uuid PRIMARY KEY, -- made where the button was drawn: pressed twice is one file
    unit_id      uuid NOT NULL REFERENCES units,
    made_by      uuid NOT NULL REFERENCES people,
    made_at      timestamptz NOT NULL,
    site         text NOT NULL, -- the address in the QR codes
    records      uuid[] NOT NULL CHECK (cardinality(records) BETWEEN 1 AND 500), -- in the order of the pages
    done         int  NOT NULL DEFAULT 0, -- pages
    leased_until timestamptz, -- a worker is at it
    file         bytea,
    ready_at     timestamptz,
    ends_at      timestamptz NOT NULL -- then it is deleted
);
CREATE INDEX certificate_prints_waiting ON certificate_prints (made_at) WHERE ready_at IS NULL;
CREATE INDEX certificate_prints_maker ON certificate_prints (made_by);
CREATE INDEX certificate_prints_end ON certificate_prints (ends_at);

-- Whose completions have changed: whoever changes them adds a row and never
-- waits, the worker that issues takes rows out.
CREATE TABLE certificate_touched (
    seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL
);
-- Whoever is about to be worked out anew waits for it: see IssueDue.
CREATE INDEX program_touched_person ON program_touched (person_id);

CREATE FUNCTION certificate_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO certificate_touched (person_id) VALUES (NEW.person_id);
    IF TG_OP = 'UPDATE' AND NEW.person_id <> OLD.person_id THEN
        INSERT INTO certificate_touched (person_id) VALUES (OLD.person_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION certificate_touch_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO certificate_touched (person_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
-- A definition that changes may begin to give records, or ask for more than
-- those who are done have done.
CREATE FUNCTION certificate_touch_program() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO certificate_touched (person_id)
    SELECT person_id FROM program_assignments WHERE program_id = NEW.id AND (completed_on IS NOT NULL OR past <> '[]');
    RETURN NULL;
END $$;

CREATE TRIGGER certificate_touch_new AFTER INSERT ON enrolments FOR EACH ROW
    WHEN (NEW.independent_at IS NOT NULL) EXECUTE FUNCTION certificate_touch();
CREATE TRIGGER certificate_touch AFTER UPDATE ON enrolments FOR EACH ROW
    WHEN ((OLD.independent_at IS NOT NULL OR NEW.independent_at IS NOT NULL)
          AND (OLD.person_id, OLD.independent_at, OLD.merged_into) IS DISTINCT FROM (NEW.person_id, NEW.independent_at, NEW.merged_into))
    EXECUTE FUNCTION certificate_touch();
CREATE TRIGGER certificate_touch_new AFTER INSERT ON program_assignments FOR EACH ROW
    WHEN (NEW.completed_on IS NOT NULL OR NEW.past <> '[]') EXECUTE FUNCTION certificate_touch();
CREATE TRIGGER certificate_touch AFTER UPDATE ON program_assignments FOR EACH ROW
    WHEN ((OLD.completed_on IS NOT NULL OR NEW.completed_on IS NOT NULL OR OLD.past <> '[]' OR NEW.past <> '[]')
          AND (OLD.state, OLD.cycle, OLD.completed_on, OLD.past) IS DISTINCT FROM (NEW.state, NEW.cycle, NEW.completed_on, NEW.past))
    EXECUTE FUNCTION certificate_touch();
-- A guest who registers, and a merge that is taken back.
CREATE TRIGGER certificate_touch AFTER UPDATE ON people FOR EACH ROW
    WHEN ((OLD.registered_at IS NULL, OLD.merged_into) IS DISTINCT FROM (NEW.registered_at IS NULL, NEW.merged_into))
    EXECUTE FUNCTION certificate_touch_person();
CREATE TRIGGER certificate_touch AFTER UPDATE ON programs FOR EACH ROW
    WHEN (OLD.definition IS DISTINCT FROM NEW.definition) EXECUTE FUNCTION certificate_touch_program();

-- What was completed before there were records.
INSERT INTO certificate_touched (person_id)
SELECT person_id FROM enrolments WHERE independent_at IS NOT NULL
UNION SELECT person_id FROM program_assignments WHERE completed_on IS NOT NULL OR past <> '[]';
