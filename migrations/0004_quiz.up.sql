CREATE TABLE quizzes (
    id           uuid PRIMARY KEY,
    version_id   uuid NOT NULL UNIQUE REFERENCES course_versions,
    pass_percent int NOT NULL CHECK (pass_percent BETWEEN 1 AND 100)
);

CREATE TABLE questions (
    quiz_id     uuid NOT NULL REFERENCES quizzes,
    key         text NOT NULL,
    position    int NOT NULL, -- from 1
    kind        text NOT NULL CHECK (kind IN ('single', 'multiple', 'boolean')),
    text        text NOT NULL,
    options     jsonb NOT NULL, -- [{"key","text","correct"}]
    explanation text NOT NULL,
    lesson      text NOT NULL, -- slug of the lesson that answers it
    digcomp     text[] NOT NULL,
    PRIMARY KEY (quiz_id, key)
);

CREATE TABLE attempts (
    id            uuid PRIMARY KEY,
    enrolment_id  uuid NOT NULL REFERENCES enrolments,
    person_id     uuid NOT NULL REFERENCES people,
    quiz_id       uuid NOT NULL REFERENCES quizzes,
    state         text NOT NULL CHECK (state IN ('open', 'submitted', 'graded')),
    opened_at     timestamptz NOT NULL,
    answers       jsonb NOT NULL DEFAULT '{}', -- {"question key": ["option key", …]}
    submission_id uuid,        -- made where the form was drawn: the same form sent twice is one submission
    receipt       text UNIQUE, -- what the learner keeps: short, unambiguous, checksummed
    submitted_at  timestamptz,
    graded_at     timestamptz,
    right_answers int,
    score         int CHECK (score BETWEEN 0 AND 100),
    passed        boolean,
    CHECK ((state = 'open') = (submitted_at IS NULL)),
    CHECK ((submitted_at IS NULL) = (receipt IS NULL)),
    CHECK ((state = 'graded') = (graded_at IS NOT NULL AND score IS NOT NULL))
);
CREATE INDEX attempts_enrolment ON attempts (enrolment_id);
-- One unfinished attempt a learner and course; it also keeps two graders off one enrolment.
CREATE UNIQUE INDEX attempts_unfinished ON attempts (enrolment_id) WHERE state <> 'graded';
CREATE INDEX attempts_waiting ON attempts (submitted_at) WHERE state = 'submitted';

-- A worker says that it lives; readiness looks here.
CREATE TABLE worker_heartbeats (
    worker_id  text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
