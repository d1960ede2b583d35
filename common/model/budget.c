#include "model/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define COUNT   BUDGET_COUNT
#define BYTES   BUDGET_BYTES
#define SECONDS BUDGET_SECONDS

static const struct budget_row rows[] = {
#define BUDGET_ROW(name, normal, low, high, unit, text)                        \
	{#name, offsetof(struct budget, name), normal, low, high, unit, text},
    BUDGET_TABLE(BUDGET_ROW)
#undef BUDGET_ROW
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct budget_row *
budget_row(size_t i)
{
	return i < ROWS ? &rows[i] : NULL;
}

const struct budget_row *
budget_find(struct span name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (str_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

const char *
budget_unit_name(enum budget_unit unit)
{
	static const char *const names[] = {"count", "bytes", "seconds"};

	return names[unit];
}

uint64_t
budget_value(const struct budget *b, const struct budget_row *r)
{
	uint64_t v;

	memcpy(&v, (const char *)b + r->at, sizeof(v));
	return v;
}

bool
budget_allows(const struct budget_row *r, uint64_t v)
{
	return v >= r->low && v <= r->high;
}

void
budget_rule(const struct budget_row *r, char dst[BUDGET_RULE_MAX])
{
	if (r->high == UINT64_MAX)
		snprintf(dst, BUDGET_RULE_MAX, "a number from %" PRIu64 " on",
			 r->low);
	else
		snprintf(dst, BUDGET_RULE_MAX,
			 "a number from %" PRIu64 " to %" PRIu64, r->low,
			 r->high);
}

static void
put(struct budget *b, const struct budget_row *r, uint64_t v)
{
	memcpy((char *)b + r->at, &v, sizeof(v));
}

void
budget_default(struct budget *b)
{
	for (size_t i = 0; i < ROWS; i++)
		put(b, &rows[i], rows[i].normal);
}

static bool
value_of(const struct budget_row *r, struct span text, uint64_t *v)
{
	uint64_t n;

	if (r->unit == BYTES) {
		if (str_to_size(text, &n) != ST_OK)
			return false;
	} else if (str_to_u64(text, 0, UINT64_MAX, &n) != ST_OK) {
		return false;
	}
	if (!budget_allows(r, n))
		return false;
	*v = n;
	return true;
}

static enum status
refuse(struct buf *why, const struct budget_row *r, struct span item)
{
	char text[256], rule[BUDGET_RULE_MAX];

	buf_clear(why);
	if (r != NULL)
		budget_rule(r, rule);
	if (r == NULL)
		snprintf(text, sizeof(text), "there is no limit \"%.*s\"",
			 (int)(item.len < 64 ? item.len : 64),
			 (const char *)item.ptr);
	else
		snprintf(text, sizeof(text), "the limit %s is %s", r->name,
			 rule);
	return buf_add_str(why, text) == ST_OK ? ST_MALFORMED : ST_NOMEM;
}

enum status
budget_set(struct budget *b, struct span list, struct buf *why)
{
	struct budget made = *b;
	struct span item;

	while (list.len > 0 && str_next(&list, ',', &item)) {
		size_t eq = str_find(item, '=');
		struct span name =
		    str_trim(span_of(item.ptr, eq < item.len ? eq : item.len));
		const struct budget_row *r = budget_find(name);
		uint64_t v;

		if (r == NULL)
			return refuse(why, NULL, name);
		if (!value_of(r, str_trim(span_skip(item, eq + 1)), &v))
			return refuse(why, r, item);
		put(&made, r, v);
	}
	*b = made;
	return ST_OK;
}

static void
say_default(const struct budget_row *r, char *dst, size_t room)
{
	uint64_t v = r->normal;

	if (r->unit == BYTES && v % BUDGET_GIB(1) == 0)
		snprintf(dst, room, "%" PRIu64 "GiB", v >> 30);
	else if (r->unit == BYTES && v % BUDGET_MIB(1) == 0)
		snprintf(dst, room, "%" PRIu64 "MiB", v >> 20);
	else
		snprintf(dst, room, "%" PRIu64 "%s", v,
			 r->unit == SECONDS ? " s" : "");
}

enum status
budget_help(struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ROWS; i++) {
		char normal[32], line[160];

		say_default(&rows[i], normal, sizeof(normal));
		snprintf(line, sizeof(line), "  %-16s %-12s %s\n", rows[i].name,
			 normal, rows[i].text);
		st = buf_add_str(to, line);
	}
	return st;
}
