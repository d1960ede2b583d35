/*
 * A connection of DRDA as the files of it share it: `drda_talk` writes and
 * reads, `drda_hear` knows what answers mean, `drda_sign` says who we are. One
 * thread.
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

/* ST_MALFORMED and ST_LIMIT break the connection off. */
NODISCARD enum status drda_hear(struct drda_talk *t,
				const struct drda_object *o);

/* Why it cannot be the name of a database; NULL: it can. */
const char *drda_bad_name(const char *database);

/* Greets, says who we are, and opens the database. */
NODISCARD enum status drda_sign_in(struct drda_talk *t,
				   const struct sql_to *to);

#endif
