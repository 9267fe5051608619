-- Every record says whether the learner did it alone, was helped, or had it done for them.
ALTER TABLE enrolments
    ALTER COLUMN unit_id DROP NOT NULL, -- none for a guest, who counts nowhere
    ADD COLUMN independent_at timestamptz, -- every lesson and a passed check done alone
    ADD COLUMN merged_into uuid REFERENCES enrolments; -- its person was merged; this one counts instead
ALTER TABLE lesson_progress
    ADD COLUMN support   text NOT NULL DEFAULT 'self' CHECK (support IN ('self', 'helped', 'done-for')),
    ADD COLUMN helper_id uuid REFERENCES people,
    ADD COLUMN alone_at  timestamptz; -- when it was first finished without help
UPDATE lesson_progress SET alone_at = finished_at;
ALTER TABLE lesson_progress ADD CHECK ((support = 'self') = (alone_at IS NOT NULL));
ALTER TABLE attempts
    ADD COLUMN support   text NOT NULL DEFAULT 'self' CHECK (support IN ('self', 'helped', 'done-for')),
    ADD COLUMN helper_id uuid REFERENCES people;
CREATE INDEX attempts_person ON attempts (person_id);
CREATE INDEX attempts_helper ON attempts (helper_id) WHERE helper_id IS NOT NULL;
CREATE INDEX lesson_progress_helper ON lesson_progress (helper_id) WHERE helper_id IS NOT NULL;

-- Events are a ledger: what turns out not to count (two records of one person)
-- is taken back by an event of weight -1, never by changing what was written.
ALTER TABLE progress_events
    ADD COLUMN weight     smallint NOT NULL DEFAULT 1 CHECK (weight IN (1, -1)),
    ADD COLUMN correction uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', -- the merge or its undoing
    DROP CONSTRAINT progress_events_kind_check,
    ADD CONSTRAINT progress_events_kind_check
        CHECK (kind IN ('enrolled', 'started', 'passed', 'completed', 'independent', 'graded'));
DROP INDEX progress_events_once;
DROP INDEX progress_events_graded_once;
CREATE UNIQUE INDEX progress_events_once ON progress_events (enrolment_id, kind, correction, weight) WHERE kind <> 'graded';
CREATE UNIQUE INDEX progress_events_graded_once ON progress_events (attempt_id, correction, weight) WHERE kind = 'graded';
ALTER TABLE pilot_days ADD COLUMN independent int NOT NULL DEFAULT 0;
ALTER TABLE pilot_totals ADD COLUMN independent bigint NOT NULL DEFAULT 0;
