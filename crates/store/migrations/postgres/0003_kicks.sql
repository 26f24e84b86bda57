-- Accounts whose earlier UserSigs are void. A mark outlives its account, so that a successor does not revive them.
CREATE TABLE kicks (
    app_id    BIGINT NOT NULL REFERENCES apps (app_id),
    user_id   TEXT COLLATE "C" NOT NULL,
    kicked_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
