-- Messages to all members of an application.
CREATE TABLE pushes (
    app_id       INTEGER NOT NULL REFERENCES apps (app_id),
    task_id      TEXT NOT NULL,
    random       INTEGER NOT NULL,
    from_account TEXT NOT NULL,
    body         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    -- How many accounts there were, to how many it was sent, and how many have said that they have it.
    accounts     INTEGER NOT NULL,
    sent         INTEGER NOT NULL,
    received     INTEGER NOT NULL,
    -- 0: its deliveries were forgotten.
    has_deliveries INTEGER NOT NULL,
    PRIMARY KEY (app_id, task_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pushes_by_created_at ON pushes (app_id, created_at, task_id);
CREATE INDEX pushes_by_random ON pushes (app_id, random, created_at);
CREATE INDEX pushes_by_end ON pushes (expires_at) WHERE has_deliveries = 1;

-- Which account has it, or gets it over which connection.
CREATE TABLE push_deliveries (
    app_id      INTEGER NOT NULL,
    task_id     TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    -- How many connections it was claimed for, one after another.
    claims      INTEGER NOT NULL,
    -- 0 until the client has said so.
    received_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, task_id, user_id)
) STRICT, WITHOUT ROWID;

-- How many pushes an application takes in a day.
ALTER TABLE call_limits ADD COLUMN pushes INTEGER NOT NULL DEFAULT 100;
