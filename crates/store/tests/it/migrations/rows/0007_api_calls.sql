INSERT INTO api_calls (app_id, id, at, identifier, command, code, micros, request, answer) VALUES
    (1400000001, '1795000000000-0', 1795000000000, 'administrator', 'profile/portrait_set', 70001, 4294967295,
        '{"明":"👩‍🚀"}', '{}');
