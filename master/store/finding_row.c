#include "master/store/finding_row.h"

void
finding_row_read(struct sql *q, struct finding_row *r)
{
	*r = (struct finding_row){
	    .id = sql_get_num(q, 0),
	    .target = sql_get_num(q, 1),
	    .agent = sql_get_num(q, 2),
	    .object = sql_get_num(q, 3),
	    .folder = sql_get_num(q, 4),
	    .scan = sql_get_num(q, 5),
	    .type = sql_get_span(q, 6),
	    .type_title = sql_get_span(q, 7),
	    .category = sql_get_span(q, 8),
	    .risk = (uint8_t)sql_get(q, 9),
	    .state = (uint8_t)sql_get(q, 10),
	    .level = (uint8_t)sql_get(q, 11),
	    .confidence = (uint8_t)sql_get(q, 12),
	    .matches = sql_get_num(q, 13),
	    .first_seen = sql_get(q, 14),
	    .last_seen = sql_get(q, 15),
	    .version = sql_get_num(q, 16),
	    .target_name = sql_get_span(q, 17),
	    .group = sql_get_span(q, 18),
	    .path = sql_get_span(q, 19),
	    .size = sql_get_num(q, 20),
	    .mtime = sql_get(q, 21),
	    .mode = (uint32_t)sql_get(q, 22),
	    .uid = (uint32_t)sql_get(q, 23),
	    .gid = (uint32_t)sql_get(q, 24),
	    .members = (uint32_t)sql_get(q, 25),
	    .coverage = (uint8_t)sql_get(q, 26),
	    .reason = (uint8_t)sql_get(q, 27),
	};
}

enum status
finding_row_each(struct sql *q, finding_fn *fn, void *arg, bool want)
{
	struct finding_row row;
	enum status st;
	bool any = false;

	while ((st = sql_step(q)) == ST_OK) {
		finding_row_read(q, &row);
		any = true;
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	sql_close(q);
	if (st == ST_EOF)
		return any || !want ? ST_OK : ST_NOTFOUND;
	return st;
}
