#ifndef PROXY_AGENT_FIREBIRD_IMPL_H
#define PROXY_AGENT_FIREBIRD_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include <ibase.h>

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/session/watch.h"
#include "proxy-agent/source/sql/sql.h"

/* What the files of this room share: one connection, one statement at most. */
struct sql_session {
	isc_db_handle db;
	isc_tr_handle transaction;
	isc_stmt_handle statement;
	bool rows; /* the statement has some that were not fetched */
	XSQLDA *row;
	uint8_t *room;    /* where its cells are put */
	struct buf blobs; /* of the row at hand */
	struct watch *watch;
	uint32_t answer_ms, idle_ms;
	ISC_STATUS_ARRAY status;
	char trouble[240];
};

/*
 * The outcome of one call, which the watch saw: words for people are in
 * trouble, ST_TIMEOUT when it came too late.
 */
NODISCARD enum status firebird_outcome(struct sql_session *s, bool late);

/* CALL(s, ms, isc_something(s->status, ...)): its outcome. */
#define CALL(s, ms, call)                                                      \
	(watch_begin((s)->watch, (ms)), (void)(call),                          \
	 firebird_outcome((s), watch_end((s)->watch)))

/* The statement at hand is given up (statement.c). */
void firebird_drop(struct sql_session *s);

#endif
