-- Which events an application's webhook is told, as a sum of bits. Beside the settings that every change of accounts reads.
ALTER TABLE apps ADD COLUMN webhook_events BIGINT NOT NULL DEFAULT 0;

-- Where they are sent, and which server sends.
CREATE TABLE webhooks (
    app_id      BIGINT PRIMARY KEY REFERENCES apps (app_id),
    url         TEXT NOT NULL,
    -- Sealed; empty for none.
    token       BYTEA NOT NULL,
    -- Until then the server with this lease sends; nobody else does.
    lease_until BIGINT NOT NULL,
    lease       BIGINT NOT NULL,
    -- Nothing is sent before then, because the receiver did not take what was sent; 0 for at once.
    next_at     BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL
);

-- Events, written in the transaction of what they tell.
CREATE TABLE outbox (
    app_id     BIGINT NOT NULL REFERENCES apps (app_id),
    id         TEXT COLLATE "C" NOT NULL,
    event      BIGINT NOT NULL,
    happened   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    state      BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    -- The last try: when (0 for none), its HTTP status, answer and duration.
    tried_at   BIGINT NOT NULL,
    status     BIGINT NOT NULL,
    answer     TEXT NOT NULL,
    millis     BIGINT NOT NULL,
    PRIMARY KEY (app_id, id)
);

CREATE INDEX outbox_by_state ON outbox (app_id, state, created_at, id);
