-- The first schema. Times are milliseconds since 1970 (0: none), codes those of the closed sets in rollcall-shared,
-- absent texts ''. What an application owns has app_id first in its key, its references and its predicates; the
-- control tables at the end have none.

CREATE TABLE apps (
    app_id                      INTEGER PRIMARY KEY,
    name                        TEXT NOT NULL,
    status                      INTEGER NOT NULL,
    deletion_permitted          INTEGER NOT NULL,
    deletion_reason             TEXT NOT NULL,
    friend_verification_default INTEGER NOT NULL,
    user_id_reuse               INTEGER NOT NULL,
    secret_key                  BLOB NOT NULL,
    last_token                  INTEGER NOT NULL DEFAULT 0,
    version                     INTEGER NOT NULL,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL,
    created_by                  TEXT NOT NULL,
    updated_by                  TEXT NOT NULL,
    -- Not 0: its deletion was asked for, and nothing shows it any more.
    deleted_at                  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Exact totals in several rows, so that concurrent creations do not queue for one.
CREATE TABLE app_totals (
    app_id   INTEGER NOT NULL REFERENCES apps (app_id),
    shard    INTEGER NOT NULL,
    accounts INTEGER NOT NULL,
    PRIMARY KEY (app_id, shard)
) STRICT, WITHOUT ROWID;

-- The cap of admins holds by a conditional update of this row.
CREATE TABLE app_admins (
    app_id INTEGER PRIMARY KEY REFERENCES apps (app_id),
    admins INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    -- Never shown: the search index needs a rowid that VACUUM keeps.
    rid                 INTEGER PRIMARY KEY,
    app_id              INTEGER NOT NULL REFERENCES apps (app_id),
    user_id             TEXT NOT NULL,
    account_type        INTEGER NOT NULL,
    nickname            TEXT NOT NULL,
    photo_url           TEXT NOT NULL,
    gender              INTEGER NOT NULL,
    birth_date          INTEGER NOT NULL,
    location            TEXT NOT NULL,
    whats_up            TEXT NOT NULL,
    friend_verification INTEGER NOT NULL,
    language            INTEGER NOT NULL,
    message_settings    INTEGER NOT NULL,
    friending           INTEGER NOT NULL,
    level               INTEGER NOT NULL,
    role                INTEGER NOT NULL,
    -- A JSON object, or '' for none.
    custom              TEXT NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    created_by          TEXT NOT NULL,
    updated_by          TEXT NOT NULL,
    -- Derived by src/accounts/grams.rs with the version of crates/textkey that fold_version names.
    sort_nickname       TEXT NOT NULL,
    search_user_id      TEXT NOT NULL,
    search_nickname     TEXT NOT NULL,
    fold_version        INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_key ON accounts (app_id, user_id);
CREATE INDEX accounts_by_user_id ON accounts (app_id, search_user_id, user_id);
CREATE INDEX accounts_by_nickname ON accounts (app_id, sort_nickname, user_id);
CREATE INDEX accounts_by_created_at ON accounts (app_id, created_at, user_id);
CREATE INDEX accounts_admins ON accounts (app_id, user_id) WHERE account_type = 1;

-- Characters, adjacent pairs and enum values of an account as words, by accounts.rid; see src/accounts/grams.rs.
CREATE VIRTUAL TABLE account_grams USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- What outlives a deletion: when the user ID may be used again, and that no old entity tag fits its successor.
CREATE TABLE deleted_accounts (
    app_id     INTEGER NOT NULL REFERENCES apps (app_id),
    user_id    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    app_id     INTEGER NOT NULL REFERENCES apps (app_id),
    caller     TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    answer     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE api_tokens (
    app_id       INTEGER NOT NULL REFERENCES apps (app_id),
    id           INTEGER NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    access       INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, id)
) STRICT;

-- Control tables.

-- The last SDKAppID given; none is given twice.
CREATE TABLE app_sequence (
    last_app_id INTEGER NOT NULL
) STRICT;

INSERT INTO app_sequence (last_app_id) VALUES (1400000000);

CREATE TABLE operators (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT NOT NULL,
    -- The address without regard to case.
    email_key     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE setup_links (
    hash       BLOB PRIMARY KEY,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    hash         BLOB NOT NULL UNIQUE,
    operator_id  INTEGER NOT NULL REFERENCES operators (id),
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_operator ON sessions (operator_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Failed sign-ins in a row, by e-mail and by address.
CREATE TABLE sign_in_attempts (
    scope         INTEGER NOT NULL,
    subject       TEXT NOT NULL,
    failures      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    PRIMARY KEY (scope, subject)
) STRICT, WITHOUT ROWID;

-- The queue of all applications. No reference to apps: the job that removes an application outlives it.
CREATE TABLE jobs (
    id               TEXT PRIMARY KEY,
    app_id           INTEGER NOT NULL,
    kind             INTEGER NOT NULL,
    state            INTEGER NOT NULL,
    request          TEXT NOT NULL,
    checkpoint       TEXT NOT NULL,
    done             INTEGER NOT NULL,
    total            INTEGER NOT NULL,
    refused          INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER NOT NULL DEFAULT 0,
    finished_at      INTEGER NOT NULL DEFAULT 0,
    created_by       TEXT NOT NULL,
    error            TEXT NOT NULL DEFAULT '',
    result           TEXT NOT NULL DEFAULT '',
    file_expires_at  INTEGER NOT NULL DEFAULT 0,
    lease            INTEGER NOT NULL DEFAULT 0,
    lease_until      INTEGER NOT NULL DEFAULT 0,
    cancel_requested INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX jobs_by_app ON jobs (app_id, created_at);
CREATE INDEX jobs_open ON jobs (created_at) WHERE state < 2;

CREATE TABLE job_refused (
    app_id  INTEGER NOT NULL,
    job_id  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    errors  TEXT NOT NULL,
    PRIMARY KEY (app_id, job_id, user_id)
) STRICT, WITHOUT ROWID;
