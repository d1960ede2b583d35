#include <inttypes.h>
#include <stdatomic.h>

#include "master/api/ask.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/api/sse.h"
#include "master/store/q_agents.h"
#include "master/store/q_overview.h"

/* Figures for Prometheus, in its text format 0.0.4. */

struct text {
	struct buf *to;
	enum status st;
};

static void
head(struct text *t, const char *name, const char *kind, const char *help)
{
	if (t->st == ST_OK)
		t->st = buf_addf(t->to, "# HELP %s %s\n# TYPE %s %s\n", name,
				 help, name, kind);
}

static void
line(struct text *t, const char *name, const char *labels, uint64_t value)
{
	if (t->st == ST_OK)
		t->st =
		    buf_addf(t->to, "%s%s %" PRIu64 "\n", name, labels, value);
}

static void
put_door(struct text *t, const struct api *api)
{
	static const char *const classes[] = {NULL,
					      NULL,
					      "{code=\"2xx\"}",
					      "{code=\"3xx\"}",
					      "{code=\"4xx\"}",
					      "{code=\"5xx\"}"};

	head(t, "trawl_http_answers_total", "counter", "Answers by status.");
	for (size_t i = 2; i < 6; i++)
		line(t, "trawl_http_answers_total", classes[i],
		     atomic_load(&api->count.answers[i]));
	head(t, "trawl_http_connections_total", "counter",
	     "Connections that were accepted.");
	line(t, "trawl_http_connections_total", "",
	     atomic_load(&api->count.connections));
	head(t, "trawl_http_streams", "gauge", "Live streams that are open.");
	line(t, "trawl_http_streams", "", sse_count(api->sse));
	head(t, "trawl_sign_ins_total", "counter", "Sign-ins by outcome.");
	line(t, "trawl_sign_ins_total", "{outcome=\"good\"}",
	     atomic_load(&api->count.sign_ins));
	line(t, "trawl_sign_ins_total", "{outcome=\"refused\"}",
	     atomic_load(&api->count.refused));
}

static void
put_findings(struct text *t, const struct overview_totals *o)
{
	head(t, "trawl_findings", "gauge", "Findings by state and risk.");
	for (unsigned s = FINDING_OPEN; s <= FINDING_GONE; s++)
		for (unsigned r = RISK_CRITICAL; r <= RISK_LOW; r++)
			if (t->st == ST_OK)
				t->st = buf_addf(
				    t->to,
				    "trawl_findings{state=\"%s\",risk=\"%s\"}"
				    " %" PRIu64 "\n",
				    finding_state_word(s), risk_word(r),
				    o->findings[s][r]);
	head(t, "trawl_targets", "gauge", "Targets that are known.");
	line(t, "trawl_targets", "", o->targets);
}

static void
put_agents(struct text *t, const struct agent_counts *c)
{
	head(t, "trawl_agents", "gauge", "Agents by state.");
	line(t, "trawl_agents", "{state=\"verified\"}", c->verified);
	line(t, "trawl_agents", "{state=\"unverified\"}", c->unverified);
	line(t, "trawl_agents", "{state=\"blocked\"}", c->blocked);
	head(t, "trawl_agents_online", "gauge", "Agents that are connected.");
	line(t, "trawl_agents_online", "", c->online);
}

/* What core says of itself; without core the lines are missing. */
static void
put_core(struct text *t, const struct api *api)
{
	static const struct {
		const char *key, *name, *help;
	} figures[] = {
	    {"batches", "trawl_batches_total", "Batches committed."},
	    {"findings", "trawl_matches_total", "Matches committed."},
	    {"commits", "trawl_commits_total", "Transactions committed."},
	    {"queue_bytes", "trawl_queue_bytes", "Bytes that wait for core."},
	};
	struct ask_question q = {
	    .address = "-", .op = "status", .args = span_str("{}")};
	struct problem p = {.status = 0};
	struct body *b = NULL;
	struct buf text;
	unsigned http = 0;
	bool up;

	buf_init(&text, ASK_ANSWER_MAX);
	up = ask_call(api->ask, &q, &http, &text) == ST_OK && http == 200 &&
	     body_open(buf_span(&text), &p, &b) == ST_OK;
	head(t, "trawl_core_up", "gauge", "1 while core answers.");
	line(t, "trawl_core_up", "", up);
	for (size_t i = 0; up && i < sizeof(figures) / sizeof(figures[0]);
	     i++) {
		head(t, figures[i].name, i == 3 ? "gauge" : "counter",
		     figures[i].help);
		line(t, figures[i].name, "",
		     (uint64_t)body_int(b, figures[i].key, 0));
	}
	body_close(b);
	buf_fini(&text);
}

void
r_metrics_get(struct request *rq, struct reply *rp)
{
	struct overview_totals o = {.targets = 0};
	struct agent_counts c = {.online = 0};
	struct text t = {.to = &rp->body, .st = ST_OK};
	int64_t now = serve_now_ms(rq);
	enum status st = q_overview_totals(rq->db, now, now, &o);

	if (st == ST_OK)
		st = q_agents_count(rq->db, &c);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the figures");
		return;
	}
	rp->status = 200;
	rp->type = "text/plain; version=0.0.4; charset=utf-8";
	put_door(&t, rq->api);
	put_findings(&t, &o);
	put_agents(&t, &c);
	put_core(&t, rq->api);
	if (t.st != ST_OK)
		reply_failed(rq, rp, t.st, "writing the figures");
}
