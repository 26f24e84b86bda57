-- How many calls of the server API an application takes in a second, where it is not the default. 0: any number.
CREATE TABLE call_limits (
    app_id     BIGINT PRIMARY KEY REFERENCES apps (app_id),
    bulk       BIGINT NOT NULL,
    other      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
