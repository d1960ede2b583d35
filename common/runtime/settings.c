#include "runtime/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "sys/file.h"

const char *const settings_io_words[] = {"none", "best-effort", "idle", NULL};
const unsigned settings_io_class[] = {0, 2, 3};

const char *const settings_levels[] = {"error", "warn", "info", "debug", NULL};

/* Environment and flags; the order of argv does not matter to the caller. */
static enum status
over(const struct conf_schema *schema, struct settings_args *a,
     struct settings *s, struct buf *why)
{
	struct conf_args args = {
	    .argc = a->argc, .argv = a->argv, .from = a->from};
	enum status st = conf_env(schema, environ, s, why);

	if (st == ST_OK)
		st = conf_flags(schema, &args, s, why);
	a->words = args.rest;
	return st;
}

/* Reads the flags once on a copy: they say where the file is. */
static enum status
find_state(const struct conf_schema *schema, const struct settings_args *a,
	   struct settings *s, struct buf *why)
{
	struct settings_args copy = *a;
	enum status st;

	copy.argv = calloc((size_t)a->argc + 1, sizeof(char *));
	if (copy.argv == NULL)
		return ST_NOMEM;
	memcpy(copy.argv, a->argv, (size_t)a->argc * sizeof(char *));
	st = over(schema, &copy, s, why);
	free(copy.argv);
	return st;
}

enum status
settings_read(const struct conf_schema *schema, struct settings_args *a,
	      struct settings *s, struct buf *why)
{
	char path[4096];
	enum status st;

	conf_defaults(schema, s);
	st = find_state(schema, a, s, why);
	if (st == ST_OK)
		st = file_join(path, sizeof(path), s->state, "agent.conf");
	if (st != ST_OK)
		return st;
	conf_defaults(schema, s);
	st = conf_file(schema, path, s, why);
	if (st == ST_NOTFOUND || st == ST_DENIED) {
		buf_clear(why);
		st = ST_OK; /* the folder itself will tell */
	}
	return st == ST_OK ? over(schema, a, s, why) : st;
}
