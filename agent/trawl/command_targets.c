#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/trawl/commands.h"
#include "agent/trawl/out.h"
#include "agent/trawl/remote.h"
#include "agent/trawl/tally.h"
#include "base/json.h"
#include "base/str.h"
#include "model/object.h"
#include "scan/browse.h"
#include "source/kind.h"

static void
print_help(void)
{
	puts(
	    "usage: trawl targets [--format jsonl|markdown]\n"
	    "       trawl targets test|probe [OPTION]... URL\n\n"
	    "Lists what can be read on other hosts, how its URL is written, "
	    "what opens it,\nand against what that was tested.\n\n"
	    "  test URL             connect, sign in, and say what is missing\n"
	    "  probe URL            list what is there\n\n"
	    "  --format NAME        the list as jsonl or markdown\n"
	    "  --credential FILE    how to sign in: JSON, see trawl(1)\n"
	    "  --option NAME=VALUE  one of its options in the list\n"
	    "  --accept-host-key    take any host key, unseen\n"
	    "  --help               show this text");
}

/* What is wrong, and the word that is, if it is one. */
static int
usage(const char *what, const char *word)
{
	fprintf(stderr, "trawl targets: %s", what);
	if (word != NULL)
		fprintf(stderr, ": \"%s\";", word);
	fputs(" see trawl targets --help\n", stderr);
	return EXIT_USAGE;
}

/* ---- the table -------------------------------------------------------------
 */

static void
print_kind(const struct kind *k)
{
	printf("%-12s %s, port %s\n", k->scheme, k->title, k->ports);
	printf("             %s\n", k->form);
	printf("             credential: %s\n",
	       k->access[0] == 0 ? "none" : k->access);
	if (k->options[0] != 0)
		printf("             options: %s\n", k->options);
	printf("             when scanned again: %s\n",
	       k->versions ? "--skip-unchanged leaves out what did not change"
			   : "all is read, nothing says what changed");
	printf("             %s%s%s\n\n", kind_honesty(k->honesty),
	       k->tested == NULL || k->tested[0] == 0 ? "" : ": ",
	       k->tested == NULL ? "" : k->tested);
}

static bool
print_json(const struct kind *k)
{
	struct buf line;
	struct json j;
	bool good;

	buf_init(&line, 64 * 1024);
	json_init(&j, &line);
	json_map(&j);
	json_put_cstr(&j, "scheme", k->scheme);
	json_put_cstr(&j, "title", k->title);
	json_put_cstr(&j, "ports", k->ports);
	json_put_cstr(&j, "form", k->form);
	json_put_cstr(&j, "credential", k->access);
	json_put_cstr(&j, "options", k->options);
	json_put_bool(&j, "versions", k->versions);
	json_put_cstr(&j, "honesty", kind_honesty(k->honesty));
	json_put_cstr(&j, "tested", k->tested);
	json_end(&j);
	good = json_done(&j) == ST_OK;
	if (good)
		printf("%.*s\n", (int)line.len, (const char *)line.data);
	buf_fini(&line);
	return good;
}

/* For a cell of a table: "[" and "|" of forms are no markup within quotes. */
static void
print_row(const struct kind *k)
{
	bool tested = k->tested != NULL && k->tested[0] != 0;

	printf(
	    "| `%s` | %s | %s | `%s` | %s | %s | %s%s%s |\n", k->scheme,
	    k->title, k->ports, k->form, k->access[0] == 0 ? "none" : k->access,
	    k->options[0] == 0 ? "none" : k->options, kind_honesty(k->honesty),
	    tested ? ": " : "", tested ? k->tested : "");
}

static void
print_document(void)
{
	puts(
	    "# Targets on other hosts\n\nMade of the program's table by `make "
	    "settings`; do not edit.\n\n| Scheme | What is read | Port | Form "
	    "| Credential | Options | Tested |\n|---|---|---|---|---|---|---|");
	for (const struct kind *k = kinds; k->scheme != NULL; k++)
		print_row(k);
	puts(
	    "\nAll of them know `bandwidth=BYTES` a second (`500KiB`, `10MiB`) "
	    "and how long is waited (`connect_timeout=SECONDS` and so on, "
	    "`proxy-agent/session/patience.h`). `rate` is a number a second: "
	    "of rows where tables are read, of documents of MongoDB, of "
	    "requests over HTTP, else of objects. A target that answers "
	    "several "
	    "times later than it used to is given rest without an option "
	    "(`common/sys/pace.h`).\n\n"
	    "## Other products that speak the same\n\nNone of them was at "
	    "hand: untested.\n\n| Product | By | How |\n|---|---|---|");
	for (const struct kind_kin *k = kind_kin; k->product != NULL; k++)
		printf("| %s | %s | %s |\n", k->product, k->schemes, k->how);
}

static int
list_lines(void)
{
	for (const struct kind *k = kinds; k->scheme != NULL; k++)
		if (!print_json(k))
			return EXIT_ERROR;
	return EXIT_DONE;
}

static int
list_people(void)
{
	for (const struct kind *k = kinds; k->scheme != NULL; k++)
		print_kind(k);
	puts("Options of all: bandwidth=BYTES a second, and how long is waited "
	     "(connect_timeout=SECONDS ...), see trawl(1)\n\n"
	     "Other products that speak the same (untested):");
	for (const struct kind_kin *k = kind_kin; k->product != NULL; k++)
		printf("  %s: %s%s%s\n", k->product, k->schemes,
		       k->how[0] == 0 ? "" : "; ", k->how);
	return EXIT_DONE;
}

static int
list(const char *format)
{
	if (strcmp(format, "jsonl") == 0)
		return list_lines();
	if (strcmp(format, "markdown") != 0)
		return usage("there is no format", format);
	print_document();
	return EXIT_DONE;
}

/* ---- one target ------------------------------------------------------------
 */

/* A folder ends with a slash, which stands before what an address asks for. */
static void
print_path(struct span path, bool folder)
{
	size_t n = str_find(path, '?');
	bool marked = n > 0 && path.ptr[n - 1] == '/';

	printf("%.*s%s%.*s", (int)n, (const char *)path.ptr,
	       folder && !marked ? "/" : "", (int)(path.len - n),
	       (const char *)path.ptr + n);
}

static bool
print_item(void *arg, const struct source_item *item)
{
	char size[TALLY_SIZE] = "-";
	struct buf shown;

	(void)arg;
	if (!item->folder)
		tally_size(item->size, size);
	buf_init(&shown, 1u << 20);
	out_shown(&shown, item->path);
	printf("%10s  ", size);
	print_path(buf_span(&shown), item->folder);
	printf("%s%s\n", item->reason == COVER_OK ? "" : "  ",
	       item->reason == COVER_OK ? "" : cover_text(item->reason));
	buf_fini(&shown);
	return true;
}

/* That something came is all that is asked. */
static bool
enough(void *arg, const struct source_item *item)
{
	uint8_t *reason = arg;

	*reason = item->reason;
	return false;
}

static int
ask(struct remote *r, const char *target, bool probe)
{
	struct buf why;
	uint8_t reason = COVER_OK;
	enum status st;

	if (kind_find(source_scheme(span_str(target))) == NULL) {
		fprintf(stderr,
			"trawl: %s: there is no such kind of target; see trawl "
			"targets\n",
			target);
		return EXIT_ERROR;
	}
	if (!remote_check(r, span_str(target)))
		return EXIT_ERROR;
	buf_init(&why, 4096);
	st = browse(&r->how, span_str(target), probe ? print_item : enough,
		    &reason, &why);
	if (st != ST_OK)
		fprintf(stderr, "trawl: %s: %.*s\n", target, (int)why.len,
			(const char *)why.data);
	else if (!probe && reason != COVER_OK && reason != COVER_LINK)
		printf("%s: signed in, but what is there: %s\n", target,
		       cover_text(reason));
	else if (!probe)
		printf("%s: reached, signed in, can be read\n", target);
	buf_fini(&why);
	return st == ST_OK ? EXIT_DONE : EXIT_ERROR;
}

/* Options in any place; what is none is the target. */
static int
ask_by(int argc, char **argv)
{
	struct remote r = {0};
	const char *target = NULL;
	bool good = true;
	int code = EXIT_USAGE;

	for (int i = 1; good && i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--credential") == 0 && more)
			good = remote_credential(&r, argv[++i]);
		else if (strcmp(argv[i], "--option") == 0 && more)
			good = remote_option(&r, argv[++i]);
		else if (strcmp(argv[i], "--accept-host-key") == 0)
			good = remote_option(&r, "accept_host_key=yes");
		else if (argv[i][0] == '-' || target != NULL)
			good = usage(target == NULL ? "there is no option"
						    : "one URL at a time, not",
				     argv[i]) == EXIT_DONE;
		else
			target = argv[i];
	}
	if (good && target == NULL)
		good = usage("which URL?", NULL) == EXIT_DONE;
	if (good)
		code = ask(&r, target, strcmp(argv[0], "probe") == 0);
	remote_close(&r);
	return code;
}

int
command_targets(int argc, char **argv)
{
	if (argc == 1)
		return list_people();
	if (argc == 3 && strcmp(argv[1], "--format") == 0)
		return list(argv[2]);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "test") == 0 || strcmp(argv[1], "probe") == 0)
		return ask_by(argc - 1, argv + 1);
	return usage("it is test or probe, not", argv[1]);
}
