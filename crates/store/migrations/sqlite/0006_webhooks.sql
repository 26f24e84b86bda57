-- Which events an application's webhook is told, as a sum of bits. Beside the settings that every change of accounts reads.
ALTER TABLE apps ADD COLUMN webhook_events INTEGER NOT NULL DEFAULT 0;

-- Where they are sent, and which server sends.
CREATE TABLE webhooks (
    app_id      INTEGER PRIMARY KEY REFERENCES apps (app_id),
    url         TEXT NOT NULL,
    -- Sealed; empty for none.
    token       BLOB NOT NULL,
    -- Until then the server with this lease sends; nobody else does.
    lease_until INTEGER NOT NULL,
    lease       INTEGER NOT NULL,
    -- Nothing is sent before then, because the receiver did not take what was sent; 0 for at once.
    next_at     INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;

-- Events, written in the transaction of what they tell.
CREATE TABLE outbox (
    app_id     INTEGER NOT NULL REFERENCES apps (app_id),
    id         TEXT NOT NULL,
    event      INTEGER NOT NULL,
    happened   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    state      INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    -- The last try: when (0 for none), its HTTP status, answer and duration.
    tried_at   INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    answer     TEXT NOT NULL,
    millis     INTEGER NOT NULL,
    PRIMARY KEY (app_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_state ON outbox (app_id, state, created_at, id);
