-- Old notices and messages are found by when they were made. Both grow at
-- their end only: an index of ranges costs next to nothing.
CREATE INDEX notices_age ON notices USING brin (made_at);
CREATE INDEX notice_messages_age ON notice_messages USING brin (made_at);
