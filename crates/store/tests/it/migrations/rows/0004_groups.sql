-- The owner's account of the second is gone.
INSERT INTO chat_groups (app_id, group_id, group_type, name, owner, introduction, notification, face_url, max_members,
    join_option, created_at, created_by) VALUES
    (1400000001, '@TGS#明', 1, '群 👩‍🚀', 'zz', '简介', '', '', 0, 1, 1795000000007, 'admin:administrator'),
    (1400000001, '@TGS#2', 3, 'n', '', '', '', 'https://example.org/', 4294967295, 0, 1795000000008, 'system');
INSERT INTO group_members (app_id, group_id, user_id, role, joined_at) VALUES
    (1400000001, '@TGS#明', 'zz', 2, 1795000000007), (1400000001, '@TGS#明', 'ming_1', 1, 1795000000008);
