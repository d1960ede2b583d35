#include "master/core/flow.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/must.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/core/say.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"

#define STREAM   1 /* findings: the only one that is spooled */
#define PROBE_MS 1000

const char *
flow_store_word(const struct core *c)
{
	static const char *const words[] = {
	    [STORE_WELL] = "ok",
	    [STORE_NO_SPACE] = "full",
	    [STORE_FAILING] = "failing",
	};

	return words[c->trouble];
}

uint64_t
flow_credit(const struct core *c)
{
	return c->trouble == STORE_WELL ? FLOW_CREDIT : 0;
}

static void
say_ack(struct core *c, const struct live *a, uint64_t seq)
{
	struct stream_ack ack = {
	    .stream = STREAM, .seq = seq, .credit = flow_credit(c)};

	if (a->conn != 0)
		say_ack_to(c, a->conn, &ack);
}

static void
acknowledge_all(struct core *c)
{
	struct live *a;
	size_t at = 0;

	while ((a = table_next(c->agents, &at, NULL)) != NULL) {
		if (a->ack == 0)
			continue;
		say_ack(c, a, a->ack);
		a->ack = 0;
	}
}

/* Nothing that was not committed is acknowledged, and nobody may send more. */
static void
withdraw_credit(struct core *c)
{
	struct live *a;
	size_t at = 0;

	while ((a = table_next(c->agents, &at, NULL)) != NULL) {
		uint64_t seq = 0;

		a->ack = 0;
		a->nacked = true;
		if (a->conn != 0 &&
		    q_seq_get(c->store, a->agent,
			      span_of(a->incarnation, INCARNATION_LEN), STREAM,
			      &seq) == ST_OK)
			say_ack(c, a, seq);
	}
}

/* Everybody goes on behind what is committed. */
static void
give_credit_back(struct core *c)
{
	struct live *a;
	size_t at = 0;

	while ((a = table_next(c->agents, &at, NULL)) != NULL) {
		struct stream_nack nack = {.stream = STREAM};
		uint64_t seq = 0;

		if (a->conn == 0 ||
		    q_seq_get(c->store, a->agent,
			      span_of(a->incarnation, INCARNATION_LEN), STREAM,
			      &seq) != ST_OK)
			continue;
		nack.expected = seq + 1;
		a->nacked = false;
		say_ack(c, a, seq);
		say_nack_to(c, a->conn, &nack);
	}
}

static void
set_trouble(struct core *c, enum status st)
{
	bool full = st == ST_FULL;
	enum store_state is = full ? STORE_NO_SPACE : STORE_FAILING;

	if (c->trouble == is)
		return;
	c->trouble = is;
	snprintf(c->trouble_text, sizeof(c->trouble_text), "%s",
		 full ? "The disk of the database is full: agents keep what "
			"they find until there is space again."
		      : "The database cannot be written: agents keep what "
			"they find. Look at the disk and the log.");
	log_error("%s reason=\"%s\"", c->trouble_text, store_error(c->store));
	events_store(c);
	withdraw_credit(c);
	if (c->probe != NULL && loop_timer_set(c->probe, PROBE_MS) != ST_OK)
		log_error("no timer for the database");
}

void
flow_note(struct core *c, enum status st)
{
	/* A question that was wrong says nothing about the disk. */
	if (st == ST_FULL || st == ST_IO || st == ST_AGAIN ||
	    st == ST_MALFORMED || st == ST_DENIED)
		set_trouble(c, st);
}

static void
lose_group(struct core *c, enum status st)
{
	struct live *a;
	size_t at = 0;

	store_rollback(c->store);
	rollup_forget(c->rollup);
	ingest_forget(c->ingest);
	c->open = false;
	c->open_rows = 0;
	while ((a = table_next(c->agents, &at, NULL)) != NULL)
		a->ack = 0;
	flow_note(c, st);
	if (c->trouble == STORE_WELL)
		set_trouble(c, ST_IO);
}

enum status
flow_flush(struct core *c)
{
	enum status st;

	if (!c->open)
		return ST_OK;
	loop_timer_stop(c->commit);
	st = rollup_flush(c->rollup, core_now(c));
	if (st == ST_OK)
		st = store_commit(c->store);
	if (st != ST_OK) {
		lose_group(c, st);
		return st;
	}
	c->open = false;
	c->open_rows = 0;
	c->commits++;
	acknowledge_all(c);
	c->new_findings += rollup_take_new(c->rollup);
	events_findings(c);
	tasks_wake_sweep(c);
	return ST_OK;
}

enum status
flow_begin(struct core *c)
{
	enum status st = flow_flush(c);

	if (st == ST_OK)
		st = store_begin(c->store);
	return st;
}

enum status
flow_end(struct core *c, enum status st)
{
	enum status fail = st;

	if (fail == ST_OK)
		fail = rollup_flush(c->rollup, core_now(c));
	if (fail == ST_OK)
		fail = store_commit(c->store);
	if (fail == ST_OK) {
		c->commits++;
		return ST_OK;
	}
	store_rollback(c->store);
	rollup_forget(c->rollup);
	ingest_forget(c->ingest);
	if (st == ST_OK || fail == ST_FULL || fail == ST_IO)
		flow_note(c, fail);
	return fail;
}

static void
say_gap(struct core *c, struct live *a, uint64_t expected)
{
	struct stream_nack nack = {.stream = STREAM, .expected = expected};

	if (a->nacked)
		return;
	a->nacked = true;
	log_warn("gap in what an agent sends agent=%llu expected=%llu",
		 (unsigned long long)a->agent, (unsigned long long)expected);
	say_nack_to(c, a->conn, &nack);
}

static void
take(struct core *c, struct live *a, const struct peer_batch *p)
{
	struct ingest_key key = {
	    .agent = a->agent, .stream = p->stream, .seq = p->seq};
	struct ingest_result r = {0};
	enum status st = ST_OK;

	memcpy(key.incarnation, a->incarnation, INCARNATION_LEN);
	if (!c->open) {
		st = store_begin(c->store);
		c->open = st == ST_OK;
		if (st == ST_OK)
			st = loop_timer_set(c->commit, FLOW_MS);
	}
	if (st == ST_OK)
		st = ingest_batch(c->ingest, &key, c->batch, core_now(c), &r);
	if (st == ST_AGAIN && c->open) {
		say_gap(c, a, r.expected);
		return;
	}
	if (st != ST_OK && st != ST_EXISTS) {
		lose_group(c, st);
		return;
	}
	a->nacked = false;
	a->ack = st == ST_EXISTS ? r.expected - 1 : p->seq;
	if (st == ST_OK) {
		c->batches++;
		c->findings += r.rows;
		c->open_rows += r.rows + 1;
		tasks_moved(c, c->batch->task, c->batch->scan);
		if (r.ended)
			c->sweep_wanted = true;
	}
	if (c->open_rows >= FLOW_ROWS)
		(void)flow_flush(c);
}

void
flow_batch(struct core *c, struct span body)
{
	struct peer_batch p;
	struct live *a;

	if (peer_batch_unpack(body, &p) != ST_OK) {
		log_error("the gate sent a batch that cannot be read");
		return;
	}
	a = agents_live(c, p.conn, p.agent);
	if (a == NULL || p.stream != STREAM || c->trouble != STORE_WELL)
		return;
	batch_fini(c->batch);
	if (batch_unpack(p.batch, c->batch) != ST_OK) {
		log_error(
		    "the gate sent a batch that cannot be read agent=%llu",
		    (unsigned long long)p.agent);
		return;
	}
	take(c, a, &p);
}

void
flow_commit_timer(void *core)
{
	(void)flow_flush(core);
}

/* A change that says nothing, but goes all the way to the disk. */
static enum status
try_store(struct core *c)
{
	char now[24];
	int n = snprintf(now, sizeof(now), "%lld", (long long)core_now(c));
	enum status st = store_begin(c->store);

	must(n > 0);
	if (st == ST_OK)
		st = store_meta_set(c->store, "probed", now, (size_t)n);
	if (st == ST_OK)
		st = store_commit(c->store);
	if (st != ST_OK)
		store_rollback(c->store);
	return st;
}

void
flow_probe_timer(void *core)
{
	struct core *c = core;
	enum status st = try_store(c);

	if (st != ST_OK) {
		set_trouble(c, st);
		if (loop_timer_set(c->probe, PROBE_MS) != ST_OK)
			log_error("no timer for the database");
		return;
	}
	c->trouble = STORE_WELL;
	c->trouble_text[0] = '\0';
	log_info("the database can be written again");
	events_store(c);
	give_credit_back(c);
	tasks_wake_sweep(c);
}
