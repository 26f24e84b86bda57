-- The indexes of the lists hold all that a filter names, so that a walk in search of hits reads rows for hits only.
DROP INDEX accounts_by_user_id;
DROP INDEX accounts_by_nickname;
DROP INDEX accounts_by_created_at;
CREATE INDEX accounts_by_user_id ON accounts (app_id, search_user_id, user_id)
    INCLUDE (search_nickname, account_type, gender, friend_verification, friending, created_at);
CREATE INDEX accounts_by_nickname ON accounts (app_id, sort_nickname, user_id)
    INCLUDE (search_user_id, search_nickname, account_type, gender, friend_verification, friending, created_at);
CREATE INDEX accounts_by_created_at ON accounts (app_id, created_at, user_id)
    INCLUDE (search_user_id, search_nickname, account_type, gender, friend_verification, friending);
