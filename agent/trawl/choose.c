#include "agent/trawl/choose.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static bool
bad(const char *what, const char *word)
{
	fprintf(stderr, "trawl: %s: \"%s\"\n", what, word);
	return false;
}

static bool
add(struct choose *c, struct span word, const char *all)
{
	if (c->options.type_count == ORDER_TYPES_MAX)
		return bad("too many types", all);
	c->types[c->options.type_count++] = word;
	return true;
}

static bool
add_profile(struct choose *c, struct span name, const char *all)
{
	char *at = c->names + c->used;
	int n = snprintf(at, sizeof(c->names) - c->used, ORDER_PROFILE "%.*s",
			 (int)name.len, (const char *)name.ptr);

	if (n < 0 || (size_t)n >= sizeof(c->names) - c->used)
		return bad("too many profiles", all);
	c->used += (size_t)n + 1;
	return add(c, span_of(at, (size_t)n), all);
}

static bool
add_list(struct choose *c, const char *list,
	 bool (*one)(struct choose *c, struct span word, const char *all))
{
	struct span rest = span_str(list), word;
	size_t before = c->options.type_count;

	while (str_next(&rest, ',', &word)) {
		word = str_trim(word);
		if (word.len > 0 && !one(c, word, list))
			return false;
	}
	return c->options.type_count > before || bad("no type is named", list);
}

bool
choose_take(struct choose *c, int letter, const char *value)
{
	switch (letter) {
	case 't':
		return add_list(c, value, add);
	case 'p':
		return add_list(c, value, add_profile);
	case 'R':
		if (c->options.rule_count == CHOOSE_RULES)
			return bad("too many --rules", value);
		c->rules[c->options.rule_count++] = value;
		return true;
	default:
		return false;
	}
}

const struct detect_options *
choose_options(struct choose *c)
{
	c->options.types = c->types;
	c->options.rules = c->rules;
	return &c->options;
}
