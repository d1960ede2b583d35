-- How long a target was given rest because it answered late; committed with
-- the batches of its task. Proxies of before did not tell it.
ALTER TABLE task ADD COLUMN rested_ms INTEGER NOT NULL DEFAULT 0;
