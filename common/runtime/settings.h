#ifndef RUNTIME_SETTINGS_H
#define RUNTIME_SETTINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "conf/schema.h"

/*
 * settings of an agent, whatever it scans: one table of each program for the
 * file agent.conf in its state folder, the environment, flags, help and
 * documentation. A program makes its table of SETTINGS_ROWS.
 */
struct settings {
	char state[3000];
	char master[300];
	char ca_pin[80];
	uint64_t spool_quota;
	uint64_t reconnect_base, reconnect_cap; /* milliseconds */
	uint64_t retry;                         /* milliseconds */
	uint64_t max_tasks;
	uint64_t nice;
	unsigned io;
	char scanner[3000];
	char user[64];
	unsigned log_level;
	bool again;
};

/* Words of io, as the kernel numbers them from io_classes[]. */
extern const unsigned settings_io_class[];

/* Words of their settings, as settings.c has them. */
extern const char *const settings_io_words[];
extern const char *const settings_levels[];

/* Rows of a table; what differs: its folder, its scanner, tasks at a time. */
#define SETTINGS_ROWS(folder, program, tasks)                                  \
	{"state", CONF_PATH, CONF_AT(struct settings, state),                  \
	 .fallback = (folder),                                                 \
	 .help = "folder of keys, orders and results not yet sent"},           \
	    {"master", CONF_TEXT, CONF_AT(struct settings, master),            \
	     .fallback = "",                                                   \
	     .help = "host:port of the master; enrolment writes it down"},     \
	    {"ca-pin", CONF_TEXT, CONF_AT(struct settings, ca_pin),            \
	     .fallback = "",                                                   \
	     .help = "enroll without a token: SHA-256 of the CA's key, 64 "    \
		     "hex digits"},                                            \
	    {"again", CONF_BOOL, CONF_AT(struct settings, again),              \
	     .fallback = "no",                                                 \
	     .help = "enroll: forget an earlier enrolment and what is not "    \
		     "yet sent"},                                              \
	    {"spool-quota",                                                    \
	     CONF_SIZE,                                                        \
	     CONF_AT(struct settings, spool_quota),                            \
	     .fallback = "1GiB",                                               \
	     .low = 4 << 20,                                                   \
	     .high = UINT64_C(1) << 40,                                        \
	     .help = "disk that results may take until the master has them; "  \
		     "full: "                                                  \
		     "scans wait"},                                            \
	    {"reconnect-base",                                                 \
	     CONF_DURATION,                                                    \
	     CONF_AT(struct settings, reconnect_base),                         \
	     .fallback = "1s",                                                 \
	     .low = 10,                                                        \
	     .high = 3600000,                                                  \
	     .help = "longest wait before the first try to connect again"},    \
	    {"reconnect-cap",                                                  \
	     CONF_DURATION,                                                    \
	     CONF_AT(struct settings, reconnect_cap),                          \
	     .fallback = "15m",                                                \
	     .low = 10,                                                        \
	     .high = 86400000,                                                 \
	     .help = "longest wait between two tries; it doubles up to here"}, \
	    {"scanner-retry",                                                  \
	     CONF_DURATION,                                                    \
	     CONF_AT(struct settings, retry),                                  \
	     .fallback = "1s",                                                 \
	     .low = 10,                                                        \
	     .high = 3600000,                                                  \
	     .help =                                                           \
		 "longest wait before a scanner that died is started again"},  \
	    {"max-tasks",                                                      \
	     CONF_NUMBER,                                                      \
	     CONF_AT(struct settings, max_tasks),                              \
	     .fallback = (tasks),                                              \
	     .low = 1,                                                         \
	     .high = 16,                                                       \
	     .help = "scan tasks that run at the same time"},                  \
	    {"nice",                                                           \
	     CONF_NUMBER,                                                      \
	     CONF_AT(struct settings, nice),                                   \
	     .fallback = "10",                                                 \
	     .low = 0,                                                         \
	     .high = 19,                                                       \
	     .help = "how far scans stand back for the CPU"},                  \
	    {"ionice",                                                         \
	     CONF_WORD,                                                        \
	     CONF_AT(struct settings, io),                                     \
	     .fallback = "best-effort",                                        \
	     .words = settings_io_words,                                       \
	     .help = "how far scans stand back for the disk"},                 \
	    {"scanner", CONF_PATH, CONF_AT(struct settings, scanner),          \
	     .fallback = "",                                                   \
	     .help = "the program " program ", where it is not in its place"}, \
	    {"user", CONF_TEXT, CONF_AT(struct settings, user),                \
	     .fallback = "trawl",                                              \
	     .help =                                                           \
		 "user of the part that talks to the master, when started as " \
		 "root; ignored when there is no such user"},                  \
	{                                                                      \
		"log-level", CONF_WORD, CONF_AT(struct settings, log_level),   \
		    .fallback = "info", .words = settings_levels,              \
		    .help = "how much is logged"                               \
	}

/*
 * Defaults, then agent.conf in the state folder, environment, flags. Words that
 * are no flag are left in argv[from .. from + *words).
 */
struct settings_args {
	int argc;
	char **argv;
	int from;
	int words; /* out */
};
NODISCARD enum status settings_read(const struct conf_schema *schema,
				    struct settings_args *a, struct settings *s,
				    struct buf *why);

#endif
