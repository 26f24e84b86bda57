INSERT INTO call_limits (app_id, bulk, other, updated_at, updated_by) VALUES
    (1400000001, 4294967295, 0, 1795000000002, 'operator:1');
