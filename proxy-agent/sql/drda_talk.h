#ifndef PROXY_AGENT_SQL_DRDA_TALK_H
#define PROXY_AGENT_SQL_DRDA_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/session/stream.h"
#include "proxy-agent/source/sql/sql.h"
#include "proxy-agent/sql/drda_row.h"
#include "proxy-agent/sql/drda_wire.h"

/*
 * drda_talk: a connection that speaks DRDA: one request after the other, each
 * with its answer, and signing in. An answer with large objects is heard bit by
 * bit (drda_impl.h); the next request passes over what is left of it.
 *
 * Owner:   drda_talk_close() takes NULL.
 * Threads: one at a time.
 * Errors:  as of struct sql_ops; words are in `trouble`. After ST_CLOSED and
 *          ST_TIMEOUT of the connection nothing more is said on it.
 */
struct drda_talk {
	struct stream *stream;
	struct drda_out out;
	struct drda_frame frame;
	struct drda_form form; /* of the server */
	char class[64];        /* what it says that it is: "Apache Derby" */
	bool dead;
	uint32_t ways;   /* of signing in that it takes: bits, by SECMEC */
	uint8_t seed[8]; /* of it, for one of them */
	bool seeded;

	/* of the last answer */
	struct drda_form now;        /* its form */
	enum status st;              /* what it means */
	char trouble[240];           /* and why */
	bool signed_in, entered;     /* it was sign-in, and it was good */
	bool opened, ended;          /* a query */
	uint8_t instance[8];         /* of the query */
	struct drda_columns columns; /* of its result */
	struct buf rows, large;      /* of drda_row_take() */
	size_t rows_at, large_at;    /* what was taken of them */
	uint16_t number;             /* of the request */
	bool under_way;              /* more of it is to come ... */
	bool flows;     /* ... first the large object in the frame at hand */
	size_t flow_at; /* what was taken of the bytes there */
};

/* Signed in to the database, which has no ';' in its name. */
NODISCARD enum status drda_talk_open(const struct sql_to *to,
				     struct drda_talk **out, struct buf *why);
void drda_talk_close(struct drda_talk *t);

/* Sends what is in `out`, and hears the answer. */
NODISCARD enum status drda_talk_ask(struct drda_talk *t);

#endif
