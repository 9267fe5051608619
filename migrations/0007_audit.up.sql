-- The site and the workers act as hocso_app: it reads and writes rows and owns
-- nothing, so that what is written once stays written whatever goes wrong in
-- the program. Roles belong to the whole cluster; another database of it may
-- have made this one already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hocso_app') THEN
        CREATE ROLE hocso_app NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'hocso_app', 'MEMBER') THEN
        EXECUTE format('GRANT hocso_app TO %I', current_user);
    END IF;
EXCEPTION
    WHEN unique_violation OR duplicate_object THEN NULL; -- another process was faster
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role % may not make the role hocso_app', current_user
            USING HINT = format('as a superuser: CREATE ROLE hocso_app NOLOGIN; GRANT hocso_app TO %I', current_user);
END $$;

GRANT USAGE ON SCHEMA public TO hocso_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hocso_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hocso_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hocso_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO hocso_app;
REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM hocso_app;

-- Who did what to whom, from where, before and after. It is only added to.
-- People stand here by id, and what changed of them is masked (see
-- package audit), so that erasing a person leaves nothing of theirs behind.
CREATE TABLE audit_log (
    id         uuid PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor_id   uuid,          -- a person; null for the command line and the workers
    helper_id  uuid,          -- who acted beside the actor
    action     text NOT NULL, -- "person.register", see package audit
    subject_id uuid,          -- the person it was done to
    unit_id    uuid,          -- where: who may read this entry
    address    text NOT NULL, -- of the client, "" for the command line
    changes    jsonb NOT NULL DEFAULT '[]' -- [{"field","before","after"}]
);
-- It is read from the newest entry back, all of it or what concerns a unit, an action or a person.
CREATE INDEX audit_log_at ON audit_log (at, id);
CREATE INDEX audit_log_unit ON audit_log (unit_id, at, id);
CREATE INDEX audit_log_action ON audit_log (action, at, id);
CREATE INDEX audit_log_subject ON audit_log (subject_id, at, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, id);
CREATE INDEX audit_log_helper ON audit_log (helper_id, at, id) WHERE helper_id IS NOT NULL;
REVOKE UPDATE, DELETE ON audit_log FROM hocso_app;
