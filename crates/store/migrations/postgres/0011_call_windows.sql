-- How many calls of the server API were given out in a second, to servers that spend them. One row for each application and kind
-- of call; only PostgreSQL, which several servers may share, uses it.
CREATE TABLE call_windows (
    app_id BIGINT NOT NULL REFERENCES apps (app_id),
    kind   INTEGER NOT NULL,
    second BIGINT NOT NULL,
    taken  BIGINT NOT NULL,
    PRIMARY KEY (app_id, kind)
);
