-- Proxies that had a task of a target on another host and could not read it:
-- none of them has it once more.
CREATE TABLE task_tried (
	task INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
	agent INTEGER NOT NULL REFERENCES agent ON DELETE CASCADE,
	why TEXT NOT NULL,
	PRIMARY KEY (task, agent)
) WITHOUT ROWID;
CREATE INDEX task_tried_agent ON task_tried (agent);
