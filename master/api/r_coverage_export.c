#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "master/api/coverage.h"
#include "master/api/csv.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_scans.h"
#include "model/object.h"

/*
 * All of what a scan did not read as a file: JSON lines of objects with their
 * places, or a table of places. A worker of the export lane fills a stream.
 */
#define LINE_MAX_LEN (6 * CSV_CELL_MAX)

struct export
{
	bool csv;
	struct coverage_ask ask;
	struct stream *stream;
	struct buf line;
};

static enum status
put_line(void *arg, struct span line)
{
	struct export *x = arg;

	return stream_write(x->stream, line);
}

static enum status
write_lines(struct export *x, struct store *db)
{
	enum status st = coverage_lines(db, &x->ask, put_line, x);

	return st == ST_OK ? coverage_totals_line(db, &x->ask, put_line, x)
			   : st;
}

/* ---- a table ------------------------------------------------------------- */

static const char head[] = "path,place,coverage,reason,text,parser,detail,"
			   "size,read,target,agent,scan\r\n";

static enum status
put_cells(struct buf *to, const struct span *cells, size_t n)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = csv_cell(to, cells[i], ',');
	return st;
}

static enum status
put_row(void *arg, const struct coverage_row *r)
{
	const struct span cells[] = {
	    r->path,
	    r->place,
	    span_str(coverage_name(r->coverage)),
	    span_str(cover_name(r->reason)),
	    span_str(cover_text(r->reason)),
	    r->parser,
	    r->detail,
	};
	struct export *x = arg;
	enum status st;

	buf_clear(&x->line);
	st = put_cells(&x->line, cells, sizeof(cells) / sizeof(cells[0]));
	if (st == ST_OK)
		st = buf_addf(&x->line, "%" PRIu64 ",%" PRIu64 ",", r->size,
			      r->read);
	if (st == ST_OK)
		st = csv_cell(&x->line, r->target_name, ',');
	if (st == ST_OK)
		st = buf_addf(&x->line, "%" PRIu64 ",%" PRIu64 "\r\n", r->agent,
			      r->scan);
	return st == ST_OK ? stream_write(x->stream, buf_span(&x->line)) : st;
}

static enum status
write_table(struct export *x, struct store *db)
{
	enum status st = stream_write(x->stream, span_str(head));

	return st == ST_OK ? q_coverage_each(db, &x->ask, put_row, x) : st;
}

/* ---- the worker ---------------------------------------------------------- */

static void
export_free(struct export *x)
{
	if (x == NULL)
		return;
	stream_unref(x->stream);
	buf_fini(&x->line);
	free(x);
}

static void
run(void *arg, struct store *db)
{
	struct export *x = arg;
	enum status st;

	store_limit(db, 0);
	st = x->csv ? write_table(x, db) : write_lines(x, db);
	if (st != ST_OK && st != ST_CLOSED)
		log_warn("an export broke off: %s", status_text(st));
	stream_end(x->stream, st == ST_OK);
	export_free(x);
}

static bool
read_query(struct request *rq, struct reply *rp, struct export *x)
{
	const struct query_pair *format = query_find(&rq->query, "format");
	const struct query_pair *target = query_find(&rq->query, "target");
	struct problem p = {.status = 0};

	x->csv = format != NULL && str_is(format->value, "csv");
	if (format != NULL && !x->csv && !str_is(format->value, "jsonl"))
		problem_field(&p, "?format", "is jsonl or csv");
	if (target != NULL)
		x->ask.target = body_parse_id(target->value);
	if (target != NULL && x->ask.target == 0)
		problem_field(&p, "?target", "must be an id");
	x->ask.reason = -1;
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

static enum status
nothing(void *arg, const struct scan_row *r)
{
	(void)arg;
	(void)r;
	return ST_OK;
}

static void
start(struct request *rq, struct reply *rp, struct export *x)
{
	rp->status = 200;
	rp->type = x->csv ? "text/csv; charset=utf-8" : "application/jsonl";
	snprintf(rp->disposition, sizeof(rp->disposition),
		 "attachment; filename=\"trawl-coverage-%" PRIu64 ".%s\"",
		 x->ask.scan, x->csv ? "csv" : "jsonl");
	rp->stream = x->stream;
	stream_ref(x->stream);
	if (work_put(rq->api->work, LANE_EXPORT, run, x) == ST_OK)
		return;
	stream_unref(rp->stream);
	rp->stream = NULL;
	export_free(x);
	serve_busy(rq, rp);
}

void
r_scan_coverage_export(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	struct export *x = id == 0 ? NULL : calloc(1, sizeof(*x));
	enum status st = ST_NOMEM;

	if (id == 0)
		return;
	if (x != NULL) {
		buf_init(&x->line, LINE_MAX_LEN);
		x->ask.scan = id;
		st = q_scan_get(rq->db, id, nothing, NULL);
	}
	if (st == ST_OK && !read_query(rq, rp, x)) {
		export_free(x);
		return;
	}
	if (st == ST_OK)
		st = stream_open(&rq->api->stream_ops, &x->stream);
	if (st == ST_OK) {
		start(rq, rp, x);
		return;
	}
	export_free(x);
	reply_failed(rq, rp, st, "the export");
}
