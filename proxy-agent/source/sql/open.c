#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/sql/source.h"
#include "proxy-agent/source/sql/state.h"
#include "source/url.h"

#define OUT_CAP   ((size_t)40 << 20) /* one large piece, and what was there */
#define LARGE_CAP ((size_t)16 << 20)

void
sql_close(struct source *s)
{
	if (s == NULL)
		return;
	sql_link_fini(&s->link);
	sql_table_fini(&s->table);
	sql_list_fini(&s->list);
	sql_key_fini(&s->last);
	buf_fini(&s->database);
	buf_fini(&s->schema);
	buf_fini(&s->name);
	buf_fini(&s->out);
	buf_fini(&s->large);
	buf_fini(&s->whole);
	buf_fini(&s->key);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	buf_fini(&s->sql);
	free(s->cell);
	free(s->digits);
	free(s);
}

/* The parts of the path, decoded; "" where there is none. */
static enum status
read_path(struct source *s)
{
	struct span rest = span_skip(s->link.login.url.path,
				     s->link.login.url.path.len > 0 ? 1 : 0);
	struct buf *const to[] = {&s->database, &s->schema, &s->name};
	enum status st = ST_OK;
	struct span part;

	for (unsigned i = 0; st == ST_OK && i < 3; i++) {
		bool there = i == 0   ? s->ops->databases
			     : i == 1 ? !s->ops->flat
				      : true;

		if (there && str_next(&rest, '/', &part))
			st = url_decode(part, to[i]);
		if (st == ST_OK)
			st = buf_add_byte(to[i], 0);
	}
	s->choice.database = !s->ops->databases || s->database.len > 1;
	s->choice.schema = s->ops->flat || s->schema.len > 1;
	s->choice.table = s->name.len > 1;
	return st;
}

/* ---- options ---- */

#define STATEMENT_MS (UINT64_C(4) * 60 * 60 * 1000) /* a table may be one */
#define LOCK_MS      10000
#define LIMIT_MAX    (UINT64_C(7) * 24 * 60 * 60 * 1000)

static bool
take_number(const struct source_target *t, const char *name, uint64_t *n)
{
	struct span s = source_option(t, name);

	return s.ptr == NULL || str_to_u64(s, 1, UINT32_MAX, n) == ST_OK;
}

static bool
take_bool(const struct source_target *t, const char *name, bool *yes)
{
	struct span s = source_option(t, name);

	return s.ptr == NULL || str_to_bool(s, yes) == ST_OK;
}

static bool
take_time(const struct source_target *t, const char *name, uint64_t *ms)
{
	struct span s = source_option(t, name);

	return s.ptr == NULL ||
	       (str_to_duration(s, ms) == ST_OK && *ms > 0 && *ms <= LIMIT_MAX);
}

/* The name of one that cannot be read; NULL: all of them could. */
static const char *
take_options(struct source *s, const struct source_target *t)
{
	struct sql_limits *l = &s->link.limits;
	bool with_tls = true;
	const char *bad = NULL;

	*l = (struct sql_limits){STATEMENT_MS, LOCK_MS};
	if (!take_number(t, "sample", &s->sample))
		bad = "sample";
	if (!take_number(t, "rate", &s->rate))
		bad = "rate";
	if (!take_bool(t, "views", &s->views))
		bad = "views";
	if (!take_bool(t, "tls", &with_tls))
		bad = "tls";
	if (!take_time(t, "statement_timeout", &l->statement_ms))
		bad = "statement_timeout";
	if (!take_time(t, "lock_timeout", &l->lock_ms))
		bad = "lock_timeout";
	s->link.clear = !with_tls;
	return bad;
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	const char *bad = take_options(s, t);

	s->link.options = t->options;
	s->choice.include = source_option(t, "include");
	s->choice.exclude = source_option(t, "exclude");
	if (bad == NULL)
		return ST_OK;
	if (t->why != NULL)
		(void)!buf_addf(t->why, "the option %s cannot be read", bad);
	return ST_USAGE;
}

static enum status
list(struct source *s, struct buf *why)
{
	enum status st = s->ops->databases && s->database.len <= 1
			     ? sql_find_databases(s, why)
			     : sql_find_tables(s);

	if (st == ST_OK && s->list.count == 0)
		st = ST_NOTFOUND;
	if (why == NULL || why->len > 0 || st == ST_OK)
		return st;
	(void)!buf_add_str(
	    why, st == ST_NOTFOUND ? "there is no such table that this user "
				     "may see"
		 : s->link.session != NULL ? s->ops->trouble(s->link.session)
					   : "the connection was lost");
	return st;
}

enum status
sql_open(const struct source_target *t, const struct sql_ops *ops,
	 struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->ops = s->link.ops = ops;
	s->count_only = t->count;
	s->browse = t->browse;
	s->step = SQL_ENDED;
	buf_init(&s->database, PATH_CAP);
	buf_init(&s->schema, PATH_CAP);
	buf_init(&s->name, PATH_CAP);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->large, LARGE_CAP);
	buf_init(&s->whole, OUT_CAP);
	buf_init(&s->key, PATH_CAP);
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	buf_init(&s->sql, SQL_CAP);
	sql_key_init(&s->last);
	st = account_read(&s->link.login, t);
	if (st == ST_OK)
		st = read_options(s, t);
	if (st == ST_OK)
		st = read_path(s);
	if (st == ST_OK)
		st = sql_link_dial(&s->link, sql_text(&s->database), t->why);
	if (st == ST_OK)
		st = list(s, t->why);
	if (st != ST_OK) {
		sql_close(s);
		return st;
	}
	sql_list_sort(&s->list);
	s->at = sql_list_behind(&s->list, t->cursor);
	*out = s;
	return ST_OK;
}
