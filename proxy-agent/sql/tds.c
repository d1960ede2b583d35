#include "proxy-agent/sql/tds.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy-agent/source/sql/source.h"
#include "proxy-agent/sql/tds_impl.h"
#include "proxy-agent/sql/tds_sql.h"

static void
tds_leave(struct sql_session *s)
{
	if (s == NULL)
		return;
	tds_drop_cells(s);
	tds_disconnect(s);
	free(s);
}

static enum status
enter_as(const struct sql_to *to, const struct sql_dialect *d,
	 const char *version, const char *setup, struct sql_session **out,
	 struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->dialect = d;
	st = tds_sign_in(s, to, version);
	if (st == ST_OK)
		st = tds_run(s, setup);
	if (st == ST_OK) {
		*out = s;
		return ST_OK;
	}
	if (why != NULL)
		(void)!buf_add_str(why, s->trouble);
	tds_leave(s);
	return st;
}

/* Whoever waits for a lock is not kept waiting by us, nor we by him. */
static enum status
mssql_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	char setup[128];

	snprintf(setup, sizeof(setup),
		 "SET LOCK_TIMEOUT %llu SET DEADLOCK_PRIORITY LOW "
		 "SET TEXTSIZE %d",
		 (unsigned long long)to->limits.lock_ms, TDS_CELL_MAX);
	return enter_as(to, &mssql_dialect, "7.4", setup, out, why);
}

static enum status
sybase_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	char setup[128];

	snprintf(setup, sizeof(setup),
		 "SET LOCK WAIT %llu SET QUOTED_IDENTIFIER ON SET TEXTSIZE %d",
		 ((unsigned long long)to->limits.lock_ms + 999) / 1000,
		 TDS_CELL_MAX);
	return enter_as(to, &sybase_dialect, "5.0", setup, out, why);
}

static const struct sql_dialect *
tds_speaks(const struct sql_session *s)
{
	return s->dialect;
}

static const char *
tds_trouble(const struct sql_session *s)
{
	return s->trouble;
}

#define TDS_OPS(number, enter)                                                 \
	{                                                                      \
		.port = (number), .databases = true, .open = (enter),          \
		.close = tds_leave, .dialect = tds_speaks, .run = tds_run,     \
		.query = tds_query, .fetch = tds_fetch, .piece = tds_piece,    \
		.trouble = tds_trouble                                         \
	}

static const struct sql_ops mssql_ops = TDS_OPS(1433, mssql_enter);
static const struct sql_ops sybase_ops = TDS_OPS(5000, sybase_enter);

static enum status
mssql_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &mssql_ops, out);
}

static enum status
sybase_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &sybase_ops, out);
}

const struct source_ops mssql_source = {
    .scheme = "mssql",
    .open = mssql_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};

const struct source_ops sybase_source = {
    .scheme = "sybase",
    .open = sybase_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
