-- How many calls of the server API an application takes in a second, where it is not the default. 0: any number.
CREATE TABLE call_limits (
    app_id     INTEGER PRIMARY KEY REFERENCES apps (app_id),
    bulk       INTEGER NOT NULL,
    other      INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;
