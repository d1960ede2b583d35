#ifndef EXTRACT_OFFICE_NUMFMT_H
#define EXTRACT_OFFICE_NUMFMT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/*
 * numfmt: a number of a sheet as its format shows it, where that changes its
 * digits: dates (ISO 8601), leading zeros and groups ("000-00-0000"). All other
 * numbers show all their digits, whatever exponent they are stored with.
 */
enum numfmt_kind { NUMFMT_PLAIN, NUMFMT_DATE, NUMFMT_TIME, NUMFMT_DIGITS };

#define NUMFMT_PATTERN 40
#define NUMFMT_ROOM    400

struct numfmt {
	enum numfmt_kind kind;
	char pattern[NUMFMT_PATTERN]; /* 0 and # are digits */
};

/* By the code of a format, or by its number when it has none. */
struct numfmt numfmt_of(const char *code);
struct numfmt numfmt_builtin(unsigned id);

/* It shows a number as it stands; NULL: there is none. */
static inline bool
numfmt_is_plain(const struct numfmt *f)
{
	return f == NULL || f->kind == NUMFMT_PLAIN;
}

/* A number that is shown by the very characters that it has; one line. */
bool numfmt_as_written(const struct numfmt *f, struct span number);

/* Its length in dst. base_1904: dates count from there. */
size_t numfmt_show(const struct numfmt *f, struct span number, bool base_1904,
		   char dst[NUMFMT_ROOM]);

#endif
