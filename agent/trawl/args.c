#include "agent/trawl/args.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/trawl/limits.h"
#include "agent/trawl/wrap.h"
#include "base/str.h"
#include "model/languages.h"

/* Every option: its name, what it takes, what it does. */
#define OPTIONS(X)                                                             \
	X('f', "format", "NAME",                                               \
	  "jsonl, table, sarif or csv; default: table on a terminal, jsonl "   \
	  "else")                                                              \
	X('t', "types", "A,B",                                                 \
	  "only these data types; ids and patterns: card_*, us_ssn")           \
	X('p', "profile", "A,B",                                               \
	  "only the data types of these profiles; see trawl profiles")         \
	X('R', "rules", "PATH",                                                \
	  "a file or folder with data types of your own")                      \
	X('a', "allow", "FILE",                                                \
	  "let pass what this list allows, and count it")                      \
	X('j', "jobs", "N", "workers, 1 to 64; default: one for each core")    \
	X('m', "min-confidence", "N",                                          \
	  "leave out matches below N, 1 to 100; default: 50")                  \
	X('l', "limit", "LIST",                                                \
	  "how much one object may cost: depth=4,output=2GiB; see below")      \
	X('P', "passwords", "FILE",                                            \
	  "open what is encrypted with these, one a line")                     \
	X('o', "ocr", "LANGS",                                                 \
	  "read the text in pictures, in these languages: eng,deu")            \
	X('C', "credential", "FILE",                                           \
	  "how to sign in to targets on other hosts: JSON, see trawl(1)")      \
	X('O', "option", "NAME=VALUE",                                         \
	  "for targets on other hosts; trawl targets lists them")              \
	X('A', "accept-host-key", "",                                          \
	  "take any host key of such a target, unseen")                        \
	X('u', "skip-unchanged", "",                                           \
	  "do not read again what the last such scan read in full and found "  \
	  "nothing in")                                                        \
	X('c', "coverage", "FILE",                                             \
	  "write what was not fully read, and totals, as JSON lines")          \
	X('r', "reveal", "", "show matches in clear instead of masked")        \
	X('F', "fail-on-findings", "",                                         \
	  "exit with 3 when something is "                                     \
	  "found")                                                             \
	X('h', "help", "", "show this text")

static void
option_help(int used, const char *help)
{
	struct wrap w = {.to = stdout, .width = 80, .indent = 26, .column = 26};

	printf("%*s", used < 26 ? 26 - used : 1, "");
	wrap_text(&w, span_str(help));
	putchar('\n');
}

void
args_help(void)
{
	printf("usage: trawl scan [OPTION]... PATH|URL...\n\n"
	       "Finds sensitive data in files and folders, here and on "
	       "other hosts. A PATH of -\nis standard input.\n\n");
#define OPTION_HELP(letter, name, arg, help)                                   \
	{                                                                      \
		const char *takes = (arg);                                     \
		int n = printf("  --" name "%s%s", takes[0] == 0 ? "" : " ",   \
			       takes);                                         \
		option_help(n, help);                                          \
	}
	OPTIONS(OPTION_HELP)
#undef OPTION_HELP
	limits_help();
	printf("\nexit: 0 done, 1 error, 2 usage, 3 found (with "
	       "--fail-on-findings)\n");
}

static bool
bad(const char *what, const char *word)
{
	fprintf(stderr, "trawl scan: %s: \"%s\"; see trawl scan --help\n", what,
		word);
	return false;
}

static bool
number(const char *word, uint64_t low, uint64_t high, uint8_t *out)
{
	uint64_t n;

	if (str_to_u64(span_str(word), low, high, &n) != ST_OK)
		return false;
	*out = (uint8_t)n;
	return true;
}

static bool
take_word(struct scan_args *a, const char *word)
{
	if (!remote_option(&a->remote, word))
		return false;
	a->order.options = a->remote.how.options.bytes;
	return true;
}

/* The order names types as a detector is told them. */
static bool
take_choice(struct scan_args *a, int letter, const char *value)
{
	if (!choose_take(&a->choose, letter, value))
		return false;
	a->order.type_count = a->choose.options.type_count;
	memcpy(a->order.types, a->choose.types,
	       a->order.type_count * sizeof(struct span));
	return true;
}

void
args_close(struct scan_args *a)
{
	buf_fini(&a->limits);
	remote_close(&a->remote);
}

static bool
take_option(struct scan_args *a, int letter, const char *value)
{
	switch (letter) {
	case 'f':
		a->format = out_find(value);
		return a->format != NULL ||
		       bad("--format is jsonl, table, sarif or csv, not",
			   value);
	case 't':
	case 'p':
	case 'R':
		return take_choice(a, letter, value);
	case 'a':
		a->allow = value;
		return true;
	case 'l':
		if (!limits_take(&a->limits, "trawl scan", value))
			return false;
		a->order.limits = buf_span(&a->limits);
		return true;
	case 'P':
		a->passwords = value;
		return true;
	case 'o':
		a->order.ocr = span_str(value);
		return languages_good(a->order.ocr) ||
		       bad("--ocr is " LANGUAGES_RULE ", not", value);
	case 'j':
		return number(value, 1, SCAN_JOBS_MAX, &a->order.jobs) ||
		       bad("--jobs is a number from 1 to 64, not", value);
	case 'm':
		return number(value, 1, 100, &a->order.min_confidence) ||
		       bad("--min-confidence is a number from 1 to 100, not",
			   value);
	case 'C':
		return remote_credential(&a->remote, value);
	case 'O':
		return take_word(a, value);
	case 'A':
		return take_word(a, "accept_host_key=yes");
	case 'c':
		a->coverage = value;
		return true;
	case 'u':
		a->order.skip_unchanged = 1;
		return true;
	case 'r':
		a->reveal = true;
		return true;
	case 'F':
		a->fail_on_findings = true;
		return true;
	case 'h':
		a->help = true;
		return true;
	default:
		fputs("see trawl scan --help\n", stderr);
		return false;
	}
}

static bool
add_paths(struct scan_args *a, char **paths, int n)
{
	if (n == 0 && !a->help) {
		fprintf(stderr, "trawl scan: which PATH? see trawl scan "
				"--help\n");
		return false;
	}
	if (n > ORDER_PATHS_MAX)
		return bad("too many paths, from", paths[ORDER_PATHS_MAX]);
	for (int i = 0; i < n; i++)
		if (paths[i][0] == 0)
			return bad("not a path", "");
		else
			a->order.paths[a->order.path_count++] =
			    span_str(paths[i]);
	return true;
}

bool
args_parse(struct scan_args *a, int argc, char **argv)
{
	static const struct option options[] = {
#define OPTION_ROW(letter, name, arg, help)                                    \
	{name, sizeof(arg) == 1 ? no_argument : required_argument, NULL,       \
	 letter},
	    OPTIONS(OPTION_ROW)
#undef OPTION_ROW
		{NULL, 0, NULL, 0}};
	static char self[] = "trawl scan"; /* getopt complains by it */
	int letter;

	argv[0] = self;
	optind = 0; /* it may have been called before */
	*a = (struct scan_args){.format = isatty(STDOUT_FILENO) ? &out_table
								: &out_jsonl};
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1)
		if (!take_option(a, letter, optarg))
			return false;
	return add_paths(a, argv + optind, argc - optind);
}
