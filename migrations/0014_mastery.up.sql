-- A sitting is a few questions out of the banks: the placement check that
-- proposes where to begin, or a repeat of a skill. It counts for no course.
CREATE TABLE sittings (
    id           uuid PRIMARY KEY, -- made where the button was drawn: pressed twice is one sitting
    person_id    uuid NOT NULL REFERENCES people,
    kind         text NOT NULL CHECK (kind IN ('placement', 'review')),
    skill        text NOT NULL, -- of a review; '' for the placement check
    items        jsonb NOT NULL, -- [{"quiz", "key"}]
    begun_at     timestamptz NOT NULL,
    submitted_at timestamptz,
    answers      jsonb NOT NULL DEFAULT '{}', -- {"quiz/key": ["option key", …]}
    right_answers int NOT NULL DEFAULT 0,
    support      text NOT NULL CHECK (support IN ('self', 'helped', 'done-for')),
    helper_id    uuid REFERENCES people
);
CREATE INDEX sittings_person ON sittings (person_id, begun_at);
CREATE INDEX sittings_helper ON sittings (helper_id) WHERE helper_id IS NOT NULL;
