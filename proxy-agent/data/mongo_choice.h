#ifndef PROXY_AGENT_DATA_MONGO_CHOICE_H
#define PROXY_AGENT_DATA_MONGO_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "proxy-agent/data/mongo_bson.h"
#include "proxy-agent/source/sql/choice.h"

/*
 * mongo_choice: which fields of a collection are wanted, by the patterns of
 * sql_choice on DATABASE/COLLECTION/FIELD. FIELD is the way to it without the
 * numbers of lists, "address.cards.number"; whatever stands below a field goes
 * with it. In a pattern a star of FIELD crosses dots.
 *
 * Owner: borrows names and options. Threads: no state.
 */
struct mongo_choice {
	const struct sql_choice *of;
	struct sql_place place;
};

/* As mongo_bson_put_some() asks; arg is a mongo_choice. */
enum mongo_wish mongo_choice_ask(void *arg, struct span way);

/*
 * What the server can be told: these fields alone (and _id), or all but these;
 * none: all are to be asked for. The rest is left out here.
 */
#define MONGO_TOLD 64
struct mongo_told {
	struct span field[MONGO_TOLD];
	size_t count;
	bool without;
};

void mongo_choice_tell(const struct mongo_choice *c, struct mongo_told *out);

#endif
