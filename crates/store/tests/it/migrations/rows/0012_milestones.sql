INSERT INTO milestone_sets (app_id, field, accounts, taken_at, lease, lease_until) VALUES (1400000001, 0, 3, 1795000000000, 1, 0);
INSERT INTO milestones (app_id, field, place, number, text, user_id) VALUES (1400000001, 0, 0, 0, 'ada', 'ada');
