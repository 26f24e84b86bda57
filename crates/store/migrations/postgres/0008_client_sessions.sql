-- Servers that hold connections of clients: a control table. One that has not said so for a while has lost them.
CREATE TABLE servers (
    server_id  TEXT COLLATE "C" PRIMARY KEY,
    seen_until BIGINT NOT NULL
);

-- Clients that are connected, each to one server. A deleted application is not waited for: its sessions end at their servers.
CREATE TABLE client_sessions (
    app_id     BIGINT NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    server_id  TEXT COLLATE "C" NOT NULL,
    platform   TEXT NOT NULL,
    since      BIGINT NOT NULL,
    -- 1: its server is to end it, because the account was kicked or deleted.
    ended      BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, session_id)
);

CREATE INDEX client_sessions_by_server ON client_sessions (server_id, ended);
