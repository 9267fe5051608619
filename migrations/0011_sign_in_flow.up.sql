-- A sign-in through an OpenID Connect provider that is under way: so that the
-- answer to it is taken once. Only the SHA-256 of what the browser keeps is here.
CREATE TABLE sign_in_flows (
    token_hash bytea PRIMARY KEY,
    person_id  uuid REFERENCES people, -- who links an account; null for who signs in
    next       text NOT NULL CHECK (length(next) <= 500), -- where to go afterwards
    ends_at    timestamptz NOT NULL
);
CREATE INDEX sign_in_flows_person ON sign_in_flows (person_id) WHERE person_id IS NOT NULL;

-- Who signs in through a provider for the first time may be found by it.
CREATE INDEX people_email ON people (lower(email)) WHERE email IS NOT NULL;
