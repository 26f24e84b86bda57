INSERT INTO call_windows (app_id, kind, second, taken) VALUES (1400000001, 0, 1795000000, 200);
