-- Tracks, banks that are larger than the check, further languages, spoken
-- lessons, what a facilitator takes along, and the glossary.
ALTER TABLE courses
    ADD COLUMN track text NOT NULL DEFAULT 'residents' CHECK (track IN ('residents', 'officials', 'teams'));

ALTER TABLE course_versions
    ADD COLUMN handout     text NOT NULL DEFAULT '', -- one A4 page; HTML, rendered and sanitised at import, as are the next two
    ADD COLUMN loudspeaker text NOT NULL DEFAULT '',
    ADD COLUMN guide       text NOT NULL DEFAULT '';

ALTER TABLE lessons
    ADD COLUMN skills text[] NOT NULL DEFAULT '{}',
    ADD COLUMN audio  text NOT NULL DEFAULT ''; -- an asset's name; empty: the device's own voice reads
UPDATE lessons l SET skills = ARRAY[c.skill]
FROM course_versions v JOIN courses c ON c.id = v.course_id WHERE v.id = l.version_id;

-- A lesson in a further language; what is missing is shown in Vietnamese.
CREATE TABLE lesson_translations (
    lesson_id   uuid NOT NULL REFERENCES lessons,
    language    text NOT NULL, -- ISO 639-3
    title       text NOT NULL,
    picture_alt text NOT NULL,
    summary     text NOT NULL,
    todo        text NOT NULL,
    html        text NOT NULL,
    audio       text NOT NULL,
    PRIMARY KEY (lesson_id, language)
);

ALTER TABLE quizzes
    ADD COLUMN draw int; -- questions that an attempt draws from the bank; NULL: all of them
ALTER TABLE questions
    ADD COLUMN skills text[] NOT NULL DEFAULT '{}';
UPDATE questions qu SET skills = ARRAY[c.skill]
FROM quizzes q JOIN course_versions v ON v.id = q.version_id JOIN courses c ON c.id = v.course_id WHERE q.id = qu.quiz_id;
ALTER TABLE attempts
    ADD COLUMN drawn text[]; -- keys of the questions that this attempt drew, in their order; NULL: all of the quiz

CREATE TABLE glossary_terms (
    slug    text PRIMARY KEY,
    term    text NOT NULL,
    also    text[] NOT NULL,
    meaning text NOT NULL,
    skills  text[] NOT NULL
);
