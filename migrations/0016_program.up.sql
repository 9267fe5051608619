-- Required learning: programmes, whom they are for by rule, and where each
-- person stands.
CREATE TABLE programs (
    id           uuid PRIMARY KEY,
    owner_id     uuid NOT NULL REFERENCES units, -- its audience lies inside this unit's subtree
    state        text NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    definition   jsonb,                  -- what holds; null until it is published
    draft        jsonb,                  -- what is being edited; null when nothing is
    revision     int NOT NULL,           -- grows with every change, so that two editors notice each other
    made_by      uuid REFERENCES people,
    made_at      timestamptz NOT NULL,
    published_at timestamptz,            -- for the first time
    closed_at    timestamptz,
    CHECK ((state = 'draft') = (definition IS NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);

-- Every definition that ever held, and what it changed.
CREATE TABLE program_revisions (
    program_id uuid NOT NULL REFERENCES programs,
    revision   int  NOT NULL,
    definition jsonb NOT NULL,
    made_by    uuid REFERENCES people,
    made_at    timestamptz NOT NULL,
    joined     int NOT NULL, -- people, at the time of publishing
    gone       int NOT NULL,
    PRIMARY KEY (program_id, revision)
);

-- Decisions that a programme rests on, and proofs of learning elsewhere.
CREATE TABLE program_files (
    id      uuid PRIMARY KEY,
    name    text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    mime    text NOT NULL CHECK (mime IN ('application/pdf', 'image/jpeg', 'image/png')),
    bytes   bytea NOT NULL CHECK (length(bytes) <= 2097152),
    made_by uuid REFERENCES people,
    made_at timestamptz NOT NULL
);

-- Where a person stands in a programme: worked out by package program from
-- facts, and written here so that pages and figures need not. One row lasts
-- over all cycles of a programme that comes again.
CREATE TABLE program_assignments (
    id           uuid PRIMARY KEY,
    program_id   uuid NOT NULL REFERENCES programs,
    person_id    uuid NOT NULL REFERENCES people,
    unit_id      uuid NOT NULL REFERENCES units, -- where the rule found them: figures count there
    state        text NOT NULL CHECK (state IN ('assigned', 'in-progress', 'due-soon', 'overdue', 'completed',
                                                'exempt', 'expiring', 'expired', 'released')),
    since        date NOT NULL,   -- in this state
    joined_on    date NOT NULL,   -- in the audience, without a break
    cycle        int  NOT NULL,   -- 1, 2, …; of a yearly programme the year
    window_from  date,            -- what was done before does not count for this cycle
    due_on       date,            -- the last day in time
    completed_on date,
    valid_until  date,            -- the last day
    steps        int  NOT NULL,   -- courses needed
    done         int  NOT NULL,   -- of them
    minutes      int  NOT NULL,   -- learned in this cycle
    past         jsonb NOT NULL DEFAULT '[]', -- earlier cycles, see program.Past
    reminded_on  date,            -- by the head of the unit
    UNIQUE (program_id, person_id)
);
CREATE INDEX program_assignments_person ON program_assignments (person_id);
CREATE INDEX program_assignments_unit ON program_assignments (unit_id, program_id, state);
CREATE INDEX program_assignments_behind ON program_assignments (program_id, due_on) WHERE state IN ('overdue', 'expired');

-- What changed of where somebody stands, once for each change.
CREATE TABLE program_transitions (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES program_assignments,
    at            timestamptz NOT NULL,
    before        text NOT NULL,
    after         text NOT NULL,
    cycle         int  NOT NULL
);
CREATE INDEX program_transitions_assignment ON program_transitions (assignment_id, id);

CREATE TABLE program_extensions (
    id         uuid PRIMARY KEY,
    program_id uuid NOT NULL REFERENCES programs,
    person_id  uuid NOT NULL REFERENCES people,
    cycle      int  NOT NULL,
    due_on     date NOT NULL,
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    made_by    uuid REFERENCES people,
    made_at    timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX program_extensions_person ON program_extensions (person_id);
CREATE UNIQUE INDEX program_extensions_one ON program_extensions (program_id, person_id, cycle) WHERE ended_at IS NULL;

CREATE TABLE program_exemptions (
    id         uuid PRIMARY KEY,
    program_id uuid NOT NULL REFERENCES programs,
    person_id  uuid NOT NULL REFERENCES people,
    until      date, -- the last day; null for good
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    made_by    uuid REFERENCES people,
    made_at    timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX program_exemptions_person ON program_exemptions (person_id);
CREATE UNIQUE INDEX program_exemptions_one ON program_exemptions (program_id, person_id) WHERE ended_at IS NULL;

-- A certificate of another platform (One Touch, Bình dân học vụ số …), with
-- its proof and who accepted it.
CREATE TABLE external_certificates (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people,
    course_id  uuid REFERENCES courses, -- the course of ours that it stands for; null when it only counts as hours
    title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    issuer     text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 120),
    number     text NOT NULL DEFAULT '' CHECK (length(number) <= 80),
    issued_on  date NOT NULL,
    minutes    int  NOT NULL CHECK (minutes BETWEEN 0 AND 18000),
    link       text NOT NULL DEFAULT '' CHECK (length(link) <= 500),
    file_id    uuid REFERENCES program_files,
    state      text NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn')),
    made_at    timestamptz NOT NULL,
    decided_by uuid REFERENCES people,
    decided_at timestamptz,
    answer     text NOT NULL DEFAULT '' CHECK (length(answer) <= 500),
    CHECK (link <> '' OR file_id IS NOT NULL),
    CHECK ((state IN ('accepted', 'refused')) = (decided_at IS NOT NULL))
);
CREATE INDEX external_certificates_person ON external_certificates (person_id);
CREATE INDEX external_certificates_waiting ON external_certificates (made_at) WHERE state = 'waiting';
CREATE INDEX external_certificates_file ON external_certificates (file_id) WHERE file_id IS NOT NULL;

-- How many people stand where, of a unit and everything below it.
CREATE TABLE program_figures (
    program_id uuid NOT NULL REFERENCES programs,
    unit_id    uuid NOT NULL REFERENCES units,
    state      text NOT NULL,
    people     int  NOT NULL,
    PRIMARY KEY (unit_id, program_id, state)
);
-- The same at the end of each day.
CREATE TABLE program_days (
    program_id uuid NOT NULL REFERENCES programs,
    unit_id    uuid NOT NULL REFERENCES units,
    day        date NOT NULL,
    required   int  NOT NULL, -- everybody but the exempt
    completed  int  NOT NULL, -- completed or expiring
    behind     int  NOT NULL, -- overdue or expired
    PRIMARY KEY (unit_id, program_id, day)
);
-- What was done at the edge of the day: program_days is written up to this day.
CREATE TABLE program_closed_days (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    day date NOT NULL,
    escalated_on date -- heads of units were told of those who are late
);

-- Whose facts have changed: whoever changes them adds a row and never waits,
-- the worker that evaluates takes rows out. Nobody (null) says that the tree of
-- units has changed, and with it where people count.
CREATE TABLE program_touched (
    seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid
);
-- When somebody's standing changes by time alone.
CREATE TABLE program_wakes (
    person_id uuid PRIMARY KEY REFERENCES people,
    at        timestamptz NOT NULL
);
CREATE INDEX program_wakes_at ON program_wakes (at);

-- The rooms that own people, roles and courses do not know of programmes; the
-- database itself notes what a programme depends on.
CREATE FUNCTION program_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM programs WHERE state = 'published') THEN
        RETURN NULL; -- publishing touches everybody
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO program_touched (person_id) VALUES (OLD.person_id);
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.person_id <> OLD.person_id) THEN
        INSERT INTO program_touched (person_id) VALUES (NEW.person_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION program_touch_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programs WHERE state = 'published') THEN
        INSERT INTO program_touched (person_id) VALUES (NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION program_touch_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programs WHERE state = 'published') THEN
        INSERT INTO program_touched (person_id)
        SELECT NULL UNION ALL
        (SELECT id FROM people WHERE home_unit_id IN (SELECT unit_id FROM changed)
         UNION SELECT person_id FROM role_grants WHERE unit_id IN (SELECT unit_id FROM changed)
         UNION SELECT person_id FROM appointments WHERE unit_id IN (SELECT unit_id FROM changed));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER program_touch_new AFTER INSERT ON people FOR EACH ROW
    WHEN (NEW.registered_at IS NOT NULL) EXECUTE FUNCTION program_touch_person();
CREATE TRIGGER program_touch AFTER UPDATE ON people FOR EACH ROW
    WHEN ((OLD.home_unit_id, OLD.suspended_at, OLD.registered_at, OLD.erased_at, OLD.merged_into)
          IS DISTINCT FROM (NEW.home_unit_id, NEW.suspended_at, NEW.registered_at, NEW.erased_at, NEW.merged_into))
    EXECUTE FUNCTION program_touch_person();
CREATE TRIGGER program_touch AFTER INSERT OR UPDATE OR DELETE ON role_grants FOR EACH ROW EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch AFTER INSERT OR UPDATE OR DELETE ON appointments FOR EACH ROW EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch AFTER UPDATE ON enrolments FOR EACH ROW
    WHEN ((OLD.person_id, OLD.started_at, OLD.independent_at, OLD.merged_into)
          IS DISTINCT FROM (NEW.person_id, NEW.started_at, NEW.independent_at, NEW.merged_into))
    EXECUTE FUNCTION program_touch();
-- A check passed again counts for a renewal.
CREATE TRIGGER program_touch AFTER UPDATE ON attempts FOR EACH ROW
    WHEN (NEW.state = 'graded' AND NEW.passed AND NEW.support = 'self'
          AND (OLD.state <> 'graded' OR OLD.person_id <> NEW.person_id))
    EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch AFTER INSERT OR UPDATE ON program_extensions FOR EACH ROW EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch AFTER INSERT OR UPDATE ON program_exemptions FOR EACH ROW EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch AFTER UPDATE ON external_certificates FOR EACH ROW EXECUTE FUNCTION program_touch();
CREATE TRIGGER program_touch_added AFTER INSERT ON unit_reach REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION program_touch_tree();
CREATE TRIGGER program_touch_gone AFTER DELETE ON unit_reach REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION program_touch_tree();
