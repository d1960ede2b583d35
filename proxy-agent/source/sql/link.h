#ifndef PROXY_AGENT_SOURCE_SQL_LINK_H
#define PROXY_AGENT_SOURCE_SQL_LINK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * sql_link: the connection to a server that sql_source reads through, had again
 * when it is lost; where the server can share the state of a table that one
 * connection sees, a second one that stands by within it; and one aside, for a
 * query that goes on meanwhile.
 *
 * Owner:   who zeroed it and set what stands above the line; sql_link_fini().
 * Threads: one at a time.
 * Errors:  as of struct sql_ops.
 */
struct sql_link {
	const struct sql_ops *ops;
	struct account login;
	struct pairs options; /* of the target */
	bool clear;           /* a person allowed to do without TLS */
	struct sql_limits limits;
	/* ---- */
	struct sql_session *session; /* NULL: none stands */
	struct sql_session *second;  /* sees what it sees; or NULL */
	struct sql_session *aside;   /* for queries of their own; or NULL */
	bool asked;                  /* one is under way there */
	char *entered;               /* the database that they have */
	bool alone;                  /* no second one can be had */
	bool not_aside; /* the server refused one: it is not asked again */
};

void sql_link_fini(struct sql_link *l);
void sql_link_hang_up(struct sql_link *l);

/* A new connection in place of any other; `why` may be NULL. */
NODISCARD enum status sql_link_dial(struct sql_link *l, const char *database,
				    struct buf *why);
/* One to that database; after a loss it may take some tries. */
NODISCARD enum status sql_link_enter(struct sql_link *l, const char *database);

/* A statement without rows; NULL is done at once. */
NODISCARD enum status sql_link_run(struct sql_link *l, const char *sql);

/*
 * A second connection within the state of the table that the first one sees, if
 * it can be had. Fails only when the first one does. `sql` is for its use.
 */
NODISCARD enum status sql_link_share(struct sql_link *l, struct buf *sql);
/* The first one is lost: on with the second. False: there is none. */
bool sql_link_take_second(struct sql_link *l);
/*
 * A query over a connection of its own, which later ones have too, in the state
 * that the table has now; its rows are those of `aside`, when `asked` says so.
 * Whoever took them all rejoins, and it is kept.
 */
void sql_link_ask_aside(struct sql_link *l, const char *sql);
void sql_link_rejoin(struct sql_link *l, bool took_all);

/* Behind the table: the state is given up; the next may have a second again. */
void sql_link_forget(struct sql_link *l);

#endif
