#include "master/api/filters.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

bool
filters_word(const char *words, struct span name)
{
	struct span rest = span_str(words), word;

	while (str_next(&rest, ' ', &word))
		if (span_eq(word, name))
			return true;
	return false;
}

/* A node of the tree as the term that means all that lies in it. */
static bool
node_term(struct span node, struct span *key, struct span *value)
{
	static const struct {
		const char *head, *key;
	} kinds[] = {
	    {"g:", "group"},
	    {"t:", "target"},
	    {"d:", "folder"},
	    {"o:", "object"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!str_starts(node, kinds[i].head))
			continue;
		*key = span_str(kinds[i].key);
		*value = span_skip(node, 2);
		return true;
	}
	return false;
}

/*
 * Terms of one key are alternatives, so a node cannot stand beside a filter on
 * the very key that it becomes.
 */
static bool
clashes(const struct query *q, struct span key)
{
	for (size_t i = 0; i < q->count; i++)
		if (span_eq(q->pairs[i].name, key))
			return true;
	return false;
}

static enum status
add(const struct query *q, const struct query_pair *pair, struct filter *f)
{
	struct span key = pair->name, value = pair->value;

	if (!str_is(key, "under"))
		return filter_add(f, key, value);
	if (!node_term(value, &key, &value) || clashes(q, key) ||
	    query_count(q, "under") > 1)
		return ST_MALFORMED;
	return filter_add(f, key, value);
}

static void
blame(struct problem *p, struct span name, enum status st)
{
	char at[PROBLEM_POINTER];

	snprintf(at, sizeof(at), "?%.*s", (int)(name.len < 64 ? name.len : 64),
		 (const char *)name.ptr);
	if (st == ST_NOTFOUND)
		problem_field(p, at, "is not known");
	else if (st == ST_LIMIT)
		problem_field(p, at, "is too much: %d values of %d bytes",
			      FILTER_TERMS_MAX, FILTER_TEXT_MAX);
	else
		problem_field(p, at, "has a value that it cannot have");
}

enum status
filters_read(const struct query *q, const char *skip, struct filter *f,
	     struct problem *p)
{
	*f = (struct filter){.count = 0};
	for (size_t i = 0; i < q->count; i++) {
		const struct query_pair *pair = &q->pairs[i];
		enum status st;

		if (filters_word(skip, pair->name))
			continue;
		st = add(q, pair, f);
		if (st != ST_OK)
			blame(p, pair->name, st);
	}
	return p->count == 0 ? ST_OK : ST_MALFORMED;
}

static struct span
key_of(const struct query_pair *pair, struct span *value)
{
	struct span key = pair->name;

	*value = pair->value;
	if (str_is(key, "under"))
		(void)node_term(pair->value, &key, value);
	return key;
}

static bool
seen_before(const struct query *q, size_t i, struct span key)
{
	struct span value;

	for (size_t k = 0; k < i; k++)
		if (span_eq(key_of(&q->pairs[k], &value), key))
			return true;
	return false;
}

void
filters_json(const struct query *q, struct json *j)
{
	struct span value;
	char name[64];

	json_map(j);
	for (size_t i = 0; i < q->count; i++) {
		struct span key = key_of(&q->pairs[i], &value);

		if (seen_before(q, i, key) ||
		    str_copy(name, sizeof(name), key) != ST_OK)
			continue;
		json_key(j, name);
		json_list(j);
		for (size_t k = i; k < q->count; k++)
			if (span_eq(key_of(&q->pairs[k], &value), key))
				json_str(j, value);
		json_end(j);
	}
	json_end(j);
}
