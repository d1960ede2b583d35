/*
 * A connection of DRDA as the files of it share it: `drda_talk` asks,
 * `drda_answer` reads what comes, `drda_hear` knows what it means, `drda_late`
 * has large objects, `drda_sign` says who we are. One thread.
 */
#ifndef PROXY_AGENT_SQL_DRDA_IMPL_H
#define PROXY_AGENT_SQL_DRDA_IMPL_H

#include "proxy-agent/sql/drda_talk.h"

/* Ways to sign in (SECMEC). */
enum drda_way {
	DRDA_BY_PASSWORD = 3,   /* USRIDPWD: as they are */
	DRDA_BY_SUBSTITUTE = 8, /* USRSSBPWD: see drda_substitute.h */
	DRDA_WAYS = 32,
};

/* Why it does not go on; the first time counts. */
void drda_say(struct drda_talk *t, enum status st, const char *words);

/* The connection cannot be used any more; what that means. */
enum status drda_broken(struct drda_talk *t, enum status st);

/* Whether large objects of the answer under way are to be taken before more of
 * it is heard. */
bool drda_answer_waits(const struct drda_talk *t);
/* Some of the answer under way, where none waits: up to where a large object
 * flows, or some of them wait, or to its end; then what it means. */
NODISCARD enum status drda_answer_hear(struct drda_talk *t);
/* Bytes of the large object that flows; none: its end. */
NODISCARD enum status drda_answer_piece(struct drda_talk *t,
					struct span *piece);
/* All that is left of the answer is of no use to anybody. */
NODISCARD enum status drda_answer_pass(struct drda_talk *t);

/* A large object begins to flow. */
NODISCARD enum status drda_hear_flow(struct drda_talk *t);

/* ST_MALFORMED and ST_LIMIT break the connection off. */
NODISCARD enum status drda_hear(struct drda_talk *t,
				const struct drda_object *o);

/* Why it cannot be the name of a database; NULL: it can. */
const char *drda_bad_name(const char *database);

/* Greets, says who we are, and opens the database. */
NODISCARD enum status drda_sign_in(struct drda_talk *t,
				   const struct sql_to *to);

#endif
