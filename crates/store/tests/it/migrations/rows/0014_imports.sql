INSERT INTO imports (app_id, id, file_name, bytes, received, reading, preview, problem, settings, review, findings, review_job,
    apply_job, undo_job, applied_at, created_at, created_by, expires_at) VALUES
    (1400000001, 'import', '用户.csv', 100, 50, '{}', '', '', '', '', '', '', '', '', 0, 1795000009000, 'operator:1',
        1795600009000);
INSERT INTO import_mappings (app_id, columns) VALUES (1400000001, '{"Nick":"nickname"}');
