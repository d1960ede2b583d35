#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "master/core/audit.h"
#include "master/core/state.h"

/*
 * answer: what one operation says: an HTTP status and JSON; and how operations
 * read their arguments.
 */
struct answer {
	uint16_t http;
	struct buf body;
};

#define ANSWER_MAX (1024 * 1024)

void answer_init(struct answer *r);
void answer_fini(struct answer *r);

/* An object begins; write members, then answer_end(). */
void answer_begin(struct answer *r, uint16_t http, struct json *j);
void answer_end(struct answer *r, struct json *j);
void answer_empty(struct answer *r, uint16_t http); /* {} */

/* problem+json with a sentence for a person. */
void answer_problem(struct answer *r, uint16_t http, const char *detail);
/* What a status of the store means to who asked. */
void answer_status(struct answer *r, enum status st);

/* One question: who asks what. */
struct ask {
	struct core *core;
	struct actor who;
	const json_t *args; /* an object */
	struct answer *reply;
};

/* Members. A missing one gives false; a wrong one gives false and a problem. */
/* An id as a number or as text; false for anything else. */
bool answer_id_of(const json_t *v, uint64_t *out);
bool ask_id(struct ask *a, const char *key, uint64_t *out);
bool ask_number(struct ask *a, const char *key, uint64_t low, uint64_t high,
		uint64_t *out);
/* Text of 1 to max bytes; the span is good as long as the arguments. */
bool ask_text(struct ask *a, const char *key, size_t max, struct span *out);
bool ask_failed(const struct ask *a); /* a problem has been said */
/* Says that it is missing, when nothing was said yet. */
void ask_missing(struct ask *a, const char *key);

#endif
