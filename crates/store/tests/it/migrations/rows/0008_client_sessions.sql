INSERT INTO servers (server_id, seen_until) VALUES ('server', 1795000060000);
INSERT INTO client_sessions (app_id, user_id, session_id, server_id, platform, since, ended) VALUES
    (1400000001, 'zz', 's', 'server', 'Web', 1795000007000, 0),
    (1400000001, 'ming_1', 't', 'lost', 'Android', 1795000006000, 1);
