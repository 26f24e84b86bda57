-- Groups and who is in them. Ends of accounts end their memberships.
CREATE TABLE chat_groups (
    app_id       BIGINT NOT NULL REFERENCES apps (app_id),
    group_id     TEXT COLLATE "C" NOT NULL,
    group_type   SMALLINT NOT NULL,
    name         TEXT NOT NULL,
    -- '' once the owner's account is gone.
    owner        TEXT COLLATE "C" NOT NULL,
    introduction TEXT NOT NULL,
    notification TEXT NOT NULL,
    face_url     TEXT NOT NULL,
    max_members  BIGINT NOT NULL,
    join_option  SMALLINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    PRIMARY KEY (app_id, group_id)
);

CREATE INDEX chat_groups_by_created_at ON chat_groups (app_id, created_at, group_id);
CREATE INDEX chat_groups_by_owner ON chat_groups (app_id, owner);

CREATE TABLE group_members (
    app_id    BIGINT NOT NULL,
    group_id  TEXT COLLATE "C" NOT NULL,
    user_id   TEXT COLLATE "C" NOT NULL,
    role      SMALLINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, group_id, user_id),
    FOREIGN KEY (app_id, group_id) REFERENCES chat_groups (app_id, group_id)
);

CREATE INDEX group_members_by_user ON group_members (app_id, user_id);
