-- Groups and who is in them. Ends of accounts end their memberships.
CREATE TABLE chat_groups (
    app_id       INTEGER NOT NULL REFERENCES apps (app_id),
    group_id     TEXT NOT NULL,
    group_type   INTEGER NOT NULL,
    name         TEXT NOT NULL,
    -- '' once the owner's account is gone.
    owner        TEXT NOT NULL,
    introduction TEXT NOT NULL,
    notification TEXT NOT NULL,
    face_url     TEXT NOT NULL,
    max_members  INTEGER NOT NULL,
    join_option  INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    PRIMARY KEY (app_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_groups_by_created_at ON chat_groups (app_id, created_at, group_id);
CREATE INDEX chat_groups_by_owner ON chat_groups (app_id, owner);

CREATE TABLE group_members (
    app_id    INTEGER NOT NULL,
    group_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    role      INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, group_id, user_id),
    FOREIGN KEY (app_id, group_id) REFERENCES chat_groups (app_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_members_by_user ON group_members (app_id, user_id);
