-- Targets on other hosts and the proxies that read them. A target of its own
-- kind ("sftp") has the address that it is read at; it stays when nobody scans
-- it any more, with what was found there, and is taken again for that address.
ALTER TABLE target ADD COLUMN url TEXT NOT NULL DEFAULT '';
-- 1: nobody scans it any more and nothing was ever found there.
ALTER TABLE target ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
CREATE INDEX target_url ON target (url) WHERE url <> '';

-- What a proxy says of itself, one a line: schemes that it reads, and names of
-- credentials that it keeps. Their values never come here.
ALTER TABLE agent ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN credentials TEXT NOT NULL DEFAULT '';

CREATE TABLE proxy_group (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE COLLATE NOCASE,
	created INTEGER NOT NULL
);

CREATE TABLE proxy_member (
	grp INTEGER NOT NULL REFERENCES proxy_group ON DELETE CASCADE,
	agent INTEGER NOT NULL REFERENCES agent ON DELETE CASCADE,
	PRIMARY KEY (grp, agent)
) WITHOUT ROWID;

-- How a target is read. At most one of proxy and grp is given; none: by any.
CREATE TABLE remote (
	target INTEGER PRIMARY KEY REFERENCES target ON DELETE CASCADE,
	options BLOB NOT NULL,           -- names and values, source/pairs.h
	credential TEXT NOT NULL,        -- its name where it is kept, or empty
	proxy INTEGER REFERENCES agent,
	grp INTEGER REFERENCES proxy_group
);
CREATE INDEX remote_proxy ON remote (proxy);
CREATE INDEX remote_grp ON remote (grp);

-- The address as it was when the task was made; empty: paths of the scan.
ALTER TABLE task ADD COLUMN url TEXT NOT NULL DEFAULT '';
CREATE INDEX task_waiting ON task (id) WHERE agent IS NULL AND state = 1;
