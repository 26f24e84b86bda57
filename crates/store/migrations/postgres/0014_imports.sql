-- Files of accounts that were brought: what is in them, what they would do, and the tasks that do it or take it back. The files
-- themselves, and what a review found, lie in the server's store of files.
CREATE TABLE imports (
    app_id     BIGINT NOT NULL REFERENCES apps (app_id),
    id         TEXT COLLATE "C" NOT NULL,
    file_name  TEXT NOT NULL,
    bytes      BIGINT NOT NULL,
    -- How many bytes of it are there.
    received   BIGINT NOT NULL,
    -- JSON, empty where there is none.
    reading    TEXT NOT NULL,
    preview    TEXT NOT NULL,
    problem    TEXT NOT NULL,
    settings   TEXT NOT NULL,
    review     TEXT NOT NULL,
    -- By what name the review that can be applied kept its findings.
    findings   TEXT NOT NULL,
    -- The last task of each stage; empty for none.
    review_job TEXT NOT NULL,
    apply_job  TEXT NOT NULL,
    undo_job   TEXT NOT NULL,
    -- When it began to be applied; 0 for not yet.
    applied_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, id)
);

CREATE INDEX imports_by_end ON imports (expires_at);

-- What the columns of an application's last imports meant, by their names: JSON.
CREATE TABLE import_mappings (
    app_id  BIGINT NOT NULL PRIMARY KEY REFERENCES apps (app_id),
    columns TEXT NOT NULL
);

-- Which import a task works for, and what it does for it: JSON, empty for none.
ALTER TABLE jobs ADD COLUMN import TEXT NOT NULL DEFAULT '';
