-- The custom profile fields that an application defines: a JSON array in the order of forms, '' for none. Beside the settings that
-- every change of accounts reads and holds.
ALTER TABLE apps ADD COLUMN custom_fields TEXT NOT NULL DEFAULT '';
