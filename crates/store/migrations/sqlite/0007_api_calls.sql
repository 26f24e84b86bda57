-- The newest calls of the server API, for developers to look at: a log, which nothing else is built on.
CREATE TABLE api_calls (
    app_id     INTEGER NOT NULL REFERENCES apps (app_id),
    -- Ascends with time: milliseconds of 13 digits, and what tells calls of one instant apart.
    id         TEXT NOT NULL,
    at         INTEGER NOT NULL,
    identifier TEXT NOT NULL,
    command    TEXT NOT NULL,
    code       INTEGER NOT NULL,
    micros     INTEGER NOT NULL,
    request    TEXT NOT NULL,
    answer     TEXT NOT NULL,
    PRIMARY KEY (app_id, id)
) STRICT, WITHOUT ROWID;
