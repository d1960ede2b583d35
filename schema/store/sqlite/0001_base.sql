-- The first shape of the store. A file here never changes once it is released:
-- what comes later is a new number.
--
-- Times are milliseconds since 1970, days are days since 1970 (UTC). Paths,
-- places and what was cut from content are BLOBs: bytes need not be UTF-8, and
-- a BLOB compares bytewise, so that a prefix is a range of an index.
-- Enumerated columns are the numbers of master/store/words.h and common/model.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value
) WITHOUT ROWID;

-- People -------------------------------------------------------------------

CREATE TABLE user (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE COLLATE NOCASE,
	password TEXT NOT NULL,          -- argon2id string
	role TEXT NOT NULL,
	created INTEGER NOT NULL,
	signed_in INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE session (
	id BLOB PRIMARY KEY,             -- SHA-256 of what the browser holds
	user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
	created INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	address TEXT NOT NULL,
	client TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

CREATE TABLE audit (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	user INTEGER,                    -- NULL: the system or the command line
	actor TEXT NOT NULL,
	address TEXT NOT NULL,
	action TEXT NOT NULL,            -- "scan.create"
	subject TEXT NOT NULL,           -- "scan 7"
	detail TEXT NOT NULL             -- JSON
);
CREATE INDEX audit_subject ON audit (subject, id);

-- Agents and what they look after ------------------------------------------

CREATE TABLE token (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name_id BLOB NOT NULL UNIQUE,    -- first 8 bytes of its key
	key BLOB,                        -- SHA-256 of its secret, NULL once used up
	name TEXT NOT NULL,
	grp TEXT NOT NULL,
	created INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	uses_left INTEGER NOT NULL,
	uses INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE agent (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	grp TEXT NOT NULL,
	state INTEGER NOT NULL,
	online INTEGER NOT NULL DEFAULT 0,
	fingerprint TEXT NOT NULL,       -- of its public key
	serial BLOB,                     -- of its certificate, NULL: none yet
	cert_until INTEGER NOT NULL DEFAULT 0,
	csr BLOB,                        -- what waits to be signed
	incarnation BLOB NOT NULL,
	program TEXT NOT NULL,
	build TEXT NOT NULL,
	os TEXT NOT NULL,
	kernel TEXT NOT NULL,
	arch TEXT NOT NULL,
	cpus INTEGER NOT NULL,
	memory INTEGER NOT NULL,
	addresses TEXT NOT NULL,         -- its own words, one a line
	address TEXT NOT NULL,           -- where it connected from
	token INTEGER REFERENCES token ON DELETE SET NULL,
	created INTEGER NOT NULL,
	seen INTEGER NOT NULL
);
CREATE INDEX agent_fingerprint ON agent (fingerprint);
CREATE INDEX agent_name ON agent (name);
CREATE INDEX agent_token ON agent (token);

CREATE TABLE stream_seq (
	agent INTEGER NOT NULL REFERENCES agent ON DELETE CASCADE,
	incarnation BLOB NOT NULL,
	stream INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (agent, incarnation, stream)
) WITHOUT ROWID;

CREATE TABLE target (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	agent INTEGER REFERENCES agent ON DELETE SET NULL,
	kind TEXT NOT NULL,              -- "host"
	name TEXT NOT NULL,
	grp TEXT NOT NULL,
	created INTEGER NOT NULL,
	scanned INTEGER NOT NULL DEFAULT 0, -- end of its last whole scan
	findings INTEGER NOT NULL DEFAULT 0, -- open and confirmed
	critical INTEGER NOT NULL DEFAULT 0, -- of these
	matches INTEGER NOT NULL DEFAULT 0   -- of these findings
);
CREATE INDEX target_agent ON target (agent);
CREATE INDEX target_group ON target (grp, name);
CREATE INDEX target_worst ON target (critical DESC, findings DESC);

-- Scans --------------------------------------------------------------------

CREATE TABLE scan (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	state INTEGER NOT NULL,          -- enum task_state, of all tasks
	types TEXT NOT NULL,             -- ids and globs, one a line
	min_confidence INTEGER NOT NULL,
	jobs INTEGER NOT NULL,
	bytes_per_second INTEGER NOT NULL,
	created INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	started INTEGER NOT NULL DEFAULT 0,
	finished INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX scan_state ON scan (state);

CREATE TABLE scan_path (
	scan INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
	n INTEGER NOT NULL,
	path BLOB NOT NULL,
	PRIMARY KEY (scan, n)
) WITHOUT ROWID;

CREATE TABLE task (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	scan INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
	agent INTEGER REFERENCES agent ON DELETE SET NULL,
	target INTEGER NOT NULL REFERENCES target,
	state INTEGER NOT NULL,          -- enum task_state
	wanted INTEGER NOT NULL DEFAULT 0, -- enum task_action asked for
	outcome INTEGER NOT NULL DEFAULT 0, -- what its last batch said
	swept INTEGER NOT NULL DEFAULT 0, -- 1: what is gone has been marked
	message TEXT NOT NULL DEFAULT '',
	started INTEGER NOT NULL DEFAULT 0,
	finished INTEGER NOT NULL DEFAULT 0,
	moved INTEGER NOT NULL DEFAULT 0, -- when it last made progress
	-- committed with its batches
	objects INTEGER NOT NULL DEFAULT 0,
	bytes INTEGER NOT NULL DEFAULT 0,
	full INTEGER NOT NULL DEFAULT 0,
	partial INTEGER NOT NULL DEFAULT 0,
	unread INTEGER NOT NULL DEFAULT 0,
	matches INTEGER NOT NULL DEFAULT 0,
	-- last progress that was told
	done_objects INTEGER NOT NULL DEFAULT 0,
	done_bytes INTEGER NOT NULL DEFAULT 0,
	total_objects INTEGER NOT NULL DEFAULT 0,
	total_bytes INTEGER NOT NULL DEFAULT 0,
	total_exact INTEGER NOT NULL DEFAULT 0,
	rate INTEGER NOT NULL DEFAULT 0, -- bytes a second
	current BLOB NOT NULL DEFAULT x''
);
CREATE INDEX task_scan ON task (scan);
CREATE INDEX task_agent ON task (agent, state);
CREATE INDEX task_target ON task (target);
CREATE INDEX task_unswept ON task (id) WHERE outcome > 0 AND swept = 0;

-- What was not fully read, and why.
CREATE TABLE coverage (
	task INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
	path BLOB NOT NULL,
	place BLOB NOT NULL,
	coverage INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	size INTEGER NOT NULL,
	read INTEGER NOT NULL,
	PRIMARY KEY (task, path, place)
) WITHOUT ROWID;

CREATE TABLE coverage_total (
	task INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
	coverage INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	PRIMARY KEY (task, coverage, reason)
) WITHOUT ROWID;

-- Findings -----------------------------------------------------------------

CREATE TABLE type (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,       -- "card_visa"
	title TEXT NOT NULL,
	category TEXT NOT NULL,
	risk INTEGER NOT NULL,
	countries TEXT NOT NULL,
	source TEXT NOT NULL,
	position INTEGER NOT NULL        -- in the catalogue, -1: not in it
);

-- A folder of the tree of a target: counts are of open and confirmed findings
-- in it and everywhere below.
CREATE TABLE folder (
	id INTEGER PRIMARY KEY,
	target INTEGER NOT NULL REFERENCES target,
	parent INTEGER REFERENCES folder,
	path BLOB NOT NULL,
	findings INTEGER NOT NULL DEFAULT 0,
	critical INTEGER NOT NULL DEFAULT 0,
	matches INTEGER NOT NULL DEFAULT 0,
	UNIQUE (target, path)
);
CREATE INDEX folder_parent ON folder (parent, path);

CREATE TABLE object (
	id INTEGER PRIMARY KEY,
	target INTEGER NOT NULL REFERENCES target,
	folder INTEGER NOT NULL REFERENCES folder,
	path BLOB NOT NULL,
	task INTEGER NOT NULL,           -- the one that last met it
	size INTEGER NOT NULL,
	mtime INTEGER NOT NULL,          -- seconds
	mode INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	gid INTEGER NOT NULL,
	coverage INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	members INTEGER NOT NULL,
	UNIQUE (target, path)
);
CREATE INDEX object_folder ON object (folder);

CREATE TABLE finding (
	id INTEGER PRIMARY KEY,          -- grows: the order in which it was found
	object INTEGER NOT NULL REFERENCES object,
	type INTEGER NOT NULL REFERENCES type,
	target INTEGER NOT NULL,
	state INTEGER NOT NULL,
	risk INTEGER NOT NULL,
	level INTEGER NOT NULL,          -- the best of its matches
	confidence INTEGER NOT NULL,     -- the best of its matches
	matches INTEGER NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	scan INTEGER NOT NULL,           -- that last met it
	task INTEGER NOT NULL,
	version INTEGER NOT NULL,        -- raised by every change, for If-Match
	UNIQUE (object, type)
);
CREATE INDEX finding_risk ON finding (risk, matches DESC, id);
CREATE INDEX finding_matches ON finding (matches, id);
CREATE INDEX finding_state ON finding (state, risk, matches DESC, id);
CREATE INDEX finding_type ON finding (type, risk, matches DESC, id);
CREATE INDEX finding_target ON finding (target, risk, matches DESC, id);
CREATE INDEX finding_scan ON finding (scan, risk, matches DESC, id);

CREATE TABLE match (
	finding INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
	place BLOB NOT NULL,
	offset INTEGER NOT NULL,
	length INTEGER NOT NULL,
	confidence INTEGER NOT NULL,
	level INTEGER NOT NULL,
	reasons INTEGER NOT NULL,
	masked BLOB NOT NULL,
	context BLOB NOT NULL,
	fingerprint BLOB NOT NULL,
	PRIMARY KEY (finding, place, offset)
) WITHOUT ROWID;

CREATE TABLE summary (
	target INTEGER NOT NULL,
	type INTEGER NOT NULL,
	risk INTEGER NOT NULL,
	state INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	matches INTEGER NOT NULL,
	PRIMARY KEY (target, type, risk, state)
) WITHOUT ROWID;

CREATE TABLE summary_total (
	type INTEGER NOT NULL,
	risk INTEGER NOT NULL,
	state INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	matches INTEGER NOT NULL,
	PRIMARY KEY (type, risk, state)
) WITHOUT ROWID;

-- One row a day and risk on which something changed: how many stood open at
-- the end of it, how many came and how many went.
CREATE TABLE daily (
	day INTEGER NOT NULL,
	risk INTEGER NOT NULL,
	open INTEGER NOT NULL,
	found INTEGER NOT NULL,
	closed INTEGER NOT NULL,
	PRIMARY KEY (day, risk)
) WITHOUT ROWID;
