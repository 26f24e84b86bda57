-- Samples of the orders of an application's accounts, so that a page can begin anywhere without counting its way there. Derived
-- from the accounts and taken anew now and then; see src/accounts/milestones.rs.
CREATE TABLE milestone_sets (
    app_id      INTEGER NOT NULL REFERENCES apps (app_id),
    field       INTEGER NOT NULL,
    -- How many accounts there were when the samples were taken; 0 for no samples yet.
    accounts    INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    -- Until then the server with this lease takes them; nobody else does.
    lease       INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (app_id, field)
) STRICT, WITHOUT ROWID;

-- Each so-many-th key of an order, ascending, and how many keys stood before it. An instant is the number, a text the text.
CREATE TABLE milestones (
    app_id  INTEGER NOT NULL REFERENCES apps (app_id),
    field   INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    text    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (app_id, field, place)
) STRICT, WITHOUT ROWID;
