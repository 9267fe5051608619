-- Records of completion in signed, digital form.

-- The keys that they were signed with: as long as one stands here, what it
-- signed verifies. The private halves are in files, never in the database.
CREATE TABLE credential_keys (
    public_key   text PRIMARY KEY, -- a Multikey, "z6Mk…"
    known_at     timestamptz NOT NULL,
    withdrawn_at timestamptz -- somebody else may have the private half: it vouches for nothing any more
);

-- Whose bits are set in the status lists.
CREATE INDEX certificates_gone ON certificates (status_index)
    WHERE revoked_at IS NOT NULL OR superseded_at IS NOT NULL OR erased_at IS NOT NULL;
