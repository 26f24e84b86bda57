-- The indexes of the lists hold what is searched, so that a walk in search of hits reads no other rows. An entry takes
-- at most 2,700 bytes; whatever is longer than a search key may be was written by an earlier folding.
UPDATE accounts SET search_nickname = left(search_nickname, 512) WHERE octet_length(search_nickname) > 2048;
DROP INDEX accounts_by_user_id;
DROP INDEX accounts_by_nickname;
DROP INDEX accounts_by_created_at;
CREATE INDEX accounts_by_user_id ON accounts (app_id, search_user_id, user_id) INCLUDE (search_nickname);
CREATE INDEX accounts_by_nickname ON accounts (app_id, sort_nickname, user_id)
    INCLUDE (search_user_id, search_nickname);
CREATE INDEX accounts_by_created_at ON accounts (app_id, created_at, user_id)
    INCLUDE (search_user_id, search_nickname);
