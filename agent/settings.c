#include "agent/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "sys/file.h"

static const char *const io_words[] = {"none", "best-effort", "idle", NULL};
const unsigned settings_io_class[] = {0, 2, 3};

static const char *const levels[] = {"error", "warn", "info", "debug", NULL};

static const struct conf_setting table[] = {
    {"state", CONF_PATH, CONF_AT(struct settings, state),
     .fallback = "/var/lib/trawl-agent",
     .help = "folder of keys, orders and results not yet sent"},
    {"master", CONF_TEXT, CONF_AT(struct settings, master), .fallback = "",
     .help = "host:port of the master; enrolment writes it down"},
    {"ca-pin", CONF_TEXT, CONF_AT(struct settings, ca_pin), .fallback = "",
     .help = "enroll without a token: SHA-256 of the CA's key, 64 hex digits"},
    {"again", CONF_BOOL, CONF_AT(struct settings, again), .fallback = "no",
     .help = "enroll: forget an earlier enrolment and what is not yet sent"},
    {"spool-quota", CONF_SIZE, CONF_AT(struct settings, spool_quota),
     .fallback = "1GiB", .low = 4 << 20, .high = UINT64_C(1) << 40,
     .help = "disk that results may take until the master has them; full: "
	     "scans wait"},
    {"reconnect-base", CONF_DURATION, CONF_AT(struct settings, reconnect_base),
     .fallback = "1s", .low = 10, .high = 3600000,
     .help = "longest wait before the first try to connect again"},
    {"reconnect-cap", CONF_DURATION, CONF_AT(struct settings, reconnect_cap),
     .fallback = "15m", .low = 10, .high = 86400000,
     .help = "longest wait between two tries; it doubles up to here"},
    {"scanner-retry", CONF_DURATION, CONF_AT(struct settings, retry),
     .fallback = "1s", .low = 10, .high = 3600000,
     .help = "longest wait before a scanner that died is started again"},
    {"max-tasks", CONF_NUMBER, CONF_AT(struct settings, max_tasks),
     .fallback = "1", .low = 1, .high = 16,
     .help = "scan tasks that run at the same time"},
    {"nice", CONF_NUMBER, CONF_AT(struct settings, nice), .fallback = "10",
     .low = 0, .high = 19, .help = "how far scans stand back for the CPU"},
    {"ionice", CONF_WORD, CONF_AT(struct settings, io),
     .fallback = "best-effort", .words = io_words,
     .help = "how far scans stand back for the disk"},
    {"scanner", CONF_PATH, CONF_AT(struct settings, scanner), .fallback = "",
     .help = "the program trawl-scanner, where it is not in its place"},
    {"user", CONF_TEXT, CONF_AT(struct settings, user), .fallback = "trawl",
     .help = "user of the part that talks to the master, when started as "
	     "root; ignored when there is no such user"},
    {"log-level", CONF_WORD, CONF_AT(struct settings, log_level),
     .fallback = "info", .words = levels, .help = "how much is logged"},
};

const struct conf_schema settings_schema = {"trawl-agent", table,
					    sizeof(table) / sizeof(table[0])};

/* Environment and flags; the order of argv does not matter to the caller. */
static enum status
over(struct settings_args *a, struct settings *s, struct buf *why)
{
	struct conf_args args = {
	    .argc = a->argc, .argv = a->argv, .from = a->from};
	enum status st = conf_env(&settings_schema, environ, s, why);

	if (st == ST_OK)
		st = conf_flags(&settings_schema, &args, s, why);
	a->words = args.rest;
	return st;
}

/* Reads the flags once on a copy: they say where the file is. */
static enum status
find_state(const struct settings_args *a, struct settings *s, struct buf *why)
{
	struct settings_args copy = *a;
	enum status st;

	copy.argv = calloc((size_t)a->argc + 1, sizeof(char *));
	if (copy.argv == NULL)
		return ST_NOMEM;
	memcpy(copy.argv, a->argv, (size_t)a->argc * sizeof(char *));
	st = over(&copy, s, why);
	free(copy.argv);
	return st;
}

enum status
settings_read(struct settings_args *a, struct settings *s, struct buf *why)
{
	char path[4096];
	enum status st;

	conf_defaults(&settings_schema, s);
	st = find_state(a, s, why);
	if (st == ST_OK)
		st = file_join(path, sizeof(path), s->state, "agent.conf");
	if (st != ST_OK)
		return st;
	conf_defaults(&settings_schema, s);
	st = conf_file(&settings_schema, path, s, why);
	if (st == ST_NOTFOUND || st == ST_DENIED) {
		buf_clear(why);
		st = ST_OK; /* the folder itself will tell */
	}
	return st == ST_OK ? over(a, s, why) : st;
}
