#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "master/api/out.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_proxies.h"

/* Groups of proxies that serve the same targets. */

#define GROUPS_SHOWN 200

struct groups {
	struct request *rq;
	struct json *j;
	uint64_t only, count; /* only: the one that is wanted, 0: all */
};

static enum status
put_member(void *arg, const struct proxy_member_row *r)
{
	struct json *j = arg;

	json_map(j);
	out_id(j, "id", r->agent);
	json_put_str(j, "host", r->name);
	json_end(j);
	return ST_OK;
}

static enum status
put_members(void *arg, const struct proxy_group_row *r)
{
	struct groups *g = arg;
	enum status st;

	out_id(g->j, "id", r->id);
	json_put_str(g->j, "name", r->name);
	out_ms(g->j, "created", r->created);
	json_put_u64(g->j, "targets", r->targets);
	json_key(g->j, "members");
	json_list(g->j);
	st = q_proxy_members(g->rq->db, r->id, put_member, g->j);
	json_end(g->j);
	return st;
}

static enum status
put_group(void *arg, const struct proxy_group_row *r)
{
	struct groups *g = arg;
	enum status st;

	if (g->count == GROUPS_SHOWN)
		return ST_EOF;
	json_map(g->j);
	st = put_members(g, r);
	json_end(g->j);
	g->count++;
	return st;
}

void
r_proxies_list(struct request *rq, struct reply *rp)
{
	struct json j;
	struct groups g = {.rq = rq, .j = &j};
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_proxy_groups_list(rq->db, put_group, &g);
	json_end(&j);
	reply_next(rq, &j, "proxy-groups", "");
	json_put_u64(&j, "total", g.count);
	json_put_bool(&j, "total_exact", g.count < GROUPS_SHOWN);
	json_end(&j);
	if (st != ST_OK && st != ST_EOF)
		reply_failed(rq, rp, st, "reading the groups of proxies");
	else
		reply_done(rq, rp, &j);
}

static void
say_group(struct request *rq, struct reply *rp, unsigned status, uint64_t id)
{
	struct json j;
	struct groups g = {.rq = rq, .j = &j};
	enum status st;

	reply_json(rp, status, &j);
	json_map(&j);
	st = q_proxy_group_get(rq->db, id, put_members, &g);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the group of proxies");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}

static const struct field fields[] = {
    {"name", FIELD_TEXT, false, 1, 128, 0, NULL, NULL},
    {"members", FIELD_IDS, false, 0, 200, 0, NULL, NULL},
};

static uint64_t
order(struct request *rq, struct reply *rp, const char *op, uint64_t id)
{
	struct body *b = NULL, *done = NULL;
	struct buf args;
	struct json j;
	uint64_t made = 0;

	if (!serve_body(rq, rp, fields, sizeof(fields) / sizeof(fields[0]), &b))
		return 0;
	buf_init(&args, 64 * 1024);
	json_init(&j, &args);
	json_map(&j);
	if (id != 0)
		json_put_u64(&j, "id", id);
	if (body_has(b, "name"))
		json_put_str(&j, "name", body_text(b, "name"));
	if (body_has(b, "members")) {
		json_key(&j, "members");
		json_list(&j);
		for (size_t i = 0; i < body_count(b, "members"); i++)
			json_u64(&j, body_parse_id(body_item(b, "members", i)));
		json_end(&j);
	}
	json_end(&j);
	if (json_done(&j) != ST_OK)
		reply_failed(rq, rp, ST_NOMEM, "changing a group of proxies");
	else if (serve_ask(rq, rp, op, buf_span(&args), &done))
		made = (uint64_t)body_int(done, "id", 0);
	buf_fini(&args);
	body_close(done);
	body_close(b);
	return made;
}

void
r_proxies_post(struct request *rq, struct reply *rp)
{
	uint64_t id = order(rq, rp, "proxies.create", 0);

	if (id != 0)
		say_group(rq, rp, 201, id);
}

void
r_proxies_patch(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0 && order(rq, rp, "proxies.change", id) != 0)
		say_group(rq, rp, 200, id);
}

void
r_proxies_delete(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	if (serve_ask(rq, rp, "proxies.remove", span_str(args), NULL))
		reply_empty(rp);
}
