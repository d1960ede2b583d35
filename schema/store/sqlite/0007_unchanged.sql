-- What held nothing at the last such scan and did not change is not read again.
ALTER TABLE scan ADD COLUMN skip_unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0;
