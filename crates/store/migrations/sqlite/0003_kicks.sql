-- Accounts whose earlier UserSigs are void. A mark outlives its account, so that a successor does not revive them.
CREATE TABLE kicks (
    app_id    INTEGER NOT NULL REFERENCES apps (app_id),
    user_id   TEXT NOT NULL,
    kicked_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, user_id)
) STRICT, WITHOUT ROWID;
