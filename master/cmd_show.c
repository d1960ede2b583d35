#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf.h"
#include "master/api/out.h"
#include "master/cmd.h"
#include "master/cmd_ledger.h"
#include "master/store/q_agents.h"
#include "master/store/q_findings.h"
#include "master/store/store.h"

#define LINE_MAX_BYTES (256 * 1024)

static enum status
open_to_read(const struct settings *s, struct store **out, struct buf *why)
{
	char path[SETTINGS_PATH];

	settings_path(s, FILE_DATABASE, path);
	return store_open(path, STORE_READ, out, why);
}

/* ---- export ----------------------------------------------------------------
 */

struct exporting {
	struct buf line;
	enum status written; /* ST_CLOSED: the reader of our output is gone */
};

static enum status
export_line(void *arg, const struct finding_row *f, const struct match_row *m)
{
	struct exporting *e = arg;
	struct json j;
	enum status st;

	buf_clear(&e->line);
	json_init(&j, &e->line);
	out_line(&j, f, m);
	st = json_done(&j);
	if (st == ST_OK)
		st = buf_add_byte(&e->line, '\n');
	if (st != ST_OK)
		return st;
	if (fwrite(e->line.data, 1, e->line.len, stdout) == e->line.len)
		return ST_OK;
	e->written = ST_CLOSED;
	return ST_EOF;
}

static enum status
export_all(const struct settings *s, const struct option *options,
	   const struct filter *f, struct buf *why)
{
	const char *ledger = option_value(options, "coverage");
	struct exporting e = {.written = ST_OK};
	struct store *store = NULL;
	enum status st = open_to_read(s, &store, why);

	buf_init(&e.line, LINE_MAX_BYTES);
	if (st == ST_OK)
		st = q_findings_export(store, f, export_line, &e);
	if (st == ST_OK && ledger != NULL)
		st = cmd_ledger(store, options, ledger, why);
	if (st == ST_OK && fflush(stdout) != 0)
		e.written = ST_CLOSED;
	if (st == ST_OK && e.written != ST_OK)
		st = buf_addf(why, "The output cannot be written.") == ST_OK
			 ? ST_IO
			 : ST_NOMEM;
	buf_fini(&e.line);
	store_close(store);
	return st;
}

/* Filters that are options of the same name. */
static enum status
read_filters(struct option *options, struct filter *f, struct buf *why)
{
	enum status st = ST_OK;

	for (struct option *o = options; st == ST_OK && o->name != NULL; o++) {
		for (unsigned i = 0; st == ST_OK && i < o->count; i++) {
			st = filter_add(f, span_str(o->name),
					span_str(o->values[i]));
			if (st == ST_NOTFOUND)
				st = ST_OK; /* no filter, another option */
			else if (st != ST_OK &&
				 buf_addf(why,
					  "--%s: \"%s\" is no value of it.",
					  o->name, o->values[i]) != ST_OK)
				return ST_NOMEM;
		}
	}
	return st == ST_OK ? ST_OK : ST_USAGE;
}

static enum status
check_format(const struct option *options, const char *only, struct buf *why)
{
	const char *format = option_value(options, "format");
	enum status st;

	if (format == NULL || strcmp(format, only) == 0)
		return ST_OK;
	st = buf_addf(why, "--format %s is not known here, only %s is.", format,
		      only);
	return st == ST_OK ? ST_USAGE : st;
}

#define FILTER_OPTIONS                                                         \
	{.name = "state", .max = 8}, {.name = "risk", .max = 8},               \
	    {.name = "type", .max = 32}, {.name = "target", .max = 32},        \
	    {.name = "scan", .max = 8},                                        \
	{                                                                      \
		.name = "q"                                                    \
	}

/* What export and findings have in common: which ones, and in which form. */
static int
show(int argc, char **argv, const char *format,
     enum status (*print)(const struct settings *s,
			  const struct option *options, const struct filter *f,
			  struct buf *why))
{
	struct option options[] = {
	    {.name = "format"},
	    FILTER_OPTIONS,
	    {.name = "coverage"},
	    {.name = NULL},
	};
	struct filter f = {.count = 0};
	struct settings s;
	struct buf why;
	enum status st;
	int code = cmd_begin(&s, options, argc, argv);

	if (code != EXIT_DONE)
		return code;
	buf_init(&why, 8192);
	st = check_format(options, format, &why);
	if (st == ST_OK)
		st = read_filters(options, &f, &why);
	if (st == ST_OK)
		st = print(&s, options, &f, &why);
	if (st != ST_OK)
		code = cmd_failed(st, &why);
	buf_fini(&why);
	return code;
}

int
cmd_export(int argc, char **argv)
{
	return show(argc, argv, "jsonl", export_all);
}

/* ---- tables ----------------------------------------------------------------
 */

/* Text of a row: what is not UTF-8, and what would move the cursor, escaped. */
static void
print_text(struct span s)
{
	struct buf b;

	buf_init(&b, LINE_MAX_BYTES);
	if (utf_from_bytes(&b, s) == ST_OK)
		for (size_t i = 0; i < b.len; i++)
			putchar(b.data[i] < 0x20 || b.data[i] == 0x7f
				    ? '?'
				    : b.data[i]);
	buf_fini(&b);
}

static enum status
print_finding(void *arg, const struct finding_row *f)
{
	(void)arg;
	printf("%-8s  %-14s  %-28.*s  %7" PRIu64 "  ", risk_word(f->risk),
	       finding_state_word(f->state), (int)f->type_title.len,
	       (const char *)f->type_title.ptr, f->matches);
	print_text(f->target_name);
	putchar(':');
	print_text(f->path);
	putchar('\n');
	return ST_OK;
}

static enum status
print_findings(const struct settings *s, const struct option *options,
	       const struct filter *f, struct buf *why)
{
	struct finding_page page = {.sort = SORT_RISK, .limit = 200};
	char cursor[CURSOR_TEXT_MAX];
	struct store *store = NULL;
	struct finding_count count = {0};
	enum status st = open_to_read(s, &store, why);

	if (st == ST_OK && option_value(options, "coverage") != NULL) {
		store_close(store);
		st = buf_addf(why, "--coverage is an option of export.");
		return st == ST_OK ? ST_USAGE : st;
	}
	printf("%-8s  %-14s  %-28s  %7s  %s\n", "RISK", "STATE", "DATA TYPE",
	       "MATCHES", "WHERE");
	do {
		if (st == ST_OK)
			st = q_findings_list(store, f, &page, print_finding,
					     NULL);
		memcpy(cursor, page.next, sizeof(cursor));
		page.cursor = span_str(cursor);
	} while (st == ST_OK && page.cursor.len > 0);
	if (st == ST_OK)
		st = q_findings_count(store, f, &count);
	if (st == ST_OK)
		printf("\n%" PRIu64 " findings, %" PRIu64 " matches\n",
		       count.findings, count.matches);
	store_close(store);
	return st;
}

int
cmd_findings(int argc, char **argv)
{
	return show(argc, argv, "table", print_findings);
}

static enum status
print_agent(void *arg, const struct agent_row *a)
{
	char seen[CLOCK_TEXT];

	(void)arg;
	clock_text(a->seen * 1000, seen);
	printf("%5" PRIu64 "  %-10s  %-7s  %-20s  %8" PRIu64 "  ", a->id,
	       agent_state_word(a->state), a->online ? "online" : "away", seen,
	       a->findings);
	print_text(a->name);
	if (a->state == AGENT_UNVERIFIED) {
		printf("  ");
		print_text(a->fingerprint);
	}
	putchar('\n');
	return ST_OK;
}

int
cmd_agents(int argc, char **argv)
{
	struct option none[] = {{.name = NULL}};
	struct store *store = NULL;
	struct settings s;
	struct buf why;
	enum status st;
	int code = cmd_begin(&s, none, argc, argv);

	if (code != EXIT_DONE)
		return code;
	buf_init(&why, 8192);
	st = open_to_read(&s, &store, &why);
	if (st == ST_OK) {
		printf("%5s  %-10s  %-7s  %-20s  %8s  %s\n", "ID", "STATE",
		       "LINE", "SEEN", "FINDINGS", "NAME");
		st = q_agents_list(store, print_agent, NULL);
	}
	store_close(store);
	if (st != ST_OK)
		code = cmd_failed(st, &why);
	buf_fini(&why);
	return code;
}
