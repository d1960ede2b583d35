#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/store/filter_sql.h"
#include "master/store/finding_row.h"
#include "master/store/q_findings.h"

#define MATCH_COLUMNS                                                          \
	" y.name, m.place, m.offset, m.length, m.confidence, m.level,"         \
	" m.reasons, m.masked, m.context, m.fingerprint, m.also "
#define MATCH_COLUMN_COUNT 11

static void
read_match(struct sql *q, int at, struct match_row *r)
{
	struct span print = sql_get_span(q, at + 9);

	*r = (struct match_row){
	    .type = sql_get_span(q, at),
	    .place = sql_get_span(q, at + 1),
	    .offset = sql_get_num(q, at + 2),
	    .length = (uint32_t)sql_get(q, at + 3),
	    .confidence = (uint8_t)sql_get(q, at + 4),
	    .level = (uint8_t)sql_get(q, at + 5),
	    .reasons = sql_get_num(q, at + 6),
	    .masked = sql_get_span(q, at + 7),
	    .context = sql_get_span(q, at + 8),
	    .also = sql_get_span(q, at + 10),
	};
	if (print.len == sizeof(r->fingerprint))
		memcpy(r->fingerprint, print.ptr, print.len);
}

/* The cursor is a row number: a place may be too long for one. */
static enum status
read_cursor(struct span cursor, uint64_t *skip)
{
	*skip = 0;
	return cursor.len == 0 ? ST_OK : str_to_u64(cursor, 1, INT64_MAX, skip);
}

enum status
q_finding_matches(struct store *s, uint64_t finding, struct row_page *page,
		  match_fn *fn, void *arg)
{
	uint64_t skip = 0, given = 0;
	struct match_row row;
	struct sql q;
	enum status st = read_cursor(page->cursor, &skip);

	page->next[0] = '\0';
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "SELECT" MATCH_COLUMNS "FROM match m"
		 " JOIN finding f ON f.id = m.finding"
		 " JOIN type y ON y.id = f.type WHERE m.finding = ?"
		 " ORDER BY m.place, m.offset LIMIT ? OFFSET ?");
	sql_num(&q, finding);
	sql_int(&q, (int64_t)page->limit + 1);
	sql_num(&q, skip);
	while ((st = sql_step(&q)) == ST_OK) {
		if (given == page->limit) {
			snprintf(page->next, CURSOR_TEXT_MAX, "%" PRIu64,
				 skip + given);
			break; /* st is ST_OK */
		}
		read_match(&q, 0, &row);
		given++;
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_findings_export(struct store *s, const struct filter *f, export_fn *fn,
		  void *arg)
{
	struct finding_row finding;
	struct match_row match;
	struct clause c;
	struct sql q;
	enum status st;

	clause_init(&c);
	/* Places are compared as bytes within one path, whatever their type. */
	clause_add(&c, "SELECT" FINDING_COLUMNS "," MATCH_COLUMNS
		       "FROM object o CROSS JOIN finding f ON f.object = o.id"
		       " CROSS JOIN match m ON m.finding = f.id"
		       " CROSS JOIN type y ON y.id = f.type"
		       " CROSS JOIN target t ON t.id = f.target WHERE 1");
	filter_clause(&c, f, FIELD_NONE);
	clause_add(&c, " ORDER BY o.path, o.target, m.place, m.offset, y.name");
	clause_open(&c, s, &q);
	while ((st = sql_step(&q)) == ST_OK) {
		finding_row_read(&q, &finding);
		read_match(&q, FINDING_COLUMN_COUNT, &match);
		st = fn(arg, &finding, &match);
		if (st != ST_OK)
			break;
	}
	sql_close(&q);
	clause_fini(&c);
	return st == ST_EOF ? ST_OK : st;
}
