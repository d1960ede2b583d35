#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "master/core/audit.h"
#include "master/core/state.h"

/*
 * reply: what one operation says: an HTTP status and JSON; and how operations
 * read their arguments.
 */
struct reply {
	uint16_t http;
	struct buf body;
};

#define REPLY_MAX (1024 * 1024)

void reply_init(struct reply *r);
void reply_fini(struct reply *r);

/* An object begins; write members, then reply_end(). */
void reply_begin(struct reply *r, uint16_t http, struct json *j);
void reply_end(struct reply *r, struct json *j);
void reply_empty(struct reply *r, uint16_t http); /* {} */

/* problem+json with a sentence for a person. */
void reply_problem(struct reply *r, uint16_t http, const char *detail);
/* What a status of the store means to who asked. */
void reply_status(struct reply *r, enum status st);

/* One question: who asks what. */
struct ask {
	struct core *core;
	struct actor who;
	const json_t *args; /* an object */
	struct reply *reply;
};

/* Members. A missing one gives false; a wrong one gives false and a problem. */
bool ask_id(struct ask *a, const char *key, uint64_t *out);
bool ask_number(struct ask *a, const char *key, uint64_t low, uint64_t high,
		uint64_t *out);
/* Text of 1 to max bytes; the span is good as long as the arguments. */
bool ask_text(struct ask *a, const char *key, size_t max, struct span *out);
bool ask_failed(const struct ask *a); /* a problem has been said */
/* Says that it is missing, when nothing was said yet. */
void ask_missing(struct ask *a, const char *key);

#endif
