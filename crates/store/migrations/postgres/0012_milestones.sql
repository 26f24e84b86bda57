-- Samples of the orders of an application's accounts, so that a page can begin anywhere without counting its way there. Derived
-- from the accounts and taken anew now and then; see src/accounts/milestones.rs.
CREATE TABLE milestone_sets (
    app_id      BIGINT NOT NULL REFERENCES apps (app_id),
    field       SMALLINT NOT NULL,
    -- How many accounts there were when the samples were taken; 0 for no samples yet.
    accounts    BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    -- Until then the server with this lease takes them; nobody else does.
    lease       BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (app_id, field)
);

-- Each so-many-th key of an order, ascending, and how many keys stood before it. An instant is the number, a text the text.
CREATE TABLE milestones (
    app_id  BIGINT NOT NULL REFERENCES apps (app_id),
    field   SMALLINT NOT NULL,
    place   BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    text    TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (app_id, field, place)
);
