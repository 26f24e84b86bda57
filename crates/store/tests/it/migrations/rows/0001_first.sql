UPDATE app_sequence SET last_app_id = 1400000004;

-- Alpha has accounts, Beta is disabled and empty, of Asked the end was asked for; a fourth is gone.
INSERT INTO apps (app_id, name, status, deletion_permitted, deletion_reason, friend_verification_default, user_id_reuse,
    secret_key, last_token, version, created_at, updated_at, created_by, updated_by, deleted_at) VALUES
    (1400000001, 'Alpha 明 👩‍🚀 ''"\', 0, 1, '', 1, 0, CAST('alpha''s key' AS BLOB), 7, 9223372036854775807,
        1795000000000, 1795000000009, 'system', 'operator:1', 0),
    (1400000002, 'Beta', 1, 0, '要保留', 2, 1, CAST('' AS BLOB), 0, 2, 1795000000000, 1795000000001, 'operator:2',
        'token:7', 0),
    (1400000003, 'Asked', 0, 1, '', 1, 0, CAST('k' AS BLOB), 0, 3, 1795000000000, 1795000000009, 'system', 'system',
        1795000000009);

-- One shard was only ever taken from.
INSERT INTO app_totals (app_id, shard, accounts) VALUES
    (1400000001, 0, 5), (1400000001, 3, -2), (1400000001, 8, 0), (1400000001, 15, 17);
INSERT INTO app_admins (app_id, admins) VALUES (1400000001, 10), (1400000002, 0), (1400000003, 0);

-- "zz" was created again after its deletion, "gone" was not.
INSERT INTO deleted_accounts (app_id, user_id, created_at, deleted_at) VALUES
    (1400000001, 'zz', 1794000000000, 1794500000000), (1400000001, 'gone', 1795000000001, 1795000000005);

INSERT INTO idempotency_keys (app_id, caller, key, body_hash, answer, created_at) VALUES
    (1400000001, 'token:7', 'k 明', CAST('0123456789abcdef0123456789abcdef' AS BLOB),
        '{"Err":"AdminLimit"}', 1795000000004);
INSERT INTO api_tokens (app_id, id, hash, name, access, created_at, created_by, expires_at) VALUES
    (1400000001, 7, CAST('0123456789abcdef0123456789abcdef' AS BLOB), '令牌 🔑', 1, 1795000000000, 'operator:1',
        1895000000000);

INSERT INTO operators (email, email_key, name, password_hash, created_at, updated_at) VALUES
    ('Op1@Example.org', 'op1@example.org', 'Élodie 明 👋', '$argon2id$x', 1795000000001, 1795000000001),
    ('op2@example.org', 'op2@example.org', 'op2', '$argon2id$y', 1795000000001, 1795000000001);
INSERT INTO setup_links (hash, created_at, expires_at) VALUES
    (CAST('0123456789abcdef0123456789abcdef' AS BLOB), 1795000000001, 1895000000000);
INSERT INTO sessions (hash, operator_id, user_agent, address, created_at, last_seen_at, expires_at) VALUES
    (CAST('0123456789abcdef0123456789abcdef' AS BLOB), 1, '明 👩‍🚀', '2001:db8::1', 1795000000001,
        1795000000001, 1895000000000);
INSERT INTO sign_in_attempts (scope, subject, failures, last_at, blocked_until) VALUES
    (0, 'op2@example.org', 4, 1795000000001, 1895000000000), (1, '192.0.2.1', 1, 1795000000001, 0);

-- One under way by a server that is gone, one that waits, one that is done.
INSERT INTO jobs (id, app_id, kind, state, request, checkpoint, done, total, refused, created_at, started_at,
    finished_at, created_by, error, result, file_expires_at, lease, lease_until, cancel_requested) VALUES
    ('half', 1400000001, 1, 1, '{"note":"\"明\"\n👩‍🚀"}', '"ming_1"', 10, 100, 1, 1795000000008, 1795000000009,
        0, 'operator:1', '', '', 0, 3, 1795000030000, 0),
    ('waits', 1400000003, 4, 0, 'null', 'null', 0, 1, 0, 1795000000009, 0, 0, 'system', '', '', 0, 0, 0, 0),
    ('done', 1400000001, 1, 2, '{}', 'null', 1, 1, 0, 1795000000001, 1795000000002, 1795000000003,
        'admin:administrator', '', '', 0, 1, 0, 0);
INSERT INTO job_refused (app_id, job_id, user_id, errors) VALUES
    (1400000001, 'half', 'administrator',
        '[{"field":"user_id","code":"protected_account","message":"It stays.","params":{}}]');
