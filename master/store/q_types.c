#include "master/store/q_types.h"

#include "master/store/sql.h"

static void
read_row(struct sql *q, struct type_row *r)
{
	*r = (struct type_row){
	    .id = (uint32_t)sql_get(q, 0),
	    .name = sql_get_span(q, 1),
	    .title = sql_get_span(q, 2),
	    .category = sql_get_span(q, 3),
	    .countries = sql_get_span(q, 4),
	    .source = sql_get_span(q, 5),
	    .risk = (uint8_t)sql_get(q, 6),
	    .position = (int32_t)sql_get(q, 7),
	    .findings = sql_get_num(q, 8),
	};
}

SQL_EACH(type, read_row)

enum status
q_types_list(struct store *s, type_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT y.id, y.name, y.title, y.category, y.countries,"
		 " y.source, y.risk, y.position,"
		 " (SELECT ifnull(sum(findings), 0) FROM summary_total"
		 "  WHERE type = y.id AND state IN (1, 2))"
		 " FROM type y ORDER BY y.position < 0, y.position, y.name");
	return type_each(&q, fn, arg);
}

enum status
q_types_put(struct store *s, const struct type_row *r)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO type (name, title, category, risk, countries,"
		 " source, position) VALUES (?, ?, ?, ?, ?, ?, ?)"
		 " ON CONFLICT (name) DO UPDATE SET title = excluded.title,"
		 " category = excluded.category, risk = excluded.risk,"
		 " countries = excluded.countries, source = excluded.source,"
		 " position = excluded.position");
	sql_text(&q, r->name);
	sql_text(&q, r->title);
	sql_text(&q, r->category);
	sql_int(&q, r->risk);
	sql_text(&q, r->countries);
	sql_text(&q, r->source);
	sql_int(&q, r->position);
	return sql_run(&q);
}

enum status
q_types_clear_positions(struct store *s)
{
	return sql_exec(s, "UPDATE type SET position = -1");
}
