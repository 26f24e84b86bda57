-- One is complete, one was begun by a server that is gone.
INSERT INTO erasures (app_id, id, user_hash, erased_at, erased_by, reason, removed, certificate) VALUES
    (1400000001, 'whole', '3973e022e93220f9212c18d0d0c543ae7c309e46640da93a4a0314de999f5112', 1795000000005,
        'operator:1', '请求 ''"\', '{"accounts":1}',
        '{"id":"whole","sdkappid":1400000001,"user_id_sha256":"3973e022e93220f9212c18d0d0c543ae7c309e46640da93a4a0314de999f5112","erased_at":"2026-11-18T11:06:40.005Z","erased_by":"operator:1","reason":"r","removed":[{"table":"accounts","rows":1}],"kept":[],"server_version":"0.1.0","signature":""}'),
    (1400000001, 'half', 'b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a', 1795000000006,
        'operator:1', 'r', '{}', '');
