#ifndef PROXY_AGENT_SOURCE_SQL_CHOICE_H
#define PROXY_AGENT_SOURCE_SQL_CHOICE_H

#include <stdbool.h>

#include "base/span.h"

/*
 * sql_choice: which databases, tables and columns are wanted, by the options
 * include and exclude: globs with commas between (base/glob.h), tried on
 * DATABASE/SCHEMA/TABLE/COLUMN as far as that stands below the target, so that
 * of a target that is a schema it is TABLE/COLUMN.
 *
 * A pattern that fits a database or a table means all of it. One without a
 * slash means these, or, where the target is a table, its columns.
 *
 * Owner: borrows the options.
 */
struct sql_choice {
	struct span include, exclude; /* empty: all, none */
	bool database, schema, table; /* stand in the target */
};

struct sql_place {
	const char *database;
	struct span schema, name; /* "": there is none */
};

enum sql_wish {
	SQL_UNWANTED,
	SQL_BY_COLUMN, /* each is to be asked for */
	SQL_WANTED,    /* with all its columns */
};

/* Whether anything in that database may be wanted. */
bool sql_choice_enters(const struct sql_choice *c, const char *database);
enum sql_wish sql_choice_of(const struct sql_choice *c, struct sql_place table);
bool sql_choice_has(const struct sql_choice *c, struct sql_place table,
		    struct span column);

#endif
