#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/str.h"
#include "crypto/secret.h"
#include "master/cmd.h"
#include "master/cmd_core.h"
#include "master/store/q_scans.h"
#include "master/store/store.h"
#include "model/order.h"
#include "model/task.h"

#define ANSWER_MAX (4 * 1024 * 1024)
#define LOOK_MS    200

/* Asks, and gives the body of a good answer; else says why, and NULL. */
static json_t *
ask(const struct settings *s, const char *op, struct span args, bool offline)
{
	const struct cmd_question q = {
	    .s = s, .op = op, .args = args, .offline = offline};
	struct buf answer, why;
	unsigned http = 0;
	json_t *body = NULL;
	enum status st;

	buf_init(&answer, ANSWER_MAX);
	buf_init(&why, 8192);
	st = cmd_ask(&q, &http, &answer, &why);
	if (st == ST_OK)
		body =
		    json_loadb((const char *)answer.data, answer.len, 0, NULL);
	if (st != ST_OK) {
		(void)cmd_failed(st, &why);
	} else if (body == NULL || http >= 400) {
		const char *text =
		    json_string_value(json_object_get(body, "detail"));

		fprintf(stderr, "trawl-master: %s\n",
			text != NULL ? text : "There is no good answer.");
		json_decref(body);
		body = NULL;
	}
	buf_fini(&answer);
	buf_fini(&why);
	return body;
}

static const char *
text_of(const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	return text != NULL ? text : "";
}

/* ---- token, setup-code -----------------------------------------------------
 */

static bool
put_number(struct json *j, const struct option *o, const char *name,
	   const char *key)
{
	const char *v = option_value(o, name);
	uint64_t n = 0;

	if (v == NULL)
		return true;
	if (str_to_u64(span_str(v), 0, INT64_MAX, &n) != ST_OK) {
		fprintf(stderr, "trawl-master: --%s wants a number.\n", name);
		return false;
	}
	json_put_u64(j, key, n);
	return true;
}

static bool
put_ttl(struct json *j, const struct option *o)
{
	const char *v = option_value(o, "ttl");
	uint64_t ms = 0;

	if (v == NULL)
		return true;
	if (str_to_duration(span_str(v), &ms) != ST_OK) {
		fprintf(stderr, "trawl-master: --ttl wants a time such as 30m "
				"or 7d.\n");
		return false;
	}
	json_put_u64(j, "ttl", ms / 1000);
	return true;
}

static void
put_text(struct json *j, const struct option *o, const char *name)
{
	if (option_value(o, name) != NULL)
		json_put_cstr(j, name, option_value(o, name));
}

int
cmd_token(int argc, char **argv)
{
	struct option options[] = {
	    {.name = "name"}, {.name = "group"}, {.name = "ttl"},
	    {.name = "uses"}, {.name = NULL},
	};
	struct settings s;
	struct json j;
	struct buf args;
	json_t *body = NULL;
	int code = cmd_begin(&s, options, argc, argv);

	if (code != EXIT_DONE)
		return code;
	buf_init(&args, 65536);
	json_init(&j, &args);
	json_map(&j);
	put_text(&j, options, "name");
	put_text(&j, options, "group");
	if (!put_ttl(&j, options) || !put_number(&j, options, "uses", "uses")) {
		buf_fini(&args);
		return EXIT_USAGE;
	}
	json_end(&j);
	if (json_done(&j) == ST_OK)
		body = ask(&s, "token.create", buf_span(&args), true);
	buf_fini(&args);
	if (body == NULL)
		return EXIT_WRONG;
	printf("%s\n", text_of(body, "token"));
	if (isatty(STDOUT_FILENO))
		fprintf(stderr,
			"On the host that is to be scanned: trawl-agent enroll "
			"TOKEN\n");
	json_decref(body);
	return EXIT_DONE;
}

int
cmd_setup_code(int argc, char **argv)
{
	struct option none[] = {{.name = NULL}};
	struct settings s;
	json_t *body;
	int code = cmd_begin(&s, none, argc, argv);

	if (code != EXIT_DONE)
		return code;
	body = ask(&s, "setup.code", span_str("{}"), true);
	if (body == NULL)
		return EXIT_WRONG;
	printf("%s\n", text_of(body, "code"));
	json_decref(body);
	return EXIT_DONE;
}

/* ---- scan ------------------------------------------------------------------
 */

static void
put_list(struct json *j, const struct option *o, const char *key)
{
	if (o->count == 0)
		return;
	json_key(j, key);
	json_list(j);
	for (unsigned i = 0; i < o->count; i++)
		json_cstr(j, o->values[i]);
	json_end(j);
}

/* --types a,b,c as a list. */
static void
put_types(struct json *j, const struct option *o)
{
	struct span rest, part;

	if (o->count == 0)
		return;
	json_key(j, "types");
	json_list(j);
	for (unsigned i = 0; i < o->count; i++) {
		rest = span_str(o->values[i]);
		while (str_next(&rest, ',', &part))
			json_str(j, str_trim(part));
	}
	json_end(j);
}

struct watch {
	struct scan_row row;
	bool terminal;
	uint64_t lines;
};

static void
size_text(uint64_t bytes, char text[32])
{
	static const char *const units[] = {"B",   "KiB", "MiB",
					    "GiB", "TiB", "PiB"};
	double n = (double)bytes;
	size_t unit = 0;

	for (; n >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		n /= 1024;
	snprintf(text, 32, "%.*f %s", unit > 0 && n < 100, n, units[unit]);
}

static enum status
note_row(void *arg, const struct scan_row *row)
{
	struct watch *w = arg;

	w->row = *row; /* its spans are not looked at */
	return ST_OK;
}

static void
show(const struct watch *w, bool end)
{
	const struct scan_row *r = &w->row;
	char done[32], total[32] = "";

	size_text(r->done_bytes, done);
	if (r->total_bytes > 0)
		size_text(r->total_bytes, total);
	fprintf(stderr,
		"%sscan %" PRIu64 ": %s, %" PRIu64 " files, %s%s%s, %" PRIu64
		" matches, %" PRIu64 " not fully read%s",
		w->terminal ? "\r\033[K" : "", r->id, task_state_name(r->state),
		r->done_objects, done, total[0] != '\0' ? " of " : "", total,
		r->matches, r->partial + r->unread,
		w->terminal && !end ? "" : "\n");
}

/* Why a host did not get to the end. */
static enum status
say_why(void *arg, const struct task_row *t)
{
	struct span host =
	    t->agent_name.len > 0 ? t->agent_name : t->target_name;

	(void)arg;
	if (t->message.len > 0)
		fprintf(stderr, "%.*s: %.*s\n", (int)host.len,
			(const char *)host.ptr, (int)t->message.len,
			(const char *)t->message.ptr);
	return ST_OK;
}

static int
wait_for(const struct settings *s, uint64_t scan)
{
	static const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	struct watch w = {.terminal = isatty(STDERR_FILENO) != 0};
	char path[SETTINGS_PATH];
	struct store *store = NULL;
	struct buf why;
	enum status st;

	buf_init(&why, 8192);
	settings_path(s, FILE_DATABASE, path);
	st = store_open(path, STORE_READ, &store, &why);
	while (st == ST_OK) {
		st = q_scan_get(store, scan, note_row, &w);
		if (st == ST_AGAIN)
			st = ST_OK;
		if (st != ST_OK || w.row.state >= TASK_DONE)
			break;
		if (w.terminal)
			show(&w, false);
		(void)nanosleep(&pause, NULL);
	}
	if (st == ST_OK)
		show(&w, true);
	if (st == ST_OK)
		st = q_scan_tasks(store, scan, say_why, NULL);
	if (st != ST_OK)
		(void)cmd_failed(st, &why);
	store_close(store);
	buf_fini(&why);
	return st == ST_OK && w.row.state == TASK_DONE ? EXIT_DONE : EXIT_WRONG;
}

/* All of --limit as one list. */
static bool
put_limits(struct json *j, const struct option *o)
{
	struct buf text;
	enum status st = ST_OK;

	buf_init(&text, ORDER_LIMITS_MAX);
	for (unsigned i = 0; st == ST_OK && i < o->count; i++)
		st = buf_addf(&text, "%s%s", i > 0 ? "," : "", o->values[i]);
	if (st == ST_OK && text.len > 0)
		json_put_str(j, "limits", buf_span(&text));
	if (st != ST_OK)
		fprintf(stderr, "trawl-master: --limit is too long.\n");
	buf_fini(&text);
	return st == ST_OK;
}

static bool
write_order(struct json *j, const struct option *o)
{
	json_map(j);
	put_text(j, o, "name");
	put_list(j, option_find(o, "agent"), "agents");
	if (option_find(o, "all")->count > 0)
		json_put_bool(j, "all", true);
	put_list(j, option_find(o, "path"), "paths");
	put_types(j, option_find(o, "types"));
	put_text(j, o, "ocr");
	if (option_find(o, "skip-unchanged")->count > 0)
		json_put_bool(j, "skip_unchanged", true);
	if (!put_number(j, o, "min-confidence", "min_confidence") ||
	    !put_number(j, o, "jobs", "jobs") ||
	    !put_number(j, o, "bytes-per-second", "bytes_per_second") ||
	    !put_limits(j, option_find(o, "limit")))
		return false;
	json_end(j);
	return json_done(j) == ST_OK;
}

int
cmd_scan(int argc, char **argv)
{
	struct option options[] = {
	    {.name = "agent", .max = OPTION_VALUES_MAX},
	    {.name = "all", .flag = true},
	    {.name = "path", .max = OPTION_VALUES_MAX},
	    {.name = "types", .max = OPTION_VALUES_MAX},
	    {.name = "name"},
	    {.name = "min-confidence"},
	    {.name = "jobs"},
	    {.name = "bytes-per-second"},
	    {.name = "limit", .max = OPTION_VALUES_MAX},
	    {.name = "ocr"},
	    {.name = "skip-unchanged", .flag = true},
	    {.name = "wait", .flag = true},
	    {.name = NULL},
	};
	struct settings s;
	struct json j;
	struct buf args;
	json_t *body = NULL;
	uint64_t id = 0;
	int code = cmd_begin(&s, options, argc, argv);

	if (code != EXIT_DONE)
		return code;
	buf_init(&args, 1024 * 1024);
	json_init(&j, &args);
	if (write_order(&j, options))
		body = ask(&s, "scan.create", buf_span(&args), false);
	buf_fini(&args);
	if (body == NULL)
		return EXIT_WRONG;
	id = (uint64_t)json_integer_value(json_object_get(body, "id"));
	json_decref(body);
	printf("scan %" PRIu64 " is ordered\n", id);
	fflush(stdout);
	return option_find(options, "wait")->count > 0 ? wait_for(&s, id)
						       : EXIT_DONE;
}

/* ---- scans -----------------------------------------------------------------
 */

struct listing {
	bool running; /* only those that are not over */
	uint64_t count;
	struct buf text;
};

static enum status
list_scan(void *arg, const struct scan_row *r)
{
	struct listing *l = arg;

	if (l->running && r->state >= TASK_DONE)
		return ST_OK;
	l->count++;
	return buf_addf(&l->text,
			"%6" PRIu64 "  %-8s  %10" PRIu64 " files  %8" PRIu64
			" matches  %.*s\n",
			r->id, task_state_name(r->state), r->done_objects,
			r->matches, (int)r->name.len,
			(const char *)r->name.ptr);
}

static enum status
list_scans(const struct settings *s, struct listing *l, struct buf *why)
{
	char path[SETTINGS_PATH];
	struct store *store = NULL;
	enum status st;

	settings_path(s, FILE_DATABASE, path);
	st = store_open(path, STORE_READ, &store, why);
	if (st == ST_OK && l->running)
		st = q_scans_live(store, list_scan, l);
	else if (st == ST_OK)
		st = q_scans_list(store, 0, 0, 200, list_scan, l);
	store_close(store);
	return st;
}

int
cmd_scans(int argc, char **argv)
{
	struct option options[] = {
	    {.name = "running", .flag = true},
	    {.name = NULL},
	};
	struct listing l = {.count = 0};
	struct settings s;
	struct buf why;
	enum status st;
	int code = cmd_begin(&s, options, argc, argv);

	if (code != EXIT_DONE)
		return code;
	l.running = option_find(options, "running")->count > 0;
	buf_init(&l.text, 1024 * 1024);
	buf_init(&why, 8192);
	st = list_scans(&s, &l, &why);
	if (st == ST_OK)
		printf("%" PRIu64 " scans%s\n%.*s", l.count,
		       l.running ? " are not over" : "", (int)l.text.len,
		       l.text.len > 0 ? (const char *)l.text.data : "");
	else
		code = cmd_failed(st, &why);
	buf_fini(&l.text);
	buf_fini(&why);
	return code;
}
