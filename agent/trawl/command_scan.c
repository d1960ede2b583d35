#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/source/table.h"
#include "agent/trawl/args.h"
#include "agent/trawl/commands.h"
#include "agent/trawl/input.h"
#include "agent/trawl/lanes.h"
#include "agent/trawl/out.h"
#include "agent/trawl/passwords.h"
#include "agent/trawl/tally.h"
#include "base/clock.h"
#include "base/str.h"
#include "scan/cache.h"
#include "scan/scan.h"
#include "source/kind.h"

struct run {
	struct scan_args args;
	struct lanes lanes;
	struct out out;
	struct tally tally;
	struct passwords passwords;
	char cache[PATH_MAX];
	bool progress; /* a line on the terminal */
	bool line;     /* it stands there now */
	bool error;    /* a path was wrong: exit 1 in the end */
	int signals;
	int input; /* see input.h */
};

static void
wipe_line(struct run *r)
{
	if (r->line)
		fputs("\r\033[K", stderr);
	r->line = false;
}

static void
on_finding(void *arg, const struct scan_found *f)
{
	struct run *r = arg;

	wipe_line(r);
	out_row(&r->out, f);
}

static void
on_object(void *arg, const struct object *o)
{
	struct run *r = arg;

	tally_object(&r->tally, o);
}

/* About a path, which may have come from a pattern and hold anything. */
static void
complain_of(struct run *r, struct span path, struct span what)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	out_shown(&text, path);
	wipe_line(r);
	fprintf(stderr, "trawl: %.*s: %.*s\n", (int)text.len,
		(const char *)text.data, (int)what.len, (const char *)what.ptr);
	buf_fini(&text);
	r->error = true;
}

static void
complain(struct run *r, struct span path, const char *what)
{
	complain_of(r, path, span_str(what));
}

/* A target of another host: its reader says why it cannot be read. */
static bool
is_target(const struct run *r, struct span path)
{
	const struct scan_order *o = &r->args.order;

	for (size_t i = 0; i < o->path_count; i++)
		if (source_scheme(o->paths[i]).len > 0 &&
		    span_eq(o->paths[i], path))
			return true;
	return false;
}

static void
on_note(void *arg, struct span path, const struct note *n)
{
	struct run *r = arg;

	tally_note(&r->tally, n);
	if (n->reason != COVER_OK && n->detail.len > 0 && n->place.len == 0 &&
	    is_target(r, path))
		complain_of(r, path, n->detail);
}

static void
on_allowed(void *arg, unsigned line)
{
	struct run *r = arg;

	tally_allowed(&r->tally, line);
}

/* The end of a path says more than its beginning. */
static void
print_tail(struct span path, size_t room)
{
	size_t from = path.len > room ? path.len - room : 0;

	for (size_t i = from; i < path.len; i++) {
		uint8_t c = path.ptr[i];

		fputc(c >= 0x20 && c < 0x7f ? c : '?', stderr);
	}
}

static void
on_progress(void *arg, const struct scan_progress *p)
{
	struct run *r = arg;
	char done[TALLY_SIZE];
	uint64_t percent = 0;

	out_flush(&r->out);
	if (!r->progress)
		return;
	wipe_line(r);
	tally_size(p->done_bytes, done);
	fprintf(stderr, "%" PRIu64 " objects, %s", p->done_objects, done);
	if (p->total_exact && p->total_bytes > 0) {
		percent = p->done_bytes * 100 / p->total_bytes;
		fprintf(stderr, " (%" PRIu64 " %%)",
			percent < 100 ? percent : 100);
	}
	fprintf(stderr, ", %" PRIu64 " findings  ", p->findings);
	print_tail(p->current, 30);
	fflush(stderr);
	r->line = true;
}

/* ---- beginning -------------------------------------------------------------
 */

/* A path that is not there is an error; the others are scanned all the same. */
static void
check_paths(struct run *r)
{
	struct scan_order *o = &r->args.order;
	size_t kept = 0;

	for (size_t i = 0; i < o->path_count; i++) {
		const void *bytes = o->paths[i].ptr; /* NUL-terminated */
		const char *path = bytes;
		struct stat st;

		if (str_is(o->paths[i], INPUT_PATH)) {
			o->paths[kept++] = o->paths[i];
			continue;
		}
		if (kind_find(source_scheme(o->paths[i])) != NULL) {
			if (remote_check(&r->args.remote, o->paths[i]))
				o->paths[kept++] = o->paths[i];
			else
				r->error = true;
			continue;
		}
		if (source_find(agent_sources, o->paths[i]) == NULL) {
			complain(r, o->paths[i],
				 "there is no such kind of target; see trawl "
				 "targets");
			continue;
		}
		if (stat(path, &st) != 0) {
			/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
			complain(r, o->paths[i], strerror(errno));
			continue;
		}
		if (access(path, R_OK) != 0)
			complain(r, o->paths[i], "no permission to read it");
		o->paths[kept++] = o->paths[i];
	}
	o->path_count = kept;
}

static bool
open_coverage(struct run *r)
{
	if (r->args.coverage == NULL)
		return true;
	r->tally.options = r->args.remote.how.options;
	r->tally.file = fopen(r->args.coverage, "we");
	if (r->tally.file != NULL)
		return true;
	fprintf(stderr, "trawl: cannot write %s: %s\n", r->args.coverage,
		strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
	return false;
}

static bool
open_passwords(struct run *r)
{
	return r->args.passwords == NULL ||
	       passwords_open(&r->passwords, r->args.passwords);
}

static bool
open_signals(struct run *r)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	r->signals = -1;
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals >= 0;
}

/* On a terminal: a first start takes seconds, and then nothing is seen yet. */
static void
on_compiling(size_t expressions)
{
	fprintf(stderr,
		"\r\033[Ktrawl: compiling %zu expressions, once for these "
		"data types\n",
		expressions);
}

static bool
open_scan(struct run *r)
{
	const struct scan_options options = {
	    .sources = agent_sources,
	    .remote = r->args.remote.how.programs == NULL ? NULL
							  : &r->args.remote.how,
	    .cache = r->cache,
	    .compiling = r->progress ? on_compiling : NULL,
	    .allow = r->args.allow,
	    .rules = r->args.choose.rules,
	    .rule_count = r->args.choose.options.rule_count,
	    .input = r->input,
	    .reveal = r->args.reveal,
	    .extract = {.passwords = r->passwords.list,
			.password_count = r->passwords.count},
	};
	const struct scan_sink sink = {
	    .arg = r,
	    .finding = on_finding,
	    .note = on_note,
	    .object = on_object,
	    .allowed = on_allowed,
	    .progress = on_progress,
	};
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	cache_file(r->cache, sizeof(r->cache));
	st = lanes_open(&r->lanes, &r->args.order, &options, &sink, &why);
	if (st != ST_OK)
		fprintf(stderr, "trawl: the scan cannot begin: %.*s\n",
			(int)(why.len > 0 ? why.len : 64),
			why.len > 0 ? (const char *)why.data : status_text(st));
	buf_fini(&why);
	return st == ST_OK;
}

/* ---- the run ---------------------------------------------------------------
 */

static void
follow(struct run *r)
{
	bool signalled = false;

	while (lanes_step(&r->lanes, r->signals, &signalled))
		if (signalled || r->out.closed)
			lanes_stop(&r->lanes);
}

static int
exit_code(const struct run *r)
{
	enum scan_outcome how = r->lanes.outcome;

	if (how != SCAN_DONE || r->error || r->tally.failed || r->out.closed)
		return EXIT_ERROR;
	return r->args.fail_on_findings && r->out.rows > 0 ? EXIT_FOUND
							   : EXIT_DONE;
}

static void
conclude(struct run *r)
{
	static const char *const words[] = {[SCAN_DONE] = "done",
					    [SCAN_STOPPED] = "stopped",
					    [SCAN_FAILED] = "failed"};
	enum scan_outcome how = r->lanes.outcome;

	wipe_line(r);
	out_end(&r->out);
	r->tally.quiet = r->out.gone; /* as grep is in a pipe to head */
	if (how == SCAN_STOPPED && !r->out.gone)
		fputs("trawl: stopped before the end; what was found so far "
		      "stands\n",
		      stderr);
	if (how == SCAN_FAILED)
		fprintf(stderr, "trawl: the scan failed: %s\n", r->lanes.why);
	/* nothing was begun, so there is nothing to sum up */
	if (how == SCAN_FAILED && r->lanes.sum.done_objects == 0)
		r->tally.quiet = true;
	r->tally.rested_ms = r->lanes.rested_ms;
	tally_end(&r->tally, &r->lanes.sum, words[how]);
	if (r->tally.failed)
		fprintf(stderr, "trawl: cannot write %s\n", r->args.coverage);
}

int
command_scan(int argc, char **argv)
{
	struct run r = {0};
	int code;

	if (!args_parse(&r.args, argc, argv))
		return EXIT_USAGE;
	if (r.args.help) {
		args_help();
		return EXIT_DONE;
	}
	check_paths(&r);
	r.error = !input_take(&r.args.order, &r.input) || r.error;
	if (r.args.order.path_count == 0 || !open_coverage(&r) ||
	    !open_signals(&r) || !open_passwords(&r))
		return EXIT_ERROR;
	r.progress = isatty(STDERR_FILENO);
	r.args.order.want_totals = r.progress;
	r.tally.start_ms = clock_mono_ms(clock_system());
	if (!open_scan(&r))
		return EXIT_ERROR;
	out_init(&r.out, r.args.format);
	follow(&r);
	conclude(&r);
	code = exit_code(&r);
	lanes_close(&r.lanes);
	args_close(&r.args);
	passwords_close(&r.passwords);
	return code;
}
