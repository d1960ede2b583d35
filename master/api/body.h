#ifndef MASTER_API_BODY_H
#define MASTER_API_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "master/api/problem.h"

/*
 * body: one JSON object from outside, read within limits and held against a
 * table of fields. Every wrong field is named by its JSON pointer.
 *
 * Owner:  body_close() takes NULL; strings borrow from the body.
 * Limits: BODY_MAX bytes, BODY_DEPTH levels, no name twice, strict UTF-8.
 */
#define BODY_DEPTH 32

struct body;

enum field_kind {
	FIELD_TEXT,    /* low..high bytes */
	FIELD_INTEGER, /* low..high */
	FIELD_BOOLEAN,
	FIELD_ID,      /* decimal text of an id */
	FIELD_IDS,     /* low..high of them */
	FIELD_TEXTS,   /* low..high of them, of 1..each bytes */
	FIELD_NUMBERS, /* an object of low..high whole numbers by name */
	FIELD_WORDS, /* an object of low..high texts of 0..each bytes by name */
};

struct field {
	const char *name;
	enum field_kind kind;
	bool required;
	int64_t low, high;
	size_t each;                    /* FIELD_TEXTS: bytes of one */
	bool (*allowed)(struct span s); /* of each text; NULL: any */
	const char *rule;               /* words for what `allowed` wants */
};

/* ST_MALFORMED and a filled problem when it is not such an object. */
NODISCARD enum status body_open(struct span text, struct problem *p,
				struct body **out);
void body_close(struct body *b);

/* ST_MALFORMED and each wrong field in *p when it breaks the table. */
NODISCARD enum status body_check(const struct body *b,
				 const struct field *fields, size_t count,
				 struct problem *p);

/* Values; what is absent or of another kind gives the default. */
bool body_has(const struct body *b, const char *name);
struct span body_text(const struct body *b, const char *name);
int64_t body_int(const struct body *b, const char *name, int64_t otherwise);
bool body_bool(const struct body *b, const char *name, bool otherwise);
uint64_t body_id(const struct body *b, const char *name); /* 0: none */
size_t body_count(const struct body *b, const char *name);
struct span body_item(const struct body *b, const char *name, size_t i);

/* The numbers of an object, in the order in which they were given. */
typedef void body_number_fn(void *arg, struct span name, uint64_t v);
void body_numbers(const struct body *b, const char *name, body_number_fn *fn,
		  void *arg);
/* The texts of an object, the same way. */
typedef void body_word_fn(void *arg, struct span name, struct span v);
void body_words(const struct body *b, const char *name, body_word_fn *fn,
		void *arg);

/* RFC 6901: the pointer to a member, "/limits/depth". */
void body_pointer(const char *object, struct span member,
		  char at[PROBLEM_POINTER]);

/* "42": 1 .. 2^63 - 1 without leading zeros; 0 for anything else. */
uint64_t body_parse_id(struct span s);

#endif
