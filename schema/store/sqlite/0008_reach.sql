-- How a target on another host was read by a task: options as source/pairs.h
-- has them, and the name of the credential. x'00': by more than one order.
ALTER TABLE task ADD COLUMN options BLOB NOT NULL DEFAULT x'';
ALTER TABLE task ADD COLUMN credential TEXT NOT NULL DEFAULT '';
UPDATE task SET
	options = ifnull((SELECT options FROM remote
	                  WHERE remote.target = task.target), x''),
	credential = ifnull((SELECT credential FROM remote
	                     WHERE remote.target = task.target), '')
	WHERE url <> '';
