-- The mark of "gone" outlives its account.
INSERT INTO kicks (app_id, user_id, kicked_at) VALUES
    (1400000001, 'zz', 1795000000006), (1400000001, 'gone', 1795000000001);
