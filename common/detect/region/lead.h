#ifndef DETECT_REGION_LEAD_H
#define DETECT_REGION_LEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "detect/catalogue/class.h"
#include "detect/engine/expr.h"

/*
 * lead: the beginning of a word that every match of an expression has. Most of
 * what is known by its name is: gender, "cvv", Mr., glpat-. Words are quicker
 * to find than expressions, so that these are looked for around them only.
 *
 * A word begins with a letter of ASCII that has none before it, with a large
 * one behind a small one or before one ("userGender", "HTMLTitle"), or with
 * the second byte behind a backslash ("\ngender").
 */
#define LEAD_BYTES 12
#define LEAD_MIN   4 /* of these it is known what they may be */
#define LEAD_HEAD  8 /* of these a text is asked at once */
#define LEADS_MAX  4096
#define LEAD_NEEDS 4
#define LEAD_REACH 40 /* how far behind it they are known */

/* One of these bytes stands `from` to `to` - 1 bytes behind a lead's first. */
struct lead_need {
	struct class_set set;
	uint8_t from, to;
};

struct lead {
	/* text & mask == byte, for the first `len` bytes */
	uint8_t byte[LEAD_BYTES], mask[LEAD_BYTES];
	uint8_t len;
	/* what the first bytes may be, a bit each of their lower five bits */
	uint32_t fold[LEAD_MIN];
	/* a match begins at most so far before it, and ends as far behind */
	uint32_t before, after;
	bool ends; /* no byte of a word goes on behind it */
	uint8_t needs;
	struct lead_need need[LEAD_NEEDS];
};

struct lead_list {
	struct lead lead[LEADS_MAX];
	size_t count;
};

/*
 * Leads of an expression: each match has one of them. `free`: one that has a
 * letter before it does not count. False: there are no good ones, or too many;
 * the list is what it was.
 */
bool lead_find(const struct expr *e, uint16_t node, bool free,
	       struct lead_list *out);

/* The lead stands at text.ptr; so far as text goes, nothing speaks against. */
bool lead_stands(const struct lead *l, struct span text);
/* The same when its first LEAD_HEAD bytes, or all, are known to stand there. */
bool lead_goes_on(const struct lead *l, struct span text);

#endif
