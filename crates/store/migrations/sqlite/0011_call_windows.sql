-- How many calls of the server API were given out in a second, to servers that spend them. One row for each application and kind
-- of call; only PostgreSQL, which several servers may share, uses it.
CREATE TABLE call_windows (
    app_id INTEGER NOT NULL REFERENCES apps (app_id),
    kind   INTEGER NOT NULL,
    second INTEGER NOT NULL,
    taken  INTEGER NOT NULL,
    PRIMARY KEY (app_id, kind)
) STRICT, WITHOUT ROWID;
