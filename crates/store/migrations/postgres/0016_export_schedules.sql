-- Exports that are made again and again: when, what, where to, and what came of the last run. The files themselves lie in the
-- server's store of files or at destinations that its administrator named.
CREATE TABLE export_schedules (
    app_id      BIGINT NOT NULL REFERENCES apps (app_id),
    -- The next of the application; a number is given once.
    id          BIGINT NOT NULL,
    name        TEXT NOT NULL,
    -- JSON.
    calendar    TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    -- JSON.
    export      TEXT NOT NULL,
    -- The name of a destination; empty for the server's own files.
    destination TEXT NOT NULL,
    -- How many files stay, and for how many days; 0 where it does not matter.
    keep_last   BIGINT NOT NULL,
    keep_days   BIGINT NOT NULL,
    paused      BIGINT NOT NULL,
    -- When it runs next; 0 while it is paused.
    next_at     BIGINT NOT NULL,
    -- The task of the run that is under way; empty for none.
    job         TEXT NOT NULL,
    -- What came of the last run: JSON, empty before the first.
    last_run    TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (app_id, id)
);

CREATE INDEX export_schedules_by_next ON export_schedules (next_at);

-- The files of schedules that are still where they were put, so that none but these are ever removed.
CREATE TABLE export_schedule_files (
    app_id      BIGINT NOT NULL REFERENCES apps (app_id),
    schedule_id BIGINT NOT NULL,
    -- The task that made it.
    job_id      TEXT COLLATE "C" NOT NULL,
    destination TEXT NOT NULL,
    -- Where it lies there; empty for the server's own files, which are found by the task.
    location    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    -- When it goes, if days say so; 0 otherwise.
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (app_id, schedule_id, job_id)
);

CREATE INDEX export_schedule_files_by_end ON export_schedule_files (expires_at);

-- The number of the application's last schedule.
ALTER TABLE apps ADD COLUMN last_schedule BIGINT NOT NULL DEFAULT 0;
-- Which schedule a task works for; 0 for none.
ALTER TABLE jobs ADD COLUMN schedule BIGINT NOT NULL DEFAULT 0;
