-- Erasures of accounts. A row names nobody: of the user ID it has the SHA-256, in hex.
CREATE TABLE erasures (
    app_id      BIGINT NOT NULL REFERENCES apps (app_id),
    id          TEXT COLLATE "C" NOT NULL,
    user_hash   TEXT NOT NULL,
    erased_at   BIGINT NOT NULL,
    erased_by   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    -- How many rows of which table are gone so far: a JSON object.
    removed     TEXT NOT NULL,
    -- JSON; '' until the erasure is complete.
    certificate TEXT NOT NULL,
    PRIMARY KEY (app_id, id)
);

CREATE INDEX erasures_by_time ON erasures (app_id, erased_at, id);
CREATE INDEX erasures_by_user ON erasures (app_id, user_hash);
-- Of two requests for the same erasure one begins it, and the other one goes on with it.
CREATE UNIQUE INDEX erasures_open ON erasures (app_id, user_hash) WHERE certificate = '';

-- 1: the event names an account that was erased meanwhile, so it goes once it was sent or given up.
ALTER TABLE outbox ADD COLUMN forget BIGINT NOT NULL DEFAULT 0;
