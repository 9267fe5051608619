CREATE TABLE scenarios (
    slug       text PRIMARY KEY,
    position   int NOT NULL,
    version_id uuid NOT NULL -- the version that a new run gets; see the constraint below
);

-- A version is written once and never changed: a run keeps the one it began with.
CREATE TABLE scenario_versions (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL REFERENCES scenarios DEFERRABLE INITIALLY DEFERRED,
    number      int NOT NULL,
    checksum    text NOT NULL, -- SHA-256 of the source, hex
    title       text NOT NULL,
    summary     text NOT NULL,
    minutes     int NOT NULL,
    drill       boolean NOT NULL,
    skills      text[] NOT NULL,
    digcomp     text[] NOT NULL,
    script      jsonb NOT NULL,
    imported_at timestamptz NOT NULL,
    UNIQUE (slug, number),
    UNIQUE (slug, checksum)
);
ALTER TABLE scenarios ADD FOREIGN KEY (version_id) REFERENCES scenario_versions DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE practice_runs (
    id           uuid PRIMARY KEY, -- made where the button was drawn: pressed twice is one run
    person_id    uuid NOT NULL REFERENCES people,
    scenario     text NOT NULL REFERENCES scenarios,
    version_id   uuid NOT NULL REFERENCES scenario_versions,
    variant      text NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'submitted', 'graded', 'refused')),
    begun_at     timestamptz NOT NULL,
    steps        jsonb NOT NULL DEFAULT '[]', -- elements acted on, never what was typed
    submitted_at timestamptz,
    graded_at    timestamptz,
    outcome      text CHECK (outcome IN ('done', 'helped', 'caught', 'alarmed')),
    hints        int NOT NULL DEFAULT 0,
    mistakes     int NOT NULL DEFAULT 0,
    refusal      text NOT NULL DEFAULT '',
    support      text NOT NULL CHECK (support IN ('self', 'helped', 'done-for')),
    helper_id    uuid REFERENCES people,
    CHECK ((state = 'open') = (submitted_at IS NULL)),
    CHECK ((state = 'graded') = (outcome IS NOT NULL)),
    CHECK ((state IN ('graded', 'refused')) = (graded_at IS NOT NULL))
);
CREATE INDEX practice_runs_person ON practice_runs (person_id, begun_at);
CREATE INDEX practice_runs_helper ON practice_runs (helper_id) WHERE helper_id IS NOT NULL;
-- What counts for courses that hold the scenario.
CREATE INDEX practice_runs_reached ON practice_runs (person_id, scenario) WHERE outcome IN ('done', 'helped');
CREATE INDEX practice_runs_waiting ON practice_runs (submitted_at) WHERE state = 'submitted';

-- A practice that stands in a course, after one of its lessons.
CREATE TABLE course_practices (
    version_id uuid NOT NULL REFERENCES course_versions,
    scenario   text NOT NULL REFERENCES scenarios,
    after      int NOT NULL, -- position of the lesson that it follows
    title      text NOT NULL,
    minutes    int NOT NULL,
    PRIMARY KEY (version_id, scenario)
);
CREATE INDEX course_practices_scenario ON course_practices (scenario);

-- How scenarios went, of everybody: a scam that was missed is an outcome
-- 'caught' of a variant that is not honest, a false alarm 'alarmed' of one that is.
CREATE TABLE practice_totals (
    scenario text NOT NULL REFERENCES scenarios,
    honest   boolean NOT NULL,
    outcome  text NOT NULL,
    runs     bigint NOT NULL,
    PRIMARY KEY (scenario, honest, outcome)
);
