-- The ledger of what was not fully read, place by place: row 0 is the object
-- (with the first place in it that was not read), rows from 1 on are further
-- places. Counts that are 0 were not told by the agent of then.
CREATE TABLE ledger (
	task INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
	path BLOB NOT NULL,
	number INTEGER NOT NULL,
	place BLOB NOT NULL,
	coverage INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	parser TEXT NOT NULL,            -- who met the place, "zip"
	detail BLOB NOT NULL,            -- further words
	size INTEGER NOT NULL,           -- of the object, in every row of it
	read INTEGER NOT NULL,
	folder INTEGER NOT NULL,         -- 1: it is one
	members INTEGER NOT NULL,
	members_partial INTEGER NOT NULL,
	members_unread INTEGER NOT NULL,
	places INTEGER NOT NULL,         -- of the object, those without a row too
	PRIMARY KEY (task, path, number)
) WITHOUT ROWID;
INSERT INTO ledger SELECT task, path,
	row_number() OVER (PARTITION BY task, path ORDER BY place) - 1,
	place, coverage, reason, '', x'', size, read, 0, 0, 0, 0, 1
	FROM coverage;
DROP TABLE coverage;
CREATE INDEX ledger_reason ON ledger (task, reason);

CREATE TABLE ledger_total (
	task INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
	coverage INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	objects INTEGER NOT NULL,        -- rows 0 of the ledger
	places INTEGER NOT NULL,         -- rows of the ledger
	bytes INTEGER NOT NULL,          -- of these objects, not read
	PRIMARY KEY (task, coverage, reason)
) WITHOUT ROWID;
INSERT INTO ledger_total SELECT task, coverage, reason, sum(number = 0),
	count(*), sum(CASE WHEN number = 0 THEN max(size - read, 0) ELSE 0 END)
	FROM ledger GROUP BY 1, 2, 3;
DROP TABLE coverage_total;

-- Committed with the batches of a task.
ALTER TABLE task ADD COLUMN folders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN members INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN members_partial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN members_unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN unread_bytes INTEGER NOT NULL DEFAULT 0;

-- What one object may cost: "depth=4,output=1073741824", or empty.
ALTER TABLE scan ADD COLUMN limits TEXT NOT NULL DEFAULT '';
