#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/source/table.h"
#include "agent/trawl/commands.h"
#include "agent/trawl/input.h"
#include "agent/trawl/limits.h"
#include "agent/trawl/out.h"
#include "agent/trawl/passwords.h"
#include "base/str.h"
#include "model/languages.h"
#include "scan/scan.h"

#define LINE_MAX_BYTES (8u << 20) /* a text and its place, escaped */

/*
 * `trawl extract`: what the extractors read of files, a JSON object a line, by
 * the reader and the workers of a scan: whoever wonders why something was found
 * or not sees what the detector saw.
 */
struct run {
	struct scan_order order; /* spans point into argv and limits */
	struct buf limits;
	const char *password_file;
	struct passwords passwords;
	struct scan *scan;
	struct buf line;
	bool help;
	bool closed; /* whoever reads our output is gone, or its disk full */
	bool error;  /* exit 1 in the end */
	int input;   /* see input.h */
};

/* ---- lines -----------------------------------------------------------------
 */

static void
begin_line(struct run *r, struct json *j, struct span path, struct span place)
{
	buf_clear(&r->line);
	json_init(j, &r->line);
	json_map(j);
	json_put_str(j, "path", path);
	json_put_str(j, "place", place);
}

static void
end_line(struct run *r, struct json *j)
{
	json_end(j);
	out_need(json_done(j));
	out_need(buf_add_byte(&r->line, '\n'));
	if (r->closed ||
	    fwrite(r->line.data, 1, r->line.len, stdout) == r->line.len)
		return;
	r->closed = true;
	scan_stop(r->scan);
}

static void
on_text(void *arg, struct span path, const struct text *t)
{
	struct run *r = arg;
	struct json j;

	begin_line(r, &j, path, t->place);
	json_put_u64(&j, "offset", t->offset);
	if (t->again)
		json_put_bool(&j, "decoded", true);
	json_put_str(&j, "text", t->bytes);
	end_line(r, &j);
}

static void
why_not(struct json *j, unsigned reason)
{
	json_put_cstr(j, "reason", cover_name(reason));
	json_put_cstr(j, "words", cover_text(reason));
}

static void
on_note(void *arg, struct span path, const struct note *n)
{
	struct run *r = arg;
	struct json j;

	begin_line(r, &j, path, n->place);
	why_not(&j, n->reason);
	json_put_str(&j, "parser", n->parser);
	if (n->detail.len > 0)
		json_put_str(&j, "detail", n->detail);
	end_line(r, &j);
}

static void
on_object(void *arg, const struct object *o)
{
	struct run *r = arg;
	struct json j;

	if (o->coverage == COVERAGE_FULL)
		return;
	begin_line(r, &j, o->path, o->place);
	json_put_cstr(&j, "coverage", coverage_name(o->coverage));
	why_not(&j, o->reason);
	json_put_u64(&j, "members", o->members);
	json_put_u64(&j, "members_partial", o->members_partial);
	json_put_u64(&j, "members_unread", o->members_unread);
	end_line(r, &j);
}

static void
on_finding(void *arg, const struct scan_found *f)
{
	(void)arg;
	(void)f;
}

static void
on_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	(void)arg;
	(void)cursor;
	(void)sum;
}

/* ---- the command line ------------------------------------------------------
 */

static void
help(void)
{
	printf("usage: trawl extract [OPTION]... FILE...\n\n"
	       "Shows what a scan reads in files, as JSON lines of path, "
	       "place and text, and what\nit cannot read. A FILE of - is "
	       "standard input.\n\n"
	       "  --limit LIST      how much one object may cost, see below\n"
	       "  --passwords FILE  open what is encrypted with these, one a "
	       "line\n"
	       "  --ocr LANGS       read the text in pictures, in these "
	       "languages: eng,deu\n"
	       "  --help            show this text\n");
	limits_help();
}

static bool
take_languages(struct run *r, const char *value)
{
	r->order.ocr = span_str(value);
	if (languages_good(r->order.ocr))
		return true;
	fprintf(stderr,
		"trawl extract: --ocr is " LANGUAGES_RULE ", not: \"%s\"\n",
		value);
	return false;
}

static bool
parse(struct run *r, int argc, char **argv)
{
	static const struct option options[] = {
	    {"limit", required_argument, NULL, 'l'},
	    {"passwords", required_argument, NULL, 'P'},
	    {"ocr", required_argument, NULL, 'o'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	static char self[] = "trawl extract"; /* getopt complains by it */
	int letter;

	argv[0] = self;
	optind = 0; /* it may have been called before */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (letter == 'l' && limits_take(&r->limits, self, optarg))
			continue;
		if (letter == 'o' && take_languages(r, optarg))
			continue;
		if (letter == 'P')
			r->password_file = optarg;
		else if (letter == 'h')
			r->help = true;
		else
			return false;
	}
	if (r->help)
		return true;
	if (argc == optind || argc - optind > ORDER_PATHS_MAX) {
		fprintf(stderr, "trawl extract: %s see trawl extract --help\n",
			argc == optind ? "which FILE?" : "too many files;");
		return false;
	}
	for (int i = optind; i < argc; i++)
		r->order.paths[r->order.path_count++] = span_str(argv[i]);
	r->order.limits = buf_span(&r->limits);
	r->order.jobs = 1; /* texts come in order */
	return true;
}

/* What is not there is an error; the others are read all the same. */
static void
check_paths(struct run *r)
{
	struct scan_order *o = &r->order;
	size_t kept = 0;

	for (size_t i = 0; i < o->path_count; i++) {
		const void *bytes = o->paths[i].ptr; /* NUL-terminated */
		const char *path = bytes;
		struct stat st;

		if (str_is(o->paths[i], INPUT_PATH)) {
			o->paths[kept++] = o->paths[i];
			continue;
		}
		if (path == NULL || stat(path, &st) != 0) {
			struct buf shown;

			buf_init(&shown, 1u << 20);
			out_shown(&shown, o->paths[i]);
			fprintf(stderr, "trawl: %.*s: %s\n", (int)shown.len,
				(const char *)shown.data,
				strerror(
				    errno)); /* NOLINT(concurrency-mt-unsafe) */
			buf_fini(&shown);
			r->error = true;
			continue;
		}
		o->paths[kept++] = o->paths[i];
	}
	o->path_count = kept;
}

/* ---- the run ---------------------------------------------------------------
 */

static bool
open_scan(struct run *r)
{
	const struct scan_options options = {
	    .sources = agent_sources,
	    .texts = true,
	    .input = r->input,
	    .extract = {.passwords = r->passwords.list,
			.password_count = r->passwords.count},
	};
	const struct scan_sink sink = {
	    .arg = r,
	    .finding = on_finding,
	    .note = on_note,
	    .text = on_text,
	    .object = on_object,
	    .cursor = on_cursor,
	};
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	st = scan_open(&r->order, &options, &sink, &r->scan, &why);
	if (st != ST_OK)
		fprintf(stderr, "trawl: it cannot begin: %.*s\n",
			(int)(why.len > 0 ? why.len : 64),
			why.len > 0 ? (const char *)why.data : status_text(st));
	buf_fini(&why);
	return st == ST_OK;
}

static void
follow(struct run *r)
{
	struct pollfd p = {.fd = scan_fd(r->scan), .events = POLLIN};

	do
		if (poll(&p, 1, scan_wait_ms(r->scan)) < 0 && errno != EINTR)
			break;
	while (scan_step(r->scan) == ST_OK);
	if (scan_outcome(r->scan) == SCAN_DONE)
		return;
	if (!r->closed) /* of what is closed main.c says what there is to say */
		fprintf(stderr, "trawl: it failed: %s\n",
			scan_message(r->scan));
	r->error = true;
}

static int
run(struct run *r)
{
	check_paths(r);
	r->error = !input_take(&r->order, &r->input) || r->error;
	if (r->order.path_count == 0 ||
	    (r->password_file != NULL &&
	     !passwords_open(&r->passwords, r->password_file)) ||
	    !open_scan(r))
		return EXIT_ERROR;
	buf_init(&r->line, LINE_MAX_BYTES);
	follow(r);
	scan_close(r->scan);
	buf_fini(&r->line);
	return r->error ? EXIT_ERROR : EXIT_DONE;
}

int
command_extract(int argc, char **argv)
{
	struct run r = {0};
	int code = EXIT_USAGE;

	if (parse(&r, argc, argv)) {
		code = EXIT_DONE;
		if (r.help)
			help();
		else
			code = run(&r);
	}
	passwords_close(&r.passwords);
	buf_fini(&r.limits);
	return code;
}
