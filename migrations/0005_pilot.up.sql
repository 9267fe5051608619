-- Figures of a unit and everything below it. A grade in a hamlet is added to
-- the hamlet's, the commune's and the province's row, so a page reads rows by
-- its own unit and never sums over learners.
CREATE TABLE pilot_days (
    unit_id   uuid NOT NULL REFERENCES units,
    course_id uuid NOT NULL REFERENCES courses,
    day       date NOT NULL, -- in Asia/Ho_Chi_Minh
    enrolled  int NOT NULL,
    started   int NOT NULL,
    completed int NOT NULL,
    passed    int NOT NULL,
    graded    int NOT NULL, -- attempts
    score_sum bigint NOT NULL, -- over graded attempts, each 0 to 100
    PRIMARY KEY (unit_id, course_id, day)
);

-- The same without days, for tables of many units.
CREATE TABLE pilot_totals (
    unit_id   uuid NOT NULL REFERENCES units,
    course_id uuid NOT NULL REFERENCES courses,
    enrolled  bigint NOT NULL,
    started   bigint NOT NULL,
    completed bigint NOT NULL,
    passed    bigint NOT NULL,
    graded    bigint NOT NULL,
    score_sum bigint NOT NULL,
    PRIMARY KEY (unit_id, course_id)
);

-- Up to where progress_events has been added to the figures.
CREATE TABLE pilot_watermark (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    xid       xid8 NOT NULL,
    seq       bigint NOT NULL,
    rolled_at timestamptz NOT NULL
);
INSERT INTO pilot_watermark (xid, seq, rolled_at) VALUES ('0', 0, now());
