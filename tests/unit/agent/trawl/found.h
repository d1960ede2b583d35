#ifndef UNIT_AGENT_TRAWL_FOUND_H
#define UNIT_AGENT_TRAWL_FOUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "agent/trawl/out.h"
#include "model/match.h"

/*
 * found: rows for the output formats, and names that somebody made up to break
 * whoever reads them.
 */
#define HOSTILE "/a\nb \"c\",\xff\x1b[31m\t\\{0}[x](y)"

struct row {
	const char *path, *place;
	uint8_t confidence, level;
	uint64_t reasons;
	const char *clear; /* NULL: not revealed */
};

static inline void
add_row(struct out *o, const struct row *r)
{
	const struct finding m = {
	    .type = span_str("card_visa"),
	    .place = span_str(r->place),
	    .offset = 4294967296u,
	    .length = 19,
	    .confidence = r->confidence,
	    .level = r->level,
	    .reasons = r->reasons,
	    .masked = span_str("4111 11•• •••• 1111"),
	};
	const struct scan_found f = {
	    .finding = &m,
	    .path = span_str(r->path),
	    .clear = r->clear == NULL ? span_of(NULL, 0) : span_str(r->clear),
	};

	o->format->row(o, &f);
	o->rows++;
}

/* What a format makes of these rows, up to its end, is exactly `want`. */
static inline void
assert_rows(const struct out_format *format, const struct row *rows, size_t n,
	    const char *want)
{
	struct out o;

	out_init(&o, format);
	for (size_t i = 0; i < n; i++)
		add_row(&o, &rows[i]);
	if (format->end != NULL)
		format->end(&o);
	out_add(&o, "");
	assert_int_equal(buf_add_byte(&o.text, 0), ST_OK);
	assert_string_equal((const char *)o.text.data, want);
	out_fini(&o);
}

#endif
