#include "runtime/report.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "conf/conf.h"

#define FILE_MAX (16 * 1024)
#define MIB      (1024 * 1024)

#define TEXT(name, member)                                                     \
	{                                                                      \
		(name), CONF_TEXT, CONF_AT(struct report, member),             \
		    .fallback = "", .help = (name)                             \
	}
#define NUMBER(name, member)                                                   \
	{                                                                      \
		(name), CONF_NUMBER, CONF_AT(struct report, member),           \
		    .fallback = "0", .help = (name)                            \
	}

static const struct conf_setting fields[] = {
    NUMBER("pid", pid),
    NUMBER("written", written),
    TEXT("connection", connection),
    TEXT("master", master),
    NUMBER("last-contact", last_contact),
    NUMBER("next-try-ms", next_try_ms),
    TEXT("trouble", trouble),
    TEXT("skew", skew),
    NUMBER("spool-bytes", spool_bytes),
    NUMBER("spool-batches", spool_batches),
    NUMBER("spool-quota", spool_quota),
    TEXT("spool-trouble", spool_trouble),
    TEXT("tasks", tasks),
};

static const struct conf_schema schema = {"status", fields,
					  sizeof(fields) / sizeof(fields[0])};

/* A value in quotes must not end them, nor its line. */
static void
add_text(struct buf *b, enum status *st, const char *key, const char *value)
{
	char safe[512];
	size_t n = 0;

	for (; n < sizeof(safe) - 1 && value[n] != '\0'; n++) {
		safe[n] = value[n];
		if ((unsigned char)value[n] < 0x20 || value[n] == '"' ||
		    value[n] == '\\')
			safe[n] = '\'';
	}
	safe[n] = '\0';
	if (*st == ST_OK)
		*st = buf_addf(b, "%s = \"%s\"\n", key, safe);
}

enum status
report_write(const struct state *s, const struct report *r)
{
	struct buf b;
	enum status st = ST_OK;

	buf_init(&b, FILE_MAX);
	for (size_t i = 0; i < schema.count; i++) {
		const void *at = (const char *)r + fields[i].offset;
		uint64_t n;

		if (fields[i].type == CONF_TEXT) {
			add_text(&b, &st, fields[i].key, at);
			continue;
		}
		memcpy(&n, at, sizeof(n));
		if (st == ST_OK)
			st = buf_addf(&b, "%s = %" PRIu64 "\n", fields[i].key,
				      n);
	}
	if (st == ST_OK)
		st = state_refresh(s, "status", buf_span(&b));
	buf_fini(&b);
	return st;
}

enum status
report_read(const struct state *s, struct report *r)
{
	struct buf b, why;
	enum status st;

	buf_init(&b, FILE_MAX);
	buf_init(&why, FILE_MAX);
	conf_defaults(&schema, r);
	st = state_read(s, "status", &b);
	if (st == ST_OK &&
	    conf_text(&schema, buf_span(&b), "status", r, &why) != ST_OK)
		st = ST_MALFORMED;
	buf_fini(&b);
	buf_fini(&why);
	return st;
}

static const struct {
	const char *connection, *words;
	enum report_exit code;
} phases[] = {
    {"online", "connected", REPORT_FINE},
    {"offline", "not connected", REPORT_NOT_CONNECTED},
    {"connecting", "connecting", REPORT_NOT_CONNECTED},
    {"unverified", "connected, waits for an admin to verify this host",
     REPORT_UNVERIFIED},
    {"blocked", "refused: an admin has blocked this agent", REPORT_REFUSED},
    {"removed", "refused: the master does not know this agent any more",
     REPORT_REFUSED},
};

static void
show_ago(FILE *to, int64_t now, uint64_t then)
{
	int64_t ago = now - (int64_t)then;

	if (then == 0)
		fprintf(to, "never");
	else if (ago < 120)
		fprintf(to, "%" PRId64 " s ago", ago < 0 ? 0 : ago);
	else if (ago < 7200)
		fprintf(to, "%" PRId64 " min ago", ago / 60);
	else
		fprintf(to, "%" PRId64 " h ago", ago / 3600);
}

static enum report_exit
show_connection(const struct report *r, int64_t now, FILE *to)
{
	enum report_exit code = REPORT_NOT_CONNECTED;
	const char *words = r->connection;

	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		if (strcmp(r->connection, phases[i].connection) != 0)
			continue;
		words = phases[i].words;
		code = phases[i].code;
	}
	fprintf(to, "connection    %s", words);
	if (code != REPORT_FINE && r->trouble[0] != '\0')
		fprintf(to, " (%s)", r->trouble);
	fprintf(to, "\nlast contact  ");
	show_ago(to, now, r->last_contact);
	fprintf(to, "\n");
	return code;
}

static void
show_stock(const struct report *r, FILE *to)
{
	fprintf(to, "tasks         %s\n",
		r->tasks[0] != '\0' ? r->tasks : "none");
	fprintf(to,
		"spool         %" PRIu64 " batches not acknowledged, %" PRIu64
		" of %" PRIu64 " MiB%s%s\n",
		r->spool_batches, (r->spool_bytes + MIB - 1) / MIB,
		r->spool_quota / MIB, r->spool_trouble[0] != '\0' ? ": " : "",
		r->spool_trouble);
	if (r->skew[0] != '\0')
		fprintf(to, "clock         the master's is %s s ahead\n",
			r->skew);
}

enum report_exit
report_show(const struct state *s, int64_t now, FILE *to)
{
	char ends[CLOCK_TEXT];
	struct report r;
	enum report_exit code;
	bool runs;

	if (!s->enrolled) {
		fprintf(to, "enrolled      no: run trawl-agent enroll TOKEN\n");
		return REPORT_NOT_ENROLLED;
	}
	clock_text(s->cert.not_after * 1000000, ends);
	fprintf(to, "enrolled      yes, as agent %" PRIu64 "\n", s->cert.agent);
	fprintf(to, "certificate   until %s%s\n", ends,
		s->cert.not_after <= now ? ", which is over" : "");
	runs = report_read(s, &r) == ST_OK &&
	       now - (int64_t)r.written <= REPORT_STALE_S;
	if (!runs) {
		fprintf(to, "running       no: start trawl-agent run\n");
		return REPORT_NOT_RUNNING;
	}
	fprintf(to, "running       yes, pid %" PRIu64 "\n", r.pid);
	fprintf(to, "master        %s\n", r.master);
	code = show_connection(&r, now, to);
	show_stock(&r, to);
	return code;
}
