#include "master/api/coverage.h"

#include "base/buf.h"
#include "base/str.h"
#include "master/api/out.h"
#include "master/api/scans.h"
#include "model/object.h"

#define LINE_MAX_LEN (4u << 20) /* 256 places of 4 KiB and their words */

/* ---- totals --------------------------------------------------------------
 */

/* By reason; the last is what a newer agent means and we have no word for. */
struct reason_sum {
	uint64_t partial, unread, places, bytes;
};

struct reasons {
	struct reason_sum of[COVER__COUNT + 1];
};

static enum status
add_reason(void *arg, const struct coverage_total_row *r)
{
	struct reasons *all = arg;
	struct reason_sum *sum =
	    &all->of[r->reason < COVER__COUNT ? r->reason : COVER__COUNT];

	if (r->coverage == COVERAGE_PARTIAL)
		sum->partial += r->objects;
	else
		sum->unread += r->objects;
	sum->places += r->places;
	sum->bytes += r->bytes;
	return ST_OK;
}

static void
put_reason(struct json *j, unsigned reason, const struct reason_sum *sum)
{
	json_map(j);
	json_put_cstr(j, "reason", cover_name(reason));
	json_put_cstr(j, "text", cover_text(reason));
	json_put_u64(j, "partial", sum->partial);
	json_put_u64(j, "unread", sum->unread);
	json_put_u64(j, "places", sum->places);
	json_put_u64(j, "bytes", sum->bytes);
	json_put_bool(j, "counts", cover_counts(reason));
	json_end(j);
}

/* The most places first. */
static void
put_reasons(struct json *j, struct reasons *all)
{
	json_key(j, "reasons");
	json_list(j);
	for (;;) {
		unsigned most = 0;

		for (unsigned i = 0; i <= COVER__COUNT; i++)
			if (all->of[i].places > all->of[most].places)
				most = i;
		if (all->of[most].places == 0)
			break;
		put_reason(j, most, &all->of[most]);
		all->of[most].places = 0;
	}
	json_end(j);
}

static void
put_sum(struct json *j, const struct coverage_sum *sum)
{
	json_put_bool(j, "whole", sum->whole);
	json_put_u64(j, "objects", sum->objects);
	json_put_u64(j, "full", sum->full);
	json_put_u64(j, "partial", sum->partial);
	json_put_u64(j, "unread", sum->unread);
	json_put_u64(j, "unchanged", sum->unchanged);
	json_put_u64(j, "folders", sum->folders);
	json_put_u64(j, "bytes", sum->bytes);
	json_put_u64(j, "unread_bytes", sum->unread_bytes);
	json_put_u64(j, "members", sum->members);
	json_put_u64(j, "members_partial", sum->members_partial);
	json_put_u64(j, "members_unread", sum->members_unread);
	json_put_u64(j, "places", sum->places);
	json_put_u64(j, "left_out", sum->left_out);
	json_key(j, "rested_seconds");
	json_double(j, (double)sum->rested_ms / 1000);
}

enum status
coverage_put(struct json *j, struct store *s, const struct coverage_ask *ask)
{
	struct reasons all = {0};
	struct coverage_sum sum;
	enum status st = q_coverage_sum(s, ask, &sum);

	if (st == ST_OK)
		st = q_coverage_totals(s, ask, add_reason, &all);
	if (st != ST_OK)
		return st;
	json_map(j);
	put_sum(j, &sum);
	put_reasons(j, &all);
	json_end(j);
	return ST_OK;
}

/* ---- lines of an export -------------------------------------------------- */

struct lines {
	coverage_line_fn *line;
	void *arg;
	struct buf text;
	struct json j;
	bool open, listing; /* an object; its list of places */
	uint64_t places, listed;
	uint64_t agent, scan;
	struct buf target_name;
};

static enum status
give_line(struct lines *l)
{
	enum status st = json_done(&l->j);

	if (st == ST_OK)
		st = buf_add_byte(&l->text, '\n');
	if (st == ST_OK)
		st = l->line(l->arg, buf_span(&l->text));
	return st;
}

static enum status
end_object(struct lines *l)
{
	if (!l->open)
		return ST_OK;
	l->open = false;
	if (l->listing)
		json_end(&l->j);
	if (l->places > l->listed)
		json_put_u64(&l->j, "more_places", l->places - l->listed);
	json_put_str(&l->j, "target", buf_span(&l->target_name));
	out_id(&l->j, "agent", l->agent);
	out_id(&l->j, "scan", l->scan);
	json_end(&l->j);
	return give_line(l);
}

static void
put_why(struct json *j, const struct coverage_row *r)
{
	json_put_cstr(j, "reason", cover_name(r->reason));
	json_put_cstr(j, "text", cover_text(r->reason));
}

static void
put_place(struct lines *l, const struct coverage_row *r)
{
	struct json *j = &l->j;

	json_map(j);
	json_put_str(j, "place", r->place);
	put_why(j, r);
	if (r->parser.len > 0)
		json_put_str(j, "parser", r->parser);
	if (r->detail.len > 0)
		json_put_str(j, "detail", r->detail);
	json_end(j);
	l->listed++;
}

static enum status
begin_object(struct lines *l, const struct coverage_row *r)
{
	struct json *j = &l->j;

	buf_clear(&l->text);
	json_init(j, &l->text);
	l->open = true;
	l->places = r->places;
	l->listed = 0;
	l->agent = r->agent;
	l->scan = r->scan;
	buf_clear(&l->target_name);
	json_map(j);
	json_put_str(j, "path", r->path);
	json_put_str(j, "place", r->place);
	json_put_cstr(j, "coverage", coverage_name(r->coverage));
	put_why(j, r);
	json_put_u64(j, "size", r->size);
	json_put_u64(j, "read", r->read);
	if (r->members > 0) {
		json_put_u64(j, "members", r->members);
		json_put_u64(j, "members_partial", r->members_partial);
		json_put_u64(j, "members_unread", r->members_unread);
	}
	l->listing = r->places > 0;
	if (l->listing) {
		json_key(j, "notes");
		json_list(j);
	}
	return buf_add(&l->target_name, r->target_name.ptr, r->target_name.len);
}

static enum status
take_row(void *arg, const struct coverage_row *r)
{
	struct lines *l = arg;
	enum status st = ST_OK;

	if (r->number == 0)
		st = end_object(l);
	if (st == ST_OK && r->number == 0)
		st = begin_object(l, r);
	if (st == ST_OK && l->listing)
		put_place(l, r);
	return st;
}

enum status
coverage_lines(struct store *s, const struct coverage_ask *ask,
	       coverage_line_fn *line, void *arg)
{
	struct coverage_ask all = *ask;
	struct lines l = {.line = line, .arg = arg};
	enum status st;

	all.reason = -1; /* an object stands with all of its places */
	buf_init(&l.text, LINE_MAX_LEN);
	buf_init(&l.target_name, LINE_MAX_LEN);
	st = q_coverage_each(s, &all, take_row, &l);
	if (st == ST_OK)
		st = end_object(&l);
	buf_fini(&l.text);
	buf_fini(&l.target_name);
	return st;
}

/* ---- the line of totals: of which scan, by whose order, of what ---------- */

static void
put_words(struct json *j, const char *key, struct span lines)
{
	struct span one;

	json_key(j, key);
	json_list(j);
	while (str_next(&lines, '\n', &one))
		if (one.len > 0)
			json_str(j, one);
	json_end(j);
}

static enum status
put_order(void *arg, const struct scan_row *r)
{
	struct json *j = arg;

	json_put_str(j, "name", r->name);
	json_put_cstr(j, "state", task_state_name(r->state));
	json_put_str(j, "created_by", r->created_by);
	out_ms(j, "started", r->started);
	out_ms(j, "ended", r->finished);
	put_words(j, "types", r->types);
	return ST_OK;
}

static enum status
put_path(void *arg, struct span path)
{
	json_str(arg, path);
	return ST_OK;
}

static enum status
put_target(void *arg, const struct task_row *r)
{
	json_str(arg, r->url.len > 0 ? r->url : scans_host(r));
	return ST_OK;
}

static enum status
put_scan(struct json *j, struct store *s, const struct coverage_ask *ask)
{
	enum status st;

	out_id(j, "scan", ask->scan);
	if (ask->target != 0)
		out_id(j, "target", ask->target);
	st = q_scan_get(s, ask->scan, put_order, j);
	json_key(j, "paths");
	json_list(j);
	if (st == ST_OK)
		st = q_scan_paths(s, ask->scan, put_path, j);
	json_end(j);
	json_key(j, "targets");
	json_list(j);
	if (st == ST_OK)
		st = ask->target == 0
			 ? q_scan_tasks(s, ask->scan, put_target, j)
			 : q_task_of(s, ask->scan, ask->target, put_target, j);
	json_end(j);
	return st;
}

enum status
coverage_totals_line(struct store *s, const struct coverage_ask *ask,
		     coverage_line_fn *line, void *arg)
{
	struct lines l = {.line = line, .arg = arg};
	enum status st;

	buf_init(&l.text, LINE_MAX_LEN);
	json_init(&l.j, &l.text);
	json_map(&l.j);
	json_key(&l.j, "totals");
	st = coverage_put(&l.j, s, ask);
	if (st == ST_OK)
		st = put_scan(&l.j, s, ask);
	json_end(&l.j);
	if (st == ST_OK)
		st = give_line(&l);
	buf_fini(&l.text);
	return st;
}
