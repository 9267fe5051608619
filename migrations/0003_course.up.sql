CREATE TABLE courses (
    id         uuid PRIMARY KEY,
    slug       text NOT NULL UNIQUE,
    skill      text NOT NULL,
    position   int NOT NULL,
    version_id uuid NOT NULL -- the version that a new learner gets; see the constraint below
);

-- A version is written once and never changed: who began with it keeps it.
CREATE TABLE course_versions (
    id          uuid PRIMARY KEY,
    course_id   uuid NOT NULL REFERENCES courses DEFERRABLE INITIALLY DEFERRED,
    number      int NOT NULL,
    checksum    text NOT NULL, -- SHA-256 of the whole source, hex: the same source is the same version
    title       text NOT NULL,
    summary     text NOT NULL,
    minutes     int NOT NULL,
    cover       text NOT NULL, -- an asset's name
    cover_alt   text NOT NULL,
    imported_at timestamptz NOT NULL,
    UNIQUE (course_id, number),
    UNIQUE (course_id, checksum)
);
ALTER TABLE courses ADD FOREIGN KEY (version_id) REFERENCES course_versions DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE lessons (
    id          uuid PRIMARY KEY,
    version_id  uuid NOT NULL REFERENCES course_versions,
    position    int NOT NULL, -- from 1
    slug        text NOT NULL,
    module      text NOT NULL,
    title       text NOT NULL,
    minutes     int NOT NULL,
    picture     text NOT NULL,
    picture_alt text NOT NULL,
    summary     text NOT NULL,
    todo        text NOT NULL,
    on_phone    boolean NOT NULL,
    digcomp     text[] NOT NULL,
    html        text NOT NULL, -- rendered and sanitised at import
    UNIQUE (version_id, slug),
    UNIQUE (version_id, position)
);

-- Pictures by content: name is the first 16 hex digits of the SHA-256, plus the ending.
CREATE TABLE assets (
    name  text PRIMARY KEY,
    mime  text NOT NULL,
    bytes bytea NOT NULL
);

CREATE TABLE enrolments (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people,
    course_id    uuid NOT NULL REFERENCES courses,
    version_id   uuid NOT NULL REFERENCES course_versions,
    unit_id      uuid NOT NULL REFERENCES units, -- where the learner lived when enrolling: figures count there
    enrolled_at  timestamptz NOT NULL,
    started_at   timestamptz,
    passed_at    timestamptz,
    completed_at timestamptz,
    best_score   int CHECK (best_score BETWEEN 0 AND 100),
    UNIQUE (person_id, course_id)
);

CREATE TABLE lesson_progress (
    enrolment_id uuid NOT NULL REFERENCES enrolments,
    lesson_id    uuid NOT NULL REFERENCES lessons,
    finished_at  timestamptz NOT NULL,
    PRIMARY KEY (enrolment_id, lesson_id)
);

-- What happened, once and for good: every figure is a sum over these rows.
-- (xid, seq) is the order in which a reader may safely consume them: seq alone
-- is handed out before commit, so a slow transaction would be skipped.
CREATE TABLE progress_events (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind         text NOT NULL CHECK (kind IN ('enrolled', 'started', 'passed', 'completed', 'graded')),
    person_id    uuid NOT NULL,
    unit_id      uuid NOT NULL,
    course_id    uuid NOT NULL,
    enrolment_id uuid NOT NULL REFERENCES enrolments,
    attempt_id   uuid, -- for 'graded'
    score        int,  -- for 'graded', 0 to 100
    at           timestamptz NOT NULL,
    CHECK ((kind = 'graded') = (attempt_id IS NOT NULL AND score IS NOT NULL))
);
CREATE INDEX progress_events_order ON progress_events (xid, seq);
-- The database itself refuses to count the same thing twice.
CREATE UNIQUE INDEX progress_events_once ON progress_events (enrolment_id, kind) WHERE kind <> 'graded';
CREATE UNIQUE INDEX progress_events_graded_once ON progress_events (attempt_id) WHERE kind = 'graded';
