UPDATE apps SET custom_fields = '[]' WHERE app_id = 1400000002;
UPDATE accounts SET custom = '{"Hobby":"围棋 👩‍🚀\n"}' WHERE user_id = 'zz';
