-- Servers that hold connections of clients: a control table. One that has not said so for a while has lost them.
CREATE TABLE servers (
    server_id  TEXT PRIMARY KEY,
    seen_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Clients that are connected, each to one server. A deleted application is not waited for: its sessions end at their servers.
CREATE TABLE client_sessions (
    app_id     INTEGER NOT NULL,
    user_id    TEXT NOT NULL,
    session_id TEXT NOT NULL,
    server_id  TEXT NOT NULL,
    platform   TEXT NOT NULL,
    since      INTEGER NOT NULL,
    -- 1: its server is to end it, because the account was kicked or deleted.
    ended      INTEGER NOT NULL,
    PRIMARY KEY (app_id, user_id, session_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_sessions_by_server ON client_sessions (server_id, ended);
