UPDATE apps SET webhook_events = 7 WHERE app_id = 1400000001;
INSERT INTO webhooks (app_id, url, token, lease_until, lease, next_at, updated_at, updated_by) VALUES
    (1400000001, 'https://example.org/明', CAST('sealed' AS BLOB), 1795000060000, 1, 0, 1795000000002, 'operator:1');
INSERT INTO outbox (app_id, id, event, happened, created_at, created_by, state, attempts, tried_at, status, answer,
    millis) VALUES
    (1400000001, 'waits', 0, '{"imported":["ming_1","%"]}', 1795000000003, 'admin:administrator', 0, 2,
        1795000000004, 503, '忙', 10000),
    (1400000001, 'told', 1, '{"deleted":["gone"]}', 1795000000002, 'system', 1, 1, 1795000000003, 200, '{}', 5);
