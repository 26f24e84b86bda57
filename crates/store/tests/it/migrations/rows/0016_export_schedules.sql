INSERT INTO export_schedules (app_id, id, name, calendar, time_zone, export, destination, keep_last, keep_days, paused, next_at,
    job, last_run, version, created_at, created_by, updated_at, updated_by) VALUES
    (1400000001, 1, '每晚', '{"kind":"daily","time":"03:00"}', 'Asia/Shanghai', '{"format":"csv"}', 'nightly', 7, 30, 0,
        1795700000000, '', '{"state":"failed","at":"2026-11-22T00:00:00.000Z","error":"The folder is not there."}', 1,
        1795000010000, 'operator:1', 1795000010000, 'operator:1');
INSERT INTO export_schedule_files (app_id, schedule_id, job_id, destination, location, created_at, expires_at) VALUES
    (1400000001, 1, 'old', 'nightly', '1400000001/1/nightly.csv', 1795000010000, 1797600000000);
