CREATE TABLE people (
    id           uuid PRIMARY KEY,
    full_name    text NOT NULL CHECK (length(full_name) BETWEEN 1 AND 120),
    birth_year   int CHECK (birth_year BETWEEN 1900 AND 2100),
    home_unit_id uuid NOT NULL REFERENCES units,
    suspended_at timestamptz,
    created_at   timestamptz NOT NULL
);
CREATE INDEX people_home_unit ON people (home_unit_id);

CREATE TABLE accounts (
    person_id     uuid PRIMARY KEY REFERENCES people,
    login         text NOT NULL UNIQUE CHECK (login = lower(login)),
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL
);

-- Guesses at a password, counted per login name whether or not it exists, so
-- that the count says nothing about who has an account.
CREATE TABLE sign_in_failures (
    login       text PRIMARY KEY,
    failures    int NOT NULL,
    last_at     timestamptz NOT NULL
);

-- A role is held at a unit and reaches its subtree.
CREATE TABLE role_grants (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people,
    role      text NOT NULL CHECK (role IN ('resident', 'official', 'team-member', 'coordinator',
                                            'unit-head', 'editor', 'province-admin', 'operator')),
    unit_id   uuid NOT NULL REFERENCES units,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz CHECK (ends_at > starts_at)
);
CREATE INDEX role_grants_person ON role_grants (person_id);
CREATE UNIQUE INDEX role_grants_open ON role_grants (person_id, role, unit_id) WHERE ends_at IS NULL;

-- Only the SHA-256 of a session's token is kept: a copy of this table signs nobody in.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
