UPDATE call_limits SET pushes = 3 WHERE app_id = 1400000001;
INSERT INTO pushes (app_id, task_id, random, from_account, body, created_at, created_by, expires_at, accounts, sent,
    received, has_deliveries) VALUES
    (1400000001, 'task', 4294967295, 'administrator',
        '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"你好 👋"}}]', 1795000008000, 'system', 1795000608000, 20, 1, 0,
        1);
INSERT INTO push_deliveries (app_id, task_id, user_id, session_id, claims, received_at) VALUES
    (1400000001, 'task', 'zz', 's', 1, 0);
