#ifndef MODEL_BUDGET_H
#define MODEL_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * budget: how much one object may cost. Over it, the object is partly read and
 * the ledger says what was left out. The one table, for `trawl scan --limit`,
 * for orders by command line, API and console, and for their help.
 *
 * Member, default, lowest, highest, unit, what it bounds.
 */
#define BUDGET_TABLE(X)                                                        \
	X(depth, 8, 1, 16, COUNT, "containers within containers")              \
	X(members, 1000000, 1, 1000000000, COUNT, "members of one object")     \
	X(output, BUDGET_GIB(64), 1, UINT64_MAX, BYTES,                        \
	  "bytes that one object unpacks to")                                  \
	X(ratio, 1000, 10, 1000000000, COUNT,                                  \
	  "output to input, once above 16 MiB")                                \
	X(seconds, 600, 1, 1000000, SECONDS, "CPU time of one object")         \
	X(member_seconds, 120, 1, 1000000, SECONDS,                            \
	  "CPU time of one member, with all inside it")                        \
	X(memory, BUDGET_MIB(128), BUDGET_MIB(1), BUDGET_MIB(256), BYTES,      \
	  "members held in memory, of those that cannot be streamed")          \
	X(image_pixels, 100000000, 1, UINT64_MAX, COUNT, "pixels of an image") \
	X(ocr_seconds, 30, 1, 1000000, SECONDS,                                \
	  "CPU time for the text of one image, with --ocr")                    \
	X(ocr_memory, BUDGET_MIB(256), BUDGET_MIB(64), BUDGET_GIB(8), BYTES,   \
	  "for it: what a worker has besides its 512 MiB")

#define BUDGET_MIB(n) (UINT64_C(n) << 20)
#define BUDGET_GIB(n) (UINT64_C(n) << 30)

struct budget {
#define BUDGET_MEMBER(name, normal, low, high, unit, text) uint64_t name;
	BUDGET_TABLE(BUDGET_MEMBER)
#undef BUDGET_MEMBER
};

enum budget_unit { BUDGET_COUNT, BUDGET_BYTES, BUDGET_SECONDS };

struct budget_row {
	const char *name;
	size_t at; /* in struct budget */
	uint64_t normal, low, high;
	enum budget_unit unit;
	const char *text;
};

const struct budget_row *budget_row(size_t i); /* NULL behind the last */
const struct budget_row *budget_find(struct span name); /* NULL: none */
const char *budget_unit_name(enum budget_unit unit);    /* "bytes" */
uint64_t budget_value(const struct budget *b, const struct budget_row *r);
bool budget_allows(const struct budget_row *r, uint64_t v);
/* "a number from 1 to 16" */
#define BUDGET_RULE_MAX 80
void budget_rule(const struct budget_row *r, char dst[BUDGET_RULE_MAX]);

void budget_default(struct budget *b);

/*
 * Take a list such as "depth=4,output=1GiB": rows by name, the others stay.
 * ST_MALFORMED: there is no such row, or not such a value; nothing is changed
 * and *why says so.
 */
NODISCARD enum status budget_set(struct budget *b, struct span list,
				 struct buf *why);

/* One line for each row: name, default, what it bounds. */
NODISCARD enum status budget_help(struct buf *to);

#endif
