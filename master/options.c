#include "master/options.h"

#include <string.h>

#include "base/must.h"

const struct option *
option_find(const struct option *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	must(false);
	return NULL;
}

const char *
option_value(const struct option *table, const char *name)
{
	const struct option *o = option_find(table, name);

	return o->count > 0 ? o->values[0] : NULL;
}

/* The option that a word names, and what stands behind "=" in it. */
static struct option *
named(struct option *table, const char *word, const char **inside)
{
	size_t n;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	word += 2;
	n = strcspn(word, "=");
	for (; table->name != NULL; table++)
		if (strlen(table->name) == n &&
		    strncmp(table->name, word, n) == 0) {
			*inside = word[n] == '=' ? word + n + 1 : NULL;
			return table;
		}
	return NULL;
}

static enum status
complain(struct buf *why, const char *name, const char *what)
{
	enum status st = buf_addf(why, "--%s %s.", name, what);

	return st == ST_OK ? ST_USAGE : st;
}

static enum status
take(struct option *o, const char *value, struct buf *why)
{
	unsigned max = o->max == 0 ? 1 : o->max;

	must(max <= OPTION_VALUES_MAX);
	if (o->count == max)
		return complain(why, o->name, "is given too often");
	o->values[o->count++] = value;
	return ST_OK;
}

enum status
options_take(struct option *table, int *argc, char **argv, struct buf *why)
{
	int kept = 0;
	enum status st = ST_OK;

	for (int i = 0; st == ST_OK && i < *argc; i++) {
		const char *value = NULL;
		struct option *o = named(table, argv[i], &value);

		if (o == NULL) {
			argv[kept++] = argv[i];
			continue;
		}
		if (o->flag && value != NULL)
			return complain(why, o->name, "has no value");
		if (!o->flag && value == NULL) {
			if (i + 1 == *argc)
				return complain(why, o->name, "wants a value");
			value = argv[++i];
		}
		st = take(o, o->flag ? "" : value, why);
	}
	*argc = kept;
	return st;
}
