#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/utf.h"
#include "master/api/csv.h"
#include "master/api/filters.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_findings.h"
#include "model/match.h"

/*
 * Every match of the filtered findings as a file. A worker of the export lane
 * reads the store and fills a stream; the client takes it at its own pace.
 */
#define LINE_MAX_LEN (64 * 1024)

struct format;

struct export
{
	const struct format *format;
	struct filter filter;
	struct arena arena; /* what the filter's spans lie in */
	struct query query;
	struct stream *stream;
	struct buf line;
};

struct format {
	const char *name, *type, *file, *head;
	enum status (*line)(struct export *x, const struct finding_row *f,
			    const struct match_row *m);
};

/* ---- JSON lines --------------------------------------------------------- */

static enum status
json_line(struct export *x, const struct finding_row *f,
	  const struct match_row *m)
{
	struct json j;
	enum status st;

	json_init(&j, &x->line);
	out_line(&j, f, m);
	st = json_done(&j);
	return st == ST_OK ? buf_add_byte(&x->line, '\n') : st;
}

/* ---- CSV ---------------------------------------------------------------- */

static enum status
put_reasons_cell(struct buf *to, uint64_t reasons)
{
	struct buf text;
	enum status st = ST_OK;

	buf_init(&text, 4096);
	for (unsigned bit = 0; bit < REASON__COUNT && st == ST_OK; bit++)
		if ((reasons & REASON(bit)) != 0)
			st = buf_addf(&text, "%s%s", text.len > 0 ? "; " : "",
				      reason_text(bit));
	if (st == ST_OK)
		st = csv_cell(to, buf_span(&text), ',');
	buf_fini(&text);
	return st;
}

static enum status
put_also_cell(struct buf *to, struct span ids)
{
	struct buf text;
	struct span id;
	enum status st = ST_OK;

	buf_init(&text, 4096);
	while (st == ST_OK && str_next(&ids, ',', &id)) {
		if (text.len > 0)
			st = buf_add_str(&text, "; ");
		if (st == ST_OK)
			st = buf_add(&text, id.ptr, id.len);
	}
	if (st == ST_OK)
		st = csv_cell(to, buf_span(&text), ',');
	buf_fini(&text);
	return st;
}

static enum status
csv_line(struct export *x, const struct finding_row *f,
	 const struct match_row *m)
{
	struct buf *to = &x->line;
	enum status st = csv_cell(to, f->path, ',');

	if (st == ST_OK)
		st = csv_cell(to, m->place, ',');
	if (st == ST_OK)
		st = csv_cell(to, f->type, ',');
	if (st == ST_OK)
		st = buf_addf(to, "%" PRIu64 ",%" PRIu32 ",", m->offset,
			      m->length);
	if (st == ST_OK)
		st = csv_cell(to, m->masked, ',');
	if (st == ST_OK)
		st = buf_addf(to, "%u,%s,", m->confidence, out_level(m->level));
	if (st == ST_OK)
		st = put_reasons_cell(to, m->reasons);
	if (st == ST_OK)
		st = put_also_cell(to, m->also);
	if (st == ST_OK)
		st = csv_cell(to, f->target_name, ',');
	if (st == ST_OK)
		st =
		    buf_addf(to, "%" PRIu64 ",%" PRIu64 ",", f->agent, f->scan);
	if (st == ST_OK)
		st = csv_cell(to, span_str(finding_state_word(f->state)), '\n');
	return st;
}

static const struct format formats[] = {
    {"jsonl", "application/jsonl",
     "attachment; filename=\"trawl-findings.jsonl\"", "", json_line},
    {"csv", "text/csv; charset=utf-8",
     "attachment; filename=\"trawl-findings.csv\"",
     "path,place,type,offset,length,match,confidence,level,reasons,also,"
     "target,agent,scan,state\r\n",
     csv_line},
};

/* ---- the worker --------------------------------------------------------- */

static enum status
put_line(void *arg, const struct finding_row *f, const struct match_row *m)
{
	struct export *x = arg;
	enum status st;

	buf_clear(&x->line);
	st = x->format->line(x, f, m);
	return st == ST_OK ? stream_write(x->stream, buf_span(&x->line)) : st;
}

static void
export_free(struct export *x)
{
	if (x == NULL)
		return;
	stream_unref(x->stream);
	buf_fini(&x->line);
	arena_fini(&x->arena);
	free(x);
}

static void
run(void *arg, struct store *db)
{
	struct export *x = arg;
	enum status st = stream_write(x->stream, span_str(x->format->head));

	if (st == ST_OK) {
		store_limit(db, 0);
		st = q_findings_export(db, &x->filter, put_line, x);
	}
	if (st != ST_OK && st != ST_CLOSED)
		log_warn("an export broke off: %s", status_text(st));
	stream_end(x->stream, st == ST_OK);
	export_free(x);
}

static const struct format *
find_format(const struct request *rq, struct problem *p)
{
	const struct query_pair *pair = query_find(&rq->query, "format");

	if (pair == NULL)
		return &formats[0];
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (str_is(pair->value, formats[i].name))
			return &formats[i];
	problem_field(p, "?format", "is jsonl or csv");
	return NULL;
}

/* The worker outlives the request, so the filter is read into its own arena. */
static struct export *
make(const struct request *rq, struct problem *p)
{
	struct export *x = calloc(1, sizeof(*x));
	enum status st;

	if (x == NULL)
		return NULL;
	arena_init(&x->arena, REQUEST_ARENA);
	buf_init(&x->line, LINE_MAX_LEN * 2);
	x->format = find_format(rq, p);
	st = query_parse(rq->raw_query, &x->arena, &x->query);
	if (st == ST_OK)
		st = filters_read(&x->query, "format", &x->filter, p);
	if (st == ST_OK && x->format != NULL)
		st = stream_open(&rq->api->stream_ops, &x->stream);
	if (st == ST_OK && x->format != NULL)
		return x;
	export_free(x);
	return NULL;
}

void
r_findings_export(struct request *rq, struct reply *rp)
{
	struct problem p = {.status = 0};
	struct export *x = make(rq, &p);

	if (x == NULL) {
		if (p.count > 0)
			problem_reply(rq, rp, &p);
		else
			reply_failed(rq, rp, ST_NOMEM, "the export");
		return;
	}
	rp->status = 200;
	rp->type = x->format->type;
	snprintf(rp->disposition, sizeof(rp->disposition), "%s",
		 x->format->file);
	rp->stream = x->stream;
	stream_ref(x->stream);
	if (work_put(rq->api->work, LANE_EXPORT, run, x) == ST_OK)
		return;
	stream_unref(rp->stream);
	rp->stream = NULL;
	export_free(x);
	serve_busy(rq, rp);
}
