#include <stdint.h>
#include <stdlib.h>

#include "master/api/body.h"
#include "master/api/query.h"

/*
 * Bodies and queries from outside. Properties: a body that keeps to the table
 * has values within the bounds of the table; one that does not is refused with
 * a status and at least one pointer that begins with "/"; a query never has
 * more pairs than its limit nor a NUL in them.
 */
static const struct field fields[] = {
    {"name", FIELD_TEXT, true, 1, 8, 0, NULL, NULL},
    {"count", FIELD_INTEGER, false, -5, 10, 0, NULL, NULL},
    {"on", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
    {"one", FIELD_ID, false, 0, 0, 0, NULL, NULL},
    {"ids", FIELD_IDS, false, 1, 4, 0, NULL, NULL},
    {"words", FIELD_TEXTS, false, 0, 3, 5, NULL, NULL},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void
require(int good)
{
	if (!good)
		abort();
}

static void
look_at(const struct body *b)
{
	struct span name = body_text(b, "name");

	require(name.len >= 1 && name.len <= 8);
	require(body_int(b, "count", 0) >= -5 && body_int(b, "count", 0) <= 10);
	require(!body_has(b, "one") || body_id(b, "one") > 0);
	require(!body_has(b, "ids") ||
		(body_count(b, "ids") >= 1 && body_count(b, "ids") <= 4));
	for (size_t i = 0; i < body_count(b, "ids"); i++)
		require(body_parse_id(body_item(b, "ids", i)) > 0);
	require(body_count(b, "words") <= 3);
	for (size_t i = 0; i < body_count(b, "words"); i++) {
		struct span w = body_item(b, "words", i);

		require(w.len >= 1 && w.len <= 5);
	}
}

static void
try_body(struct span s)
{
	struct problem p = {.status = 0};
	struct body *b;

	if (body_open(s, &p, &b) != ST_OK) {
		require(p.status == 400 || p.status == 413);
		return;
	}
	if (body_check(b, fields, FIELDS, &p) == ST_OK) {
		look_at(b);
	} else {
		require(p.status == 400 && p.count > 0);
		require(p.errors[0].pointer[0] == '/');
		require(p.errors[0].detail[0] != '\0');
	}
	body_close(b);
}

static void
try_query(struct span s)
{
	struct arena a;
	struct query q;

	arena_init(&a, 64 * 1024);
	if (query_parse(s, &a, &q) == ST_OK) {
		require(q.count <= QUERY_MAX);
		for (size_t i = 0; i < q.count; i++)
			for (size_t k = 0; k < q.pairs[i].value.len; k++)
				require(q.pairs[i].value.ptr[k] != 0);
	}
	arena_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_body(span_of(data, size));
	try_query(span_of(data, size));
	return 0;
}
