#include "master/store/q_agents.h"

#include "master/store/sql.h"

#define AGENT_COLUMNS                                                          \
	"SELECT a.id, ifnull(a.token, 0), a.name, a.grp, a.state, a.online,"   \
	" a.fingerprint, a.serial, a.csr, a.cert_until, a.incarnation,"        \
	" a.program, a.build, a.os, a.kernel, a.arch, a.cpus, a.memory,"       \
	" a.addresses, a.address, a.created, a.seen, ifnull(a.load, -1),"      \
	" ifnull(t.id, 0), ifnull(t.findings, 0), ifnull(t.critical, 0),"      \
	" (SELECT count(*) FROM task k WHERE k.agent = a.id AND k.state = 2)," \
	" a.kinds, a.credentials"                                              \
	" FROM agent a LEFT JOIN target t ON t.agent = a.id"

static void
read_row(struct sql *q, struct agent_row *r)
{
	*r = (struct agent_row){
	    .id = sql_get_num(q, 0),
	    .token = sql_get_num(q, 1),
	    .name = sql_get_span(q, 2),
	    .group = sql_get_span(q, 3),
	    .state = (uint8_t)sql_get(q, 4),
	    .online = sql_get(q, 5) != 0,
	    .fingerprint = sql_get_span(q, 6),
	    .serial = sql_get_span(q, 7),
	    .csr = sql_get_span(q, 8),
	    .cert_until = sql_get(q, 9),
	    .incarnation = sql_get_span(q, 10),
	    .program = sql_get_span(q, 11),
	    .build = sql_get_span(q, 12),
	    .os = sql_get_span(q, 13),
	    .kernel = sql_get_span(q, 14),
	    .arch = sql_get_span(q, 15),
	    .cpus = (uint32_t)sql_get(q, 16),
	    .memory = sql_get_num(q, 17),
	    .addresses = sql_get_span(q, 18),
	    .address = sql_get_span(q, 19),
	    .created = sql_get(q, 20),
	    .seen = sql_get(q, 21),
	    .load = sql_get(q, 22),
	    .target = sql_get_num(q, 23),
	    .findings = sql_get_num(q, 24),
	    .critical = sql_get_num(q, 25),
	    .running = (uint32_t)sql_get(q, 26),
	    .kinds = sql_get_span(q, 27),
	    .credentials = sql_get_span(q, 28),
	};
}

SQL_EACH(agent, read_row)
SQL_ONE(agent, read_row)

enum status
q_agents_list(struct store *s, agent_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 AGENT_COLUMNS " WHERE a.state <> 4"
			       " ORDER BY a.name COLLATE NOCASE, a.id");
	return agent_each(&q, fn, arg);
}

enum status
q_agent_get(struct store *s, uint64_t id, agent_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, AGENT_COLUMNS " WHERE a.id = ?");
	sql_num(&q, id);
	return agent_one(&q, fn, arg);
}

enum status
q_agent_by_name(struct store *s, struct span name, agent_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 AGENT_COLUMNS " WHERE a.name = ? AND a.state <> 4"
			       " ORDER BY a.state = 2 DESC, a.id DESC LIMIT 1");
	sql_text(&q, name);
	return agent_one(&q, fn, arg);
}

enum status
q_agent_by_fingerprint(struct store *s, struct span fingerprint, agent_fn *fn,
		       void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 AGENT_COLUMNS " WHERE a.fingerprint = ? AND a.state <> 4"
			       " ORDER BY a.id DESC LIMIT 1");
	sql_text(&q, fingerprint);
	return agent_one(&q, fn, arg);
}

enum status
q_agents_count(struct store *s, struct agent_counts *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT sum(online), sum(state = 2), sum(state = 1),"
		 " sum(state = 3) FROM agent WHERE state <> 4");
	st = sql_step(&q);
	if (st == ST_OK)
		*out = (struct agent_counts){
		    .online = (uint32_t)sql_get(&q, 0),
		    .verified = (uint32_t)sql_get(&q, 1),
		    .unverified = (uint32_t)sql_get(&q, 2),
		    .blocked = (uint32_t)sql_get(&q, 3),
		};
	sql_close(&q);
	return st;
}

static void
bind_row(struct sql *q, const struct agent_row *r)
{
	sql_text(q, r->name);
	sql_text(q, r->group);
	sql_int(q, r->state);
	sql_int(q, r->online);
	sql_text(q, r->fingerprint);
	if (r->serial.len > 0)
		sql_blob(q, r->serial);
	else
		sql_null(q);
	if (r->csr.len > 0)
		sql_blob(q, r->csr);
	else
		sql_null(q);
	sql_int(q, r->cert_until);
	sql_blob(q, r->incarnation);
	sql_text(q, r->program);
	sql_text(q, r->build);
	sql_text(q, r->os);
	sql_text(q, r->kernel);
	sql_text(q, r->arch);
	sql_int(q, r->cpus);
	sql_num(q, r->memory);
	sql_text(q, r->addresses);
	sql_text(q, r->address);
	if (r->token != 0)
		sql_num(q, r->token);
	else
		sql_null(q);
	sql_int(q, r->seen);
	sql_text(q, r->kinds);
	sql_text(q, r->credentials);
}

enum status
q_agent_put(struct store *s, const struct agent_row *r, uint64_t *id)
{
	struct sql q;
	enum status st;

	if (r->id == 0)
		sql_open(&q, s,
			 "INSERT INTO agent (name, grp, state, online,"
			 " fingerprint, serial, csr, cert_until, incarnation,"
			 " program, build, os, kernel, arch, cpus, memory,"
			 " addresses, address, token, seen, kinds,"
			 " credentials, created)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			 " ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	else
		sql_open(&q, s,
			 "UPDATE agent SET name = ?, grp = ?, state = ?,"
			 " online = ?, fingerprint = ?, serial = ?, csr = ?,"
			 " cert_until = ?, incarnation = ?, program = ?,"
			 " build = ?, os = ?, kernel = ?, arch = ?, cpus = ?,"
			 " memory = ?, addresses = ?, address = ?, token = ?,"
			 " seen = ?, kinds = ?, credentials = ? WHERE id = ?");
	bind_row(&q, r);
	if (r->id == 0)
		sql_int(&q, r->created);
	else
		sql_num(&q, r->id);
	st = sql_run(&q);
	if (st == ST_OK)
		*id = r->id != 0 ? r->id : (uint64_t)sql_last_id(s);
	return st;
}

/* ST_NOTFOUND when no row was changed. */
static enum status
run_on_one(struct sql *q)
{
	struct store *s = q->store;
	enum status st = sql_run(q);

	if (st == ST_OK && sql_changes(s) == 0)
		return ST_NOTFOUND;
	return st;
}

enum status
q_agent_set_state(struct store *s, uint64_t id, enum agent_state state)
{
	struct sql q;

	sql_open(&q, s, "UPDATE agent SET state = ? WHERE id = ?");
	sql_int(&q, state);
	sql_num(&q, id);
	return run_on_one(&q);
}

enum status
q_agent_set_token(struct store *s, uint64_t id, uint64_t token)
{
	struct sql q;

	sql_open(&q, s, "UPDATE agent SET token = ? WHERE id = ?");
	sql_num(&q, token);
	sql_num(&q, id);
	return run_on_one(&q);
}

enum status
q_agent_set_group(struct store *s, uint64_t id, struct span group)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "UPDATE agent SET grp = ? WHERE id = ?");
	sql_text(&q, group);
	sql_num(&q, id);
	st = run_on_one(&q);
	if (st != ST_OK)
		return st;
	sql_open(&q, s, "UPDATE target SET grp = ? WHERE agent = ?");
	sql_text(&q, group);
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_agent_set_certificate(struct store *s, uint64_t id, struct span serial,
			int64_t until)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE agent SET serial = ?, cert_until = ?, csr = NULL"
		 " WHERE id = ?");
	sql_blob(&q, serial);
	sql_int(&q, until);
	sql_num(&q, id);
	return run_on_one(&q);
}

enum status
q_agent_set_seen(struct store *s, uint64_t id, const struct agent_seen *seen)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE agent SET online = ?, seen = ?, load = ?"
		 " WHERE id = ?");
	sql_int(&q, seen->online);
	sql_int(&q, seen->at);
	if (seen->load == LOAD_UNKNOWN)
		sql_null(&q);
	else
		sql_int(&q, seen->load);
	sql_num(&q, id);
	return run_on_one(&q);
}

enum status
q_agent_had_certificate(struct store *s, uint64_t id, enum agent_state *out)
{
	struct sql q;
	int64_t had = 0;
	enum status st;

	sql_open(&q, s, "SELECT serial IS NOT NULL FROM agent WHERE id = ?");
	sql_num(&q, id);
	st = sql_number(&q, &had);
	if (st == ST_OK)
		*out = had != 0 ? AGENT_VERIFIED : AGENT_UNVERIFIED;
	return st;
}

enum status
q_agents_all_offline(struct store *s)
{
	return sql_exec(s, "UPDATE agent SET online = 0 WHERE online <> 0");
}

enum status
q_seq_get(struct store *s, uint64_t agent, struct span incarnation,
	  uint32_t stream, uint64_t *seq)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s,
		 "SELECT seq FROM stream_seq WHERE agent = ?"
		 " AND incarnation = ? AND stream = ?");
	sql_num(&q, agent);
	sql_blob(&q, incarnation);
	sql_int(&q, stream);
	st = sql_number(&q, &n);
	if (st == ST_OK || st == ST_NOTFOUND)
		*seq = (uint64_t)n;
	return st == ST_NOTFOUND ? ST_OK : st;
}

enum status
q_seq_set(struct store *s, uint64_t agent, struct span incarnation,
	  uint32_t stream, uint64_t seq)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO stream_seq (agent, incarnation, stream, seq)"
		 " VALUES (?, ?, ?, ?) ON CONFLICT (agent, incarnation, stream)"
		 " DO UPDATE SET seq = excluded.seq");
	sql_num(&q, agent);
	sql_blob(&q, incarnation);
	sql_int(&q, stream);
	sql_num(&q, seq);
	return sql_run(&q);
}
