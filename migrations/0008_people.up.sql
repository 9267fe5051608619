-- A person without registered_at is a guest: somebody who learns on a device
-- before telling us who they are. Guests have no name and no unit, and count
-- in no figure until they register.
ALTER TABLE people
    ADD COLUMN registered_at timestamptz,
    ADD COLUMN code       text UNIQUE,  -- the learner's own code: short, unambiguous, checksummed
    ADD COLUMN phone      text CHECK (phone ~ '^0[0-9]{9}$'), -- a household may share one
    ADD COLUMN email      text CHECK (length(email) <= 254),
    ADD COLUMN staff_code text UNIQUE CHECK (length(staff_code) BETWEEN 1 AND 40), -- an official's number at their agency
    ADD COLUMN search     text NOT NULL DEFAULT '', -- the name folded, see org.Fold
    ADD COLUMN erased_at  timestamptz,  -- asked to be forgotten: what is left is anonymous
    ADD COLUMN merged_into uuid REFERENCES people, -- was the same person as this one
    ALTER COLUMN home_unit_id DROP NOT NULL,
    DROP CONSTRAINT people_full_name_check;
UPDATE people SET registered_at = created_at;
ALTER TABLE people
    ADD CHECK (length(full_name) <= 120),
    ADD CHECK (registered_at IS NULL OR home_unit_id IS NOT NULL),
    ADD CHECK (registered_at IS NULL OR erased_at IS NOT NULL OR full_name <> '');
CREATE INDEX people_phone ON people (phone) WHERE phone IS NOT NULL;
-- Names are searched by any part of them, and listed in the order of search.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX people_search ON people USING gin (search gin_trgm_ops);
CREATE INDEX people_order ON people (search, id);
CREATE INDEX people_guests ON people (created_at) WHERE registered_at IS NULL;
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- The names somebody signs in with: a name of their choice, a phone number, the
-- code on their card.
CREATE TABLE logins (
    login     text PRIMARY KEY CHECK (login = lower(login)),
    person_id uuid NOT NULL REFERENCES people,
    kind      text NOT NULL CHECK (kind IN ('name', 'phone', 'code')),
    UNIQUE (person_id, kind)
);
INSERT INTO logins (login, person_id, kind) SELECT login, person_id, 'name' FROM accounts;
ALTER TABLE accounts
    DROP COLUMN login,
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN pin_hash      text,
    ADD COLUMN pictures_hash text,
    ADD COLUMN temporary     boolean NOT NULL DEFAULT false; -- handed out by the commune: to be changed at once

-- Guesses, counted by what is guessed at and from where. The key is a hash:
-- this table must not tell who tried to sign in.
DROP TABLE sign_in_failures;
CREATE TABLE sign_in_guesses (
    key     bytea PRIMARY KEY,
    guesses int NOT NULL,
    last_at timestamptz NOT NULL
);

-- A browser that people signed in with and asked to be remembered on: a
-- household's phone. Only the SHA-256 of its token is kept.
CREATE TABLE devices (
    id         uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
CREATE TABLE device_people (
    device_id uuid NOT NULL REFERENCES devices ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people,
    listed    boolean NOT NULL, -- offered by name on this device; else only known to it
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (device_id, person_id)
);
CREATE INDEX device_people_person ON device_people (person_id);

-- Somebody acts beside a resident, for a short time and visibly.
CREATE TABLE assists (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people,
    helper_id  uuid NOT NULL REFERENCES people,
    support    text NOT NULL CHECK (support IN ('helped', 'done-for')),
    started_at timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL CHECK (ends_at > started_at)
);
CREATE INDEX assists_person ON assists (person_id);
CREATE INDEX assists_helper ON assists (helper_id);

ALTER TABLE sessions
    ADD COLUMN id        uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN browser   text NOT NULL DEFAULT '', -- "Chrome, Android"
    ADD COLUMN address   text NOT NULL DEFAULT '',
    ADD COLUMN seen_at   timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN assist_id uuid REFERENCES assists;

-- A card of paper with a QR: it says who, three pictures say that it is them.
CREATE TABLE sign_in_cards (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people,
    token_hash bytea NOT NULL UNIQUE,
    made_at    timestamptz NOT NULL,
    made_by    uuid REFERENCES people,
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX sign_in_cards_valid ON sign_in_cards (person_id) WHERE revoked_at IS NULL;

-- Read out in a hamlet or at a session, so that residents register themselves.
CREATE TABLE join_codes (
    code       text PRIMARY KEY,
    unit_id    uuid NOT NULL REFERENCES units,
    label      text NOT NULL CHECK (length(label) <= 120),
    made_by    uuid NOT NULL REFERENCES people,
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    uses       int NOT NULL DEFAULT 0,
    most_uses  int NOT NULL CHECK (most_uses BETWEEN 1 AND 1000),
    revoked_at timestamptz,
    CHECK (uses <= most_uses)
);
CREATE INDEX join_codes_unit ON join_codes (unit_id);

-- An account at an OpenID Connect provider.
CREATE TABLE external_identities (
    issuer    text NOT NULL,
    subject   text NOT NULL,
    person_id uuid NOT NULL REFERENCES people,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX external_identities_person ON external_identities (person_id);

-- An office that somebody holds: a position at a unit or agency.
CREATE TABLE appointments (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people,
    unit_id   uuid NOT NULL REFERENCES units,
    position  text NOT NULL CHECK (length(position) BETWEEN 1 AND 120),
    head      boolean NOT NULL, -- answers for the unit in person
    starts_on date NOT NULL,
    ends_on   date CHECK (ends_on >= starts_on) -- the first day it is no longer held
);
CREATE INDEX appointments_person ON appointments (person_id);
CREATE INDEX appointments_unit ON appointments (unit_id);
CREATE UNIQUE INDEX appointments_one_head ON appointments (unit_id) WHERE head AND ends_on IS NULL;
CREATE UNIQUE INDEX appointments_once ON appointments (person_id, unit_id) WHERE ends_on IS NULL;

ALTER TABLE role_grants
    ADD COLUMN granted_by uuid REFERENCES people,
    ADD COLUMN delegated  boolean NOT NULL DEFAULT false; -- lent by somebody who holds it, for a time
CREATE INDEX role_grants_unit ON role_grants (unit_id);

-- Consent, purpose by purpose (Luật 91/2025/QH15): never by default, silence is none.
CREATE TABLE consents (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people,
    purpose      text NOT NULL CHECK (purpose IN ('learning', 'contact', 'study')),
    given_at     timestamptz NOT NULL,
    how          text NOT NULL CHECK (how IN ('self', 'spoken', 'written')),
    witness      text NOT NULL DEFAULT '' CHECK (length(witness) <= 120), -- who heard it, when spoken
    guardian     text NOT NULL DEFAULT '' CHECK (length(guardian) <= 120), -- of a child
    recorded_by  uuid REFERENCES people,
    withdrawn_at timestamptz
);
CREATE UNIQUE INDEX consents_one ON consents (person_id, purpose) WHERE withdrawn_at IS NULL;

-- What somebody asked about their data; to be answered within 2 working days.
CREATE TABLE data_requests (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people,
    kind      text NOT NULL CHECK (kind IN ('correction', 'erasure')),
    wish      text NOT NULL DEFAULT '' CHECK (length(wish) <= 1000),
    made_at   timestamptz NOT NULL,
    due_at    timestamptz NOT NULL,
    state     text NOT NULL CHECK (state IN ('open', 'done', 'refused', 'withdrawn')),
    ended_at  timestamptz,
    ended_by  uuid REFERENCES people,
    answer    text NOT NULL DEFAULT '' CHECK (length(answer) <= 1000),
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX data_requests_open ON data_requests (due_at) WHERE state = 'open';
CREATE UNIQUE INDEX data_requests_one ON data_requests (person_id, kind) WHERE state = 'open';

-- Two records that turned out to be one person; what moved, so that it can go back.
CREATE TABLE person_merges (
    id        uuid PRIMARY KEY,
    kept_id   uuid NOT NULL REFERENCES people,
    merged_id uuid NOT NULL REFERENCES people,
    made_by   uuid REFERENCES people,
    made_at   timestamptz NOT NULL,
    moved     jsonb NOT NULL,
    undone_at timestamptz,
    undone_by uuid REFERENCES people,
    CHECK (kept_id <> merged_id)
);
CREATE UNIQUE INDEX person_merges_one ON person_merges (merged_id) WHERE undone_at IS NULL;
CREATE INDEX person_merges_kept ON person_merges (kept_id);
