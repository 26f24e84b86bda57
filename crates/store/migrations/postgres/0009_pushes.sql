-- Messages to all members of an application.
CREATE TABLE pushes (
    app_id       BIGINT NOT NULL REFERENCES apps (app_id),
    task_id      TEXT COLLATE "C" NOT NULL,
    random       BIGINT NOT NULL,
    from_account TEXT NOT NULL,
    body         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   BIGINT NOT NULL,
    -- How many accounts there were, to how many it was sent, and how many have said that they have it.
    accounts     BIGINT NOT NULL,
    sent         BIGINT NOT NULL,
    received     BIGINT NOT NULL,
    -- 0: its deliveries were forgotten.
    has_deliveries BIGINT NOT NULL,
    PRIMARY KEY (app_id, task_id)
);

CREATE INDEX pushes_by_created_at ON pushes (app_id, created_at, task_id);
CREATE INDEX pushes_by_random ON pushes (app_id, random, created_at);
CREATE INDEX pushes_by_end ON pushes (expires_at) WHERE has_deliveries = 1;

-- Which account has it, or gets it over which connection.
CREATE TABLE push_deliveries (
    app_id      BIGINT NOT NULL,
    task_id     TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    session_id  TEXT COLLATE "C" NOT NULL,
    -- How many connections it was claimed for, one after another.
    claims      BIGINT NOT NULL,
    -- 0 until the client has said so.
    received_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, task_id, user_id)
);

-- How many pushes an application takes in a day.
ALTER TABLE call_limits ADD COLUMN pushes BIGINT NOT NULL DEFAULT 100;
