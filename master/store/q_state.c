#include "master/store/filter_sql.h"
#include "master/store/q_findings.h"
#include "master/store/rollup.h"

/* What a change of state needs to know of a finding. */
struct known {
	uint64_t id, target, folder, version;
	struct rollup_side side;
};

#define KNOWN_COLUMNS                                                          \
	"SELECT f.id, f.target, o.folder, f.version, f.type, f.risk, f.state," \
	" f.matches FROM finding f CROSS JOIN object o ON o.id = f.object"

static void
read_known(struct sql *q, struct known *k)
{
	*k = (struct known){
	    .id = sql_get_num(q, 0),
	    .target = sql_get_num(q, 1),
	    .folder = sql_get_num(q, 2),
	    .version = sql_get_num(q, 3),
	    .side = {.type = (uint32_t)sql_get(q, 4),
		     .risk = (uint8_t)sql_get(q, 5),
		     .state = (uint8_t)sql_get(q, 6),
		     .matches = sql_get_num(q, 7)},
	};
}

static enum status
find(struct store *s, uint64_t id, struct known *k)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, KNOWN_COLUMNS " WHERE f.id = ?");
	sql_num(&q, id);
	st = sql_step(&q);
	if (st == ST_OK)
		read_known(&q, k);
	sql_close(&q);
	return st == ST_EOF ? ST_NOTFOUND : st;
}

static enum status
move(struct store *s, struct rollup *r, const struct known *k,
     enum finding_state to)
{
	struct rollup_side after = k->side;
	struct sql q;
	enum status st;

	after.state = (uint8_t)to;
	sql_open(&q, s,
		 "UPDATE finding SET state = ?, version = version + 1"
		 " WHERE id = ?");
	sql_int(&q, to);
	sql_num(&q, k->id);
	st = sql_run(&q);
	return st == ST_OK
		   ? rollup_change(r, k->target, k->folder, &k->side, &after)
		   : st;
}

enum status
q_finding_set_state(struct store *s, struct rollup *r, uint64_t id,
		    enum finding_state to, uint64_t version)
{
	struct known k;
	enum status st = find(s, id, &k);

	if (st != ST_OK)
		return st;
	if (version != 0 && version != k.version)
		return ST_AGAIN;
	if (k.side.state == (uint8_t)to)
		return ST_OK;
	return move(s, r, &k, to);
}

static enum status
by_ids(struct store *s, struct rollup *r, const struct bulk_change *b,
       uint64_t *changed)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < b->id_count; i++) {
		struct known k;

		st = find(s, b->ids[i], &k);
		if (st == ST_NOTFOUND) {
			st = ST_OK; /* it is not there to be changed */
			continue;
		}
		if (st != ST_OK || k.side.state == (uint8_t)b->to ||
		    k.side.state == FINDING_GONE)
			continue;
		st = move(s, r, &k, b->to);
		(*changed)++;
	}
	return st;
}

/*
 * Page by page by id: the change itself moves rows in the indexes that the
 * filter may be read from, so none of them is open while it happens.
 */
#define BULK_PAGE 500

static enum status
next_page(struct store *s, const struct bulk_change *b, uint64_t after,
	  struct known page[BULK_PAGE], size_t *n)
{
	struct clause c;
	struct sql q;
	enum status st;

	*n = 0;
	clause_init(&c);
	clause_add(&c, KNOWN_COLUMNS " WHERE f.id > ? AND f.state <> ?"
				     " AND f.state <> 4");
	clause_int(&c, (int64_t)after);
	clause_int(&c, b->to);
	filter_clause(&c, b->filter, FIELD_NONE);
	clause_add(&c, " ORDER BY f.id LIMIT ?");
	clause_int(&c, BULK_PAGE);
	clause_open(&c, s, &q);
	while ((st = sql_step(&q)) == ST_OK && *n < BULK_PAGE)
		read_known(&q, &page[(*n)++]);
	sql_close(&q);
	clause_fini(&c);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
by_filter(struct store *s, struct rollup *r, const struct bulk_change *b,
	  uint64_t *changed)
{
	struct known page[BULK_PAGE];
	uint64_t after = 0;
	size_t n = BULK_PAGE;
	enum status st = ST_OK;

	while (st == ST_OK && n == BULK_PAGE) {
		st = next_page(s, b, after, page, &n);
		for (size_t i = 0; st == ST_OK && i < n; i++) {
			st = move(s, r, &page[i], b->to);
			after = page[i].id;
			(*changed)++;
		}
	}
	return st;
}

enum status
q_findings_set_state(struct store *s, struct rollup *r,
		     const struct bulk_change *b, uint64_t *changed)
{
	*changed = 0;
	if (b->id_count > 0)
		return by_ids(s, r, b, changed);
	return by_filter(s, r, b, changed);
}
