#ifndef PROXY_AGENT_SOURCE_SQL_LIST_H
#define PROXY_AGENT_SOURCE_SQL_LIST_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * sql_list: the tables of a target in bytewise order of database, schema and
 * name, whatever order their server has: a position in it stays one.
 *
 * Owner: sql_list_fini(); it starts as zeros. No name holds a NUL.
 */
struct sql_entry {
	char *database, *schema, *name; /* "": there is none */
	char kind;                      /* t, v, f of struct sql_dialect */
	enum status st;                 /* not ST_OK: it cannot be read ... */
	char *words;                    /* ... and why, or NULL */
};

struct sql_list {
	struct sql_entry *entries;
	size_t count, room;
};

NODISCARD enum status sql_list_add(struct sql_list *l, const char *database,
				   struct span schema, struct span name,
				   char kind);
/* A database that cannot be entered. */
NODISCARD enum status sql_list_add_closed(struct sql_list *l,
					  const char *database, enum status why,
					  struct span words);
void sql_list_sort(struct sql_list *l);
void sql_list_fini(struct sql_list *l);

NODISCARD enum status sql_entry_cursor(const struct sql_entry *e,
				       struct buf *to);
/* The first entry behind that position, whether it is there or not. */
size_t sql_list_behind(const struct sql_list *l, struct span cursor);

#endif
