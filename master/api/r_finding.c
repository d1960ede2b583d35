#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/etag.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_audit.h"
#include "master/store/q_findings.h"
#include "master/store/q_targets.h"
#include "model/object.h"

/* One finding: what it stands on, where it lies, what became of it. */
#define FIRST_MATCHES 20
#define SIBLINGS_MAX  20
#define HISTORY_MAX   49 /* beside the line of when it was found */

/* What of the row outlives the query that gave it. */
struct facts {
	struct request *rq;
	struct json *j;
	uint64_t id, object, version, scan;
	int64_t first_seen, last_seen;
	unsigned state;
};

static void
put_object(struct json *j, const struct finding_row *r)
{
	char mode[11];

	out_mode(r->mode, mode);
	json_key(j, "object");
	json_map(j);
	json_put_u64(j, "size", r->size);
	out_ms(j, "mtime", r->mtime * 1000);
	json_put_u64(j, "mode", r->mode);
	json_put_cstr(j, "permissions", mode);
	json_put_u64(j, "uid", r->uid);
	json_put_u64(j, "gid", r->gid);
	json_put_u64(j, "members", r->members);
	json_put_cstr(j, "coverage", coverage_name(r->coverage));
	json_key(j, "reason");
	if (r->reason == COVER_OK)
		json_nil(j);
	else
		json_cstr(j, cover_text(r->reason));
	json_end(j);
}

static enum status
take_facts(void *arg, const struct finding_row *r)
{
	struct facts *f = arg;

	f->id = r->id;
	f->object = r->object;
	f->version = r->version;
	f->scan = r->scan;
	f->first_seen = r->first_seen;
	f->last_seen = r->last_seen;
	f->state = r->state;
	if (f->j == NULL)
		return ST_OK;
	out_finding(f->j, r);
	put_object(f->j, r);
	return ST_OK;
}

struct matches {
	struct json *j;
	uint64_t reasons; /* of all that were seen */
};

static enum status
put_match(void *arg, const struct match_row *m)
{
	struct matches *l = arg;

	json_map(l->j);
	out_match(l->j, m);
	json_end(l->j);
	l->reasons |= m->reasons;
	return ST_OK;
}

static void
list_name(char dst[48], uint64_t finding)
{
	snprintf(dst, 48, "matches %" PRIu64, finding);
}

static enum status
put_first_matches(struct facts *f)
{
	struct matches l = {.j = f->j};
	struct row_page page = {.limit = FIRST_MATCHES};
	char list[48];
	enum status st;

	list_name(list, f->id);
	json_key(f->j, "items");
	json_list(f->j);
	st = q_finding_matches(f->rq->db, f->id, &page, put_match, &l);
	json_end(f->j);
	reply_next(f->rq, f->j, list, page.next);
	json_key(f->j, "reasons");
	out_reasons(f->j, l.reasons);
	return st;
}

static enum status
put_crumb(void *arg, const struct node_row *r)
{
	if (r->kind == NODE_GROUP && r->name.len == 0)
		return ST_OK;
	json_map(arg);
	out_crumb(arg, r);
	json_end(arg);
	return ST_OK;
}

static enum status
put_way(struct facts *f)
{
	char node[32];
	enum status st;

	snprintf(node, sizeof(node), "o:%" PRIu64, f->object);
	json_key(f->j, "breadcrumb");
	json_list(f->j);
	st = q_targets_way(f->rq->db, span_str(node), put_crumb, f->j);
	json_end(f->j);
	return st == ST_NOTFOUND ? ST_OK : st;
}

static enum status
put_sibling(void *arg, const struct finding_row *r)
{
	struct facts *f = arg;

	if (r->id == f->id)
		return ST_OK;
	json_map(f->j);
	out_finding(f->j, r);
	json_end(f->j);
	return ST_OK;
}

static enum status
put_siblings(struct facts *f)
{
	enum status st;

	json_key(f->j, "others");
	json_list(f->j);
	st = q_finding_siblings(f->rq->db, f->object, SIBLINGS_MAX + 1,
				put_sibling, f);
	json_end(f->j);
	return st;
}

/* ---- history ------------------------------------------------------------ */

static void
put_line(struct facts *f, const char *what, int64_t at, uint64_t scan)
{
	json_map(f->j);
	out_ms(f->j, "at", at);
	json_put_cstr(f->j, "actor", NULL);
	json_put_cstr(f->j, "what", what);
	json_put_cstr(f->j, "to", NULL);
	out_id(f->j, "scan", scan);
	json_end(f->j);
}

static enum status
put_decision(void *arg, const struct audit_row *r)
{
	struct facts *f = arg;
	struct problem p = {.status = 0};
	struct body *b = NULL;
	struct span to = span_of(NULL, 0);

	if (body_open(r->detail, &p, &b) == ST_OK)
		to = body_text(b, "state");
	json_map(f->j);
	out_ms(f->j, "at", r->at);
	json_put_str(f->j, "actor", r->actor);
	json_put_cstr(f->j, "what", "decided");
	json_key(f->j, "to");
	if (to.len > 0)
		json_str(f->j, to);
	else
		json_nil(f->j);
	out_id(f->j, "scan", 0);
	json_end(f->j);
	body_close(b);
	return ST_OK;
}

static enum status
put_history(struct facts *f)
{
	char subject[40];
	enum status st;

	snprintf(subject, sizeof(subject), "finding %" PRIu64, f->id);
	json_key(f->j, "history");
	json_list(f->j);
	if (f->state == FINDING_GONE)
		put_line(f, "gone", f->last_seen, 0);
	st = q_audit_of(f->rq->db, span_str(subject), HISTORY_MAX - 2,
			put_decision, f);
	if (f->state != FINDING_GONE && f->last_seen > f->first_seen)
		put_line(f, "seen", f->last_seen, f->scan);
	put_line(f, "found", f->first_seen, 0);
	json_end(f->j);
	return st;
}

/* ---- the whole ---------------------------------------------------------- */

static enum status
put_finding(struct facts *f, uint64_t id)
{
	enum status st = q_finding_get(f->rq->db, id, take_facts, f);

	if (st == ST_OK)
		st = put_first_matches(f);
	if (st == ST_OK)
		st = put_way(f);
	if (st == ST_OK)
		st = put_siblings(f);
	if (st == ST_OK)
		st = put_history(f);
	return st;
}

static void
say_finding(struct request *rq, struct reply *rp, uint64_t id)
{
	struct json j;
	struct facts f = {.rq = rq, .j = &j};
	enum status st = store_begin(rq->db); /* one moment for all parts */

	reply_json(rp, 200, &j);
	json_map(&j);
	if (st == ST_OK)
		st = put_finding(&f, id);
	store_rollback(rq->db);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the finding");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
	if (rp->status == 200)
		etag_version(rp->etag, "finding", f.id, f.version);
}

void
r_finding_get(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id == 0)
		return;
	say_finding(rq, rp, id);
	if (rp->status != 200 ||
	    !etag_unchanged(rq->header[HEADER_IF_NONE_MATCH], rp->etag))
		return;
	buf_clear(&rp->body);
	rp->status = 304;
	rp->type = NULL;
}

void
r_finding_matches(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char list[48];
	struct facts f = {.rq = rq};
	struct matches l;
	struct row_page page;
	struct span cursor;
	struct json j;
	uint32_t limit;
	enum status st;

	list_name(list, id);
	if (id == 0 || !serve_page(rq, rp, list, &limit, &cursor))
		return;
	st = q_finding_get(rq->db, id, take_facts, &f);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the finding");
		return;
	}
	l = (struct matches){.j = &j};
	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	page = (struct row_page){.cursor = cursor, .limit = limit};
	st = q_finding_matches(rq->db, id, &page, put_match, &l);
	json_end(&j);
	reply_next(rq, &j, list, page.next);
	json_key(&j, "total");
	json_nil(&j);
	json_put_bool(&j, "total_exact", false);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the matches");
	else
		reply_done(rq, rp, &j);
}

/* ---- decisions ---------------------------------------------------------- */

static bool
is_decision(struct span s)
{
	return str_is(s, "open") || str_is(s, "confirmed") ||
	       str_is(s, "false_positive");
}

/* The version the client has seen is the present one, or 0 for "*". */
static bool
version_good(struct request *rq, struct reply *rp, uint64_t id,
	     uint64_t *version)
{
	const char *given = rq->header[HEADER_IF_MATCH];
	struct facts f = {.rq = rq};
	char etag[ETAG_MAX];
	enum status st;

	if (given == NULL) {
		problem_say(rq, rp, 428, "send the ETag of what you have seen");
		return false;
	}
	st = q_finding_get(rq->db, id, take_facts, &f);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the finding");
		return false;
	}
	etag_version(etag, "finding", id, f.version);
	if (!etag_matches(given, etag)) {
		problem_say(rq, rp, 412, NULL);
		return false;
	}
	*version = strcmp(given, "*") == 0 ? 0 : f.version;
	return true;
}

static bool
decide(struct request *rq, struct reply *rp, uint64_t id, struct span state)
{
	uint64_t version = 0;
	char args[160];

	if (!version_good(rq, rp, id, &version))
		return false;
	if (version == 0)
		snprintf(args, sizeof(args),
			 "{\"id\":%" PRIu64 ",\"state\":\"%.*s\"}", id,
			 (int)state.len, (const char *)state.ptr);
	else
		snprintf(args, sizeof(args),
			 "{\"id\":%" PRIu64 ",\"state\":\"%.*s\","
			 "\"version\":%" PRIu64 "}",
			 id, (int)state.len, (const char *)state.ptr, version);
	return serve_ask(rq, rp, "finding.state", span_str(args), NULL);
}

void
r_finding_patch(struct request *rq, struct reply *rp)
{
	static const struct field fields[] = {
	    {"state", FIELD_TEXT, true, 1, 32, 0, is_decision,
	     "must be open, confirmed or false_positive"},
	};
	uint64_t id = serve_id(rq, rp);
	struct body *b = NULL;

	if (id == 0 || !serve_body(rq, rp, fields, 1, &b))
		return;
	if (decide(rq, rp, id, body_text(b, "state")))
		say_finding(rq, rp, id);
	body_close(b);
}
