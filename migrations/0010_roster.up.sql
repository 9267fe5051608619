-- A list of people that somebody sent as a file: read, checked, looked at and
-- then taken over as a whole. Its rows are deleted as soon as that is done.
CREATE TABLE roster_imports (
    id           uuid PRIMARY KEY,
    unit_id      uuid NOT NULL REFERENCES units, -- nobody outside of its subtree is read or changed
    kind         text NOT NULL CHECK (kind IN ('residents', 'officials')),
    mode         text NOT NULL CHECK (mode IN ('add', 'full')), -- full: who is missing is suspended
    state        text NOT NULL CHECK (state IN ('reading', 'checking', 'ready', 'committing', 'done', 'failed', 'cancelled')),
    file_name    text NOT NULL CHECK (length(file_name) <= 200),
    sha256       bytea NOT NULL,
    file         bytea,                          -- until it has been read
    manages      text[] NOT NULL,                -- whoever holds another role may not be changed by this list
    layout       jsonb NOT NULL DEFAULT '{}',
    total        int NOT NULL DEFAULT 0,         -- rows
    checked      int NOT NULL DEFAULT 0,         -- of them
    counts       jsonb NOT NULL DEFAULT '{}',
    failure      text NOT NULL DEFAULT '',       -- a message key
    made_by      uuid REFERENCES people,         -- null from the command line
    made_at      timestamptz NOT NULL,
    committed_by uuid REFERENCES people,
    address      text NOT NULL DEFAULT '',       -- of who committed
    ended_at     timestamptz,
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX roster_imports_once ON roster_imports (unit_id, kind, mode, sha256)
    WHERE state IN ('reading', 'checking', 'ready', 'committing');
CREATE INDEX roster_imports_due ON roster_imports (made_at) WHERE state IN ('reading', 'checking', 'committing');
CREATE INDEX roster_imports_unit ON roster_imports (unit_id, made_at DESC);

CREATE TABLE roster_rows (
    import_id  uuid NOT NULL REFERENCES roster_imports ON DELETE CASCADE,
    row        int NOT NULL,                 -- as in the file; people missing from it count down from -1
    cells      jsonb NOT NULL DEFAULT '{}',  -- field → text, of the columns that we know
    checked    boolean NOT NULL DEFAULT false,
    full_name  text,
    search     text,
    birth_year int,
    phone      text,
    email      text,
    staff_code text,
    code       text,
    position   text,
    unit_id    uuid REFERENCES units,
    problems   jsonb NOT NULL DEFAULT '[]',  -- of the cells
    mended     jsonb NOT NULL DEFAULT '[]',
    clash      jsonb NOT NULL DEFAULT '[]',  -- problems with other rows and with people
    outcome    text CHECK (outcome IN ('new', 'change', 'same', 'move', 'problem', 'suspect', 'suspend')),
    person_id  uuid REFERENCES people,       -- who this is, or for a suspect who they look like
    changes    text[] NOT NULL DEFAULT '{}', -- fields
    new_id     uuid NOT NULL,                -- the person that a new row becomes
    new_code   text NOT NULL,
    PRIMARY KEY (import_id, row)
);
CREATE INDEX roster_rows_outcome ON roster_rows (import_id, outcome, row);
CREATE INDEX roster_rows_waiting ON roster_rows (import_id, row) WHERE NOT checked;
CREATE INDEX roster_rows_person ON roster_rows (person_id) WHERE person_id IS NOT NULL;
