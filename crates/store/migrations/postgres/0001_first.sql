-- The first schema. Times are milliseconds since 1970 (0: none), codes those of the closed sets in rollcall-shared,
-- absent texts ''. What an application owns has app_id first in its key, its references and its predicates; the
-- control tables at the end have none.

CREATE TABLE apps (
    app_id                      BIGINT PRIMARY KEY,
    name                        TEXT NOT NULL,
    status                      SMALLINT NOT NULL,
    deletion_permitted          SMALLINT NOT NULL,
    deletion_reason             TEXT NOT NULL,
    friend_verification_default SMALLINT NOT NULL,
    user_id_reuse               SMALLINT NOT NULL,
    secret_key                  BYTEA NOT NULL,
    last_token                  BIGINT NOT NULL DEFAULT 0,
    version                     BIGINT NOT NULL,
    created_at                  BIGINT NOT NULL,
    updated_at                  BIGINT NOT NULL,
    created_by                  TEXT NOT NULL,
    updated_by                  TEXT NOT NULL,
    -- Not 0: its deletion was asked for, and nothing shows it any more.
    deleted_at                  BIGINT NOT NULL DEFAULT 0
);

-- Exact totals in several rows, so that concurrent creations do not queue for one.
CREATE TABLE app_totals (
    app_id   BIGINT NOT NULL REFERENCES apps (app_id),
    shard    SMALLINT NOT NULL,
    accounts BIGINT NOT NULL,
    PRIMARY KEY (app_id, shard)
);

-- The cap of admins holds by a conditional update of this row.
CREATE TABLE app_admins (
    app_id BIGINT PRIMARY KEY REFERENCES apps (app_id),
    admins BIGINT NOT NULL
);

CREATE TABLE accounts (
    app_id              BIGINT NOT NULL REFERENCES apps (app_id),
    user_id             TEXT COLLATE "C" NOT NULL,
    account_type        SMALLINT NOT NULL,
    nickname            TEXT NOT NULL,
    photo_url           TEXT NOT NULL,
    gender              SMALLINT NOT NULL,
    birth_date          BIGINT NOT NULL,
    location            TEXT NOT NULL,
    whats_up            TEXT NOT NULL,
    friend_verification SMALLINT NOT NULL,
    language            BIGINT NOT NULL,
    message_settings    BIGINT NOT NULL,
    friending           SMALLINT NOT NULL,
    level               BIGINT NOT NULL,
    role                BIGINT NOT NULL,
    -- A JSON object, or '' for none.
    custom              TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    version             BIGINT NOT NULL,
    created_by          TEXT NOT NULL,
    updated_by          TEXT NOT NULL,
    -- Derived by src/accounts/grams.rs with the version of crates/textkey that fold_version names.
    sort_nickname       TEXT COLLATE "C" NOT NULL,
    search_user_id      TEXT COLLATE "C" NOT NULL,
    search_nickname     TEXT COLLATE "C" NOT NULL,
    fold_version        SMALLINT NOT NULL,
    grams               INTEGER[] NOT NULL,
    CONSTRAINT accounts_key PRIMARY KEY (app_id, user_id)
);

CREATE INDEX accounts_by_user_id ON accounts (app_id, search_user_id, user_id);
CREATE INDEX accounts_by_nickname ON accounts (app_id, sort_nickname, user_id);
CREATE INDEX accounts_by_created_at ON accounts (app_id, created_at, user_id);
CREATE INDEX accounts_admins ON accounts (app_id, user_id) WHERE account_type = 1;
CREATE INDEX accounts_by_gram ON accounts USING gin (grams) WITH (fastupdate = on, gin_pending_list_limit = 256);


-- What outlives a deletion: when the user ID may be used again, and that no old entity tag fits its successor.
CREATE TABLE deleted_accounts (
    app_id     BIGINT NOT NULL REFERENCES apps (app_id),
    user_id    TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id)
);

CREATE TABLE idempotency_keys (
    app_id     BIGINT NOT NULL REFERENCES apps (app_id),
    caller     TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    body_hash  BYTEA NOT NULL,
    answer     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, caller, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE api_tokens (
    app_id       BIGINT NOT NULL REFERENCES apps (app_id),
    id           BIGINT NOT NULL,
    hash         BYTEA NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    access       SMALLINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, id)
);

-- Control tables.

-- The last SDKAppID given; none is given twice.
CREATE TABLE app_sequence (
    last_app_id BIGINT NOT NULL
);

INSERT INTO app_sequence (last_app_id) VALUES (1400000000);

CREATE TABLE operators (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         TEXT NOT NULL,
    -- The address without regard to case.
    email_key     TEXT COLLATE "C" NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

CREATE TABLE setup_links (
    hash       BYTEA PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash         BYTEA NOT NULL UNIQUE,
    operator_id  BIGINT NOT NULL REFERENCES operators (id),
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE INDEX sessions_by_operator ON sessions (operator_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Failed sign-ins in a row, by e-mail and by address.
CREATE TABLE sign_in_attempts (
    scope         SMALLINT NOT NULL,
    subject       TEXT COLLATE "C" NOT NULL,
    failures      BIGINT NOT NULL,
    last_at       BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    PRIMARY KEY (scope, subject)
);

-- The queue of all applications. No reference to apps: the job that removes an application outlives it.
CREATE TABLE jobs (
    id               TEXT COLLATE "C" PRIMARY KEY,
    app_id           BIGINT NOT NULL,
    kind             SMALLINT NOT NULL,
    state            SMALLINT NOT NULL,
    request          TEXT NOT NULL,
    checkpoint       TEXT NOT NULL,
    done             BIGINT NOT NULL,
    total            BIGINT NOT NULL,
    refused          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    started_at       BIGINT NOT NULL DEFAULT 0,
    finished_at      BIGINT NOT NULL DEFAULT 0,
    created_by       TEXT NOT NULL,
    error            TEXT NOT NULL DEFAULT '',
    result           TEXT NOT NULL DEFAULT '',
    file_expires_at  BIGINT NOT NULL DEFAULT 0,
    lease            BIGINT NOT NULL DEFAULT 0,
    lease_until      BIGINT NOT NULL DEFAULT 0,
    cancel_requested SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX jobs_by_app ON jobs (app_id, created_at);
CREATE INDEX jobs_open ON jobs (created_at) WHERE state < 2;

CREATE TABLE job_refused (
    app_id  BIGINT NOT NULL,
    job_id  TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    errors  TEXT NOT NULL,
    PRIMARY KEY (app_id, job_id, user_id)
);
