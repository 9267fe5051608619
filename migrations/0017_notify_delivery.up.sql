-- From a notice to the person: how they want to be told, what is on its way to
-- them, and what became of it.
ALTER TABLE notices ADD COLUMN planned_at timestamptz; -- when its deliveries were made
UPDATE notices SET planned_at = made_at; -- from before anything was delivered: they stand in the inbox
CREATE INDEX notices_unplanned ON notices (made_at, id) WHERE planned_at IS NULL;
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL AND withdrawn_at IS NULL;

-- What somebody chose; without a row they are told as notify.DefaultWishes says.
CREATE TABLE notice_wishes (
    person_id   uuid PRIMARY KEY REFERENCES people,
    channels    jsonb NOT NULL,   -- {"group of kinds": ["channel", …]}
    daily       boolean NOT NULL, -- one message a day instead of at once
    quiet_from  int NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),  -- hours of Asia/Ho_Chi_Minh,
    quiet_until int NOT NULL CHECK (quiet_until BETWEEN 0 AND 23), -- the same hour twice for none
    changed_at  timestamptz NOT NULL
);

-- Whoever takes back that they may be written to is written to no more.
CREATE INDEX consents_no_contact ON consents (person_id) WHERE purpose = 'contact' AND withdrawn_at IS NOT NULL;

-- An e-mail address that somebody gave themselves. Nothing but the letter that
-- asks to confirm it goes there before it is confirmed.
CREATE TABLE notice_addresses (
    person_id    uuid PRIMARY KEY REFERENCES people,
    email        text NOT NULL CHECK (length(email) <= 254),
    token        text NOT NULL, -- of the confirming link, which only the signed-in person can use; '' once it is used
    asked_at     timestamptz NOT NULL,
    asked        int NOT NULL,  -- letters asked for on that day
    confirmed_at timestamptz
);

-- A message to one person over one channel. It is claimed before anything is
-- handed over, and marked as being handed over right before the moment from
-- which the other side may have taken it: so a worker that dies before that
-- moment loses nothing, and after it nobody sends a second time by themselves.
CREATE TABLE notice_messages (
    id          uuid PRIMARY KEY, -- also the Message-ID and the idempotency key: the same at every try
    person_id   uuid NOT NULL REFERENCES people,
    channel     text NOT NULL CHECK (channel IN ('email', 'text')),
    about       text NOT NULL CHECK (about IN ('notices', 'address')), -- 'address' asks to confirm one
    state       text NOT NULL CHECK (state IN ('ready', 'claimed', 'handing', 'sent', 'failed', 'unsure', 'dropped')),
    made_at     timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    attempts    int NOT NULL DEFAULT 0,
    most        int NOT NULL, -- attempts before it is given up; "send again" grants more
    lease_until timestamptz, -- of who claimed it or hands it over
    ended_at    timestamptz,
    cause       text NOT NULL DEFAULT '', -- what was wrong at the last try, see package carrier
    code        text NOT NULL DEFAULT '', -- what the other side calls it: "550 5.1.1"
    masked      text NOT NULL DEFAULT '', -- where it went at the last try: "…@danang.gov.vn"
    CHECK ((state IN ('claimed', 'handing')) = (lease_until IS NOT NULL)),
    CHECK ((state IN ('sent', 'failed', 'unsure', 'dropped')) = (ended_at IS NOT NULL))
);
CREATE INDEX notice_messages_due ON notice_messages (channel, due_at) WHERE state = 'ready';
CREATE INDEX notice_messages_leased ON notice_messages (lease_until) WHERE state IN ('claimed', 'handing');
CREATE INDEX notice_messages_wrong ON notice_messages (ended_at, id) WHERE state IN ('failed', 'unsure');
CREATE INDEX notice_messages_person ON notice_messages (person_id, channel, made_at);

-- One notice over one channel; several may travel in one message.
CREATE TABLE notice_deliveries (
    notice_id  uuid NOT NULL REFERENCES notices ON DELETE CASCADE,
    channel    text NOT NULL CHECK (channel IN ('email', 'text')),
    person_id  uuid NOT NULL REFERENCES people,
    due_at     timestamptz NOT NULL,
    message_id uuid REFERENCES notice_messages ON DELETE CASCADE, -- null until it is due
    PRIMARY KEY (notice_id, channel)
);
CREATE INDEX notice_deliveries_due ON notice_deliveries (due_at) WHERE message_id IS NULL;
CREATE INDEX notice_deliveries_message ON notice_deliveries (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX notice_deliveries_person ON notice_deliveries (person_id) WHERE message_id IS NULL;

-- What an administrator says instead of content/notices. Going back to the
-- original empties the words and keeps the row: its revision goes on counting.
CREATE TABLE notice_templates (
    kind       text PRIMARY KEY,
    subject    text,
    body       text,
    short      text,
    revision   int NOT NULL,
    changed_by uuid REFERENCES people,
    changed_at timestamptz NOT NULL,
    CHECK ((subject IS NULL) = (body IS NULL) AND (body IS NULL) = (short IS NULL))
);

-- The private address of somebody's calendar. Only its SHA-256 is kept: a copy
-- of this table opens nobody's.
CREATE TABLE calendar_feeds (
    person_id  uuid PRIMARY KEY REFERENCES people,
    token_hash bytea NOT NULL UNIQUE,
    made_at    timestamptz NOT NULL
);
