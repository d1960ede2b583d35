/*
 * A database that is read, as the files of it share it: `sql_open` gets to the
 * target, `sql_find` lists its tables, `sql_columns` what one is made of,
 * `sql_rows`, `sql_cells` and `sql_large` read it, `sql_count` compares,
 * `sql_source` goes from table to table, `sql_again` comes back after a break,
 * `sql_fail` says why it did not. One thread. Errors: as sql.h has them.
 */
#ifndef PROXY_AGENT_SOURCE_SQL_STATE_H
#define PROXY_AGENT_SOURCE_SQL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/source/sql/choice.h"
#include "proxy-agent/source/sql/link.h"
#include "proxy-agent/source/sql/list.h"
#include "proxy-agent/source/sql/spell.h"
#include "proxy-agent/source/sql/sql.h"
#include "proxy-agent/source/sql/table.h"

#define SQL_CAP  ((size_t)8 << 20) /* bytes of a statement */
#define PATH_CAP 8192

struct source {
	const struct sql_ops *ops;
	struct sql_link link;
	struct buf database, schema, name; /* of the target, C strings */
	struct sql_list list;
	size_t at; /* behind the item */
	struct sql_choice choice;
	bool count_only, browse, views;
	uint64_t sample; /* rows of each table; 0: all */
	uint64_t rate;   /* rows a second; 0: as they come */

	/* the table at hand */
	struct sql_table table;
	struct span *cell;
	char (*digits)[SQL_DIGITS]; /* of raw cells, one for each column */
	enum {
		SQL_ASKING,
		SQL_READING,
		SQL_CELLS,
		SQL_LARGE,
		SQL_COUNTING,
		SQL_ENDED
	} step;
	struct sql_key last; /* of the row read last */
	uint64_t rows, page_rows, counted;
	uint64_t asked; /* rows of the page at hand; 0: all that are left */
	bool last_page;
	bool counts; /* the count was asked for together with the rows */
	bool ahead;  /* and was to be made beside them */
	enum { SQL_UNKNOWN, SQL_BRIEF, SQL_LONG } length;
	unsigned tries;
	struct buf out;     /* what read() gives next */
	bool given;         /* rows of it were */
	enum status failed; /* it goes no further than what is in out */
	struct buf large;   /* rows with large cells: "where\0key\0" each */
	struct buf whole;   /* a piece of one that came in pieces */
	struct buf key;     /* of the row at hand, for people */
	uint32_t late;      /* the cell of it that comes in pieces */
	bool late_begun;
	struct {
		size_t at; /* in large */
		uint64_t nth, from;
		uint32_t column;
		bool begun;
		bool asked; /* the statement of its pieces is under way */
	} piece;

	struct buf path, detail, sql;
};

static inline const char *
sql_text(const struct buf *b)
{
	return (const char *)b->data;
}

static inline const struct sql_dialect *
sql_dialect_of(const struct source *s)
{
	return s->ops->dialect(s->link.session);
}

static inline struct sql_place
sql_place_of(const struct sql_entry *e)
{
	return (struct sql_place){
	    .database = e->database,
	    .schema = span_str(e->schema),
	    .name = span_str(e->name),
	};
}

/* A statement of the catalogue, or what a driver has in its place. */
enum status sql_ask_catalogue(struct source *s, const char *statement,
			      enum status (*driver)(struct sql_session *,
						    const char *, const char *),
			      const char *schema, const char *name);

/* The wanted tables of the database that was entered, to s->list. */
enum status sql_find_tables(struct source *s);

/* Those of all databases, one after the other: what cannot be entered is named.
 */
enum status sql_find_databases(struct source *s, struct buf *why);

/* What the table is made of, and room for a row of it. ST_EOF: no column of it
 * is wanted. */
enum status sql_read_columns(struct source *s, const struct sql_entry *e);

/* The same in another state of it. ST_MALFORMED: it has become another table.
 */
enum status sql_look_again(struct source *s, const struct sql_entry *e);

/* Asks for the next page; behind it the step is SQL_READING. */
enum status sql_ask_rows(struct source *s);

/* Some of its rows, to s->out; at its end the step is SQL_LARGE, behind a row
 * with cells that are to come SQL_CELLS. */
enum status sql_put_rows(struct source *s);

/* Whether cells of the row at hand did not come with it. */
bool sql_has_cells(const struct source *s);
/* They begin to come: the step is SQL_CELLS. */
enum status sql_begin_cells(struct source *s);
/* One piece of them; then SQL_READING. */
enum status sql_put_cells(struct source *s);
/* The key of the row at hand for people, behind what `to` has. */
enum status sql_add_key(struct buf *to, const struct source *s);
/* That cell of a row, or the rest of it, is not read. */
enum status sql_put_unread(struct source *s, uint32_t column, struct span key,
			   enum status why);

/* One piece of the large cells of that page; then SQL_ASKING or SQL_COUNTING.
 */
enum status sql_put_large(struct source *s);
/* The cell at hand of them failed with `st`: on with the next, unless that is
 * the end of all. */
enum status sql_pass_large(struct source *s, enum status st);

/* Goes on after what failed with `st`; what it gives is the end of it. */
enum status sql_resume(struct source *s, enum status st);

/* A connection in place of a lost one, to the same table (sql_again). */
enum status sql_come_back(struct source *s);

/* Why it is not read, and in whose words (sql_fail). */
enum cover_reason sql_reason_of(enum status st);
const char *sql_words_of(const struct source *s, enum status st);
/* Of those about rows, without what rows hold. */
struct span sql_safe_words_of(const struct source *s, enum status st);
/* The same within its rows, of one that broke off. */
void sql_tell_failure(struct source *s, enum status st);

/* The one number that a statement gives, once it is under way (sql_count). */
enum status sql_take_number(const struct sql_ops *ops, struct sql_session *of,
			    uint64_t *n);
/* The server begins to count while rows are read, where it can. */
enum status sql_count_ahead(struct source *s);
/* How many rows it says there are, to s->counted. */
enum status sql_count(struct source *s);

#endif
