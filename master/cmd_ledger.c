#include "master/cmd_ledger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/coverage.h"

struct ledger {
	struct store *store;
	const struct option *targets;
	FILE *file;
	bool failed; /* the file cannot be written */
};

static enum status
put_line(void *arg, struct span line)
{
	struct ledger *l = arg;

	if (fwrite(line.ptr, 1, line.len, l->file) == line.len)
		return ST_OK;
	l->failed = true;
	return ST_IO;
}

static enum status
put_one(struct ledger *l, uint64_t scan, uint64_t target)
{
	const struct coverage_ask ask = {
	    .scan = scan, .target = target, .reason = -1};
	enum status st = coverage_lines(l->store, &ask, put_line, l);

	if (st == ST_OK)
		st = coverage_totals_line(l->store, &ask, put_line, l);
	return st;
}

static uint64_t
id_of(const char *text)
{
	uint64_t id = 0;

	return str_to_u64(span_str(text), 1, INT64_MAX, &id) == ST_OK ? id : 0;
}

static bool
is_wanted(const struct ledger *l, uint64_t target)
{
	for (unsigned i = 0; i < l->targets->count; i++)
		if (id_of(l->targets->values[i]) == target)
			return true;
	return l->targets->count == 0;
}

static enum status
put_last(void *arg, uint64_t target, uint64_t scan)
{
	struct ledger *l = arg;

	return is_wanted(l, target) ? put_one(l, scan, target) : ST_OK;
}

static enum status
put_scans(struct ledger *l, const struct option *scans)
{
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < scans->count; i++) {
		uint64_t scan = id_of(scans->values[i]);

		if (l->targets->count == 0)
			st = put_one(l, scan, 0);
		for (unsigned k = 0; st == ST_OK && k < l->targets->count; k++)
			st = put_one(l, scan, id_of(l->targets->values[k]));
	}
	return st;
}

enum status
cmd_ledger(struct store *s, const struct option *options, const char *file,
	   struct buf *why)
{
	const struct option *scans = option_find(options, "scan");
	struct ledger l = {.store = s,
			   .targets = option_find(options, "target")};
	enum status st;

	l.file = fopen(file, "we");
	if (l.file == NULL) {
		st = status_of_errno(errno);
		return buf_addf(why, "%s: %s", file, status_text(st)) == ST_OK
			   ? st
			   : ST_NOMEM;
	}
	st = scans->count > 0 ? put_scans(&l, scans)
			      : q_coverage_lasts(s, put_last, &l);
	if (fclose(l.file) != 0)
		l.failed = true;
	if (l.failed && buf_addf(why, "%s cannot be written.", file) != ST_OK)
		return ST_NOMEM;
	return l.failed ? ST_IO : st;
}
