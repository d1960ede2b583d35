#include "master/store/migrate.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "gen/schema.h"
#include "master/store/sql.h"

static unsigned
number_of(const struct schema_file *f)
{
	return (unsigned)strtoul(f->path, NULL, 10);
}

unsigned
migrate_latest(void)
{
	unsigned latest = 0;

	for (const struct schema_file *f = schema_store; f->path != NULL; f++) {
		must(number_of(f) == latest + 1);
		latest = number_of(f);
	}
	must(latest == STORE_VERSION);
	return latest;
}

static enum status
apply(struct store *s, const struct schema_file *f)
{
	char pragma[64];
	enum status st = store_begin(s);

	if (st != ST_OK)
		return st;
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %u",
		 number_of(f));
	st = sql_script(s, f->data);
	if (st == ST_OK)
		st = sql_script(s, pragma);
	if (st == ST_OK)
		st = store_commit(s);
	if (st != ST_OK)
		store_rollback(s);
	return st;
}

enum status
migrate_fits(struct store *s, struct buf *why)
{
	unsigned have = 0, latest = migrate_latest();
	enum status st = store_version(s, &have);

	if (st != ST_OK || have <= latest)
		return st;
	st = buf_addf(why,
		      "The database has version %u, this program knows only "
		      "up to %u: it was last used by a newer Trawl. Install "
		      "that or a newer one; nothing was changed.",
		      have, latest);
	return st == ST_OK ? ST_UNSUPPORTED : st;
}

enum status
migrate_run(struct store *s, struct buf *why)
{
	unsigned have = 0;
	enum status st = migrate_fits(s, why);

	if (st == ST_OK)
		st = store_version(s, &have);
	for (const struct schema_file *f = schema_store;
	     st == ST_OK && f->path != NULL; f++) {
		if (number_of(f) <= have)
			continue;
		st = apply(s, f);
		if (st != ST_OK &&
		    buf_addf(why, "The database could not be brought to %s: %s",
			     f->path, store_error(s)) != ST_OK)
			return ST_NOMEM;
	}
	return st;
}
