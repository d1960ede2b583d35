#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/trawl/commands.h"
#include "agent/trawl/out.h"
#include "agent/trawl/trial.h"
#include "detect/catalogue/list.h"

#define TEXT_MAX ((size_t)16 * 1024 * 1024)

static void
print_help(FILE *to)
{
	fputs("usage: trawl rule test [--reveal] FILE|ID [TEXT|-]\n\n"
	      "Runs the examples of one data type, a file or one of the "
	      "catalogue, and tells\nwhat it finds in TEXT, or in standard "
	      "input, and why or why not.\n\n"
	      "  --reveal  show matches of standard input in clear, too\n"
	      "  --help    show this text\n\n"
	      "exit: 0 done, 1 an example fails, or error, 2 usage\n",
	      to);
}

/* ---- its examples -------------------------------------------------------- */

struct examples {
	struct trial *trial;
	size_t right, wrong;
};

static void
try_example(struct examples *x, struct span text, bool want)
{
	struct buf shown;

	if (trial_finds(x->trial, text) == want) {
		x->right++;
		return;
	}
	x->wrong++;
	buf_init(&shown, 1u << 20);
	out_shown(&shown, text);
	printf("%s: %.*s\n",
	       want ? "should match, and does not"
		    : "should not match, and does",
	       (int)shown.len, (const char *)shown.data);
	buf_fini(&shown);
}

static void
on_type(void *arg, const struct list_type *t)
{
	struct examples *x = arg;

	if (strcmp(t->info.id, trial_id(x->trial)) != 0)
		return;
	printf("%s: %s\n", t->info.id, t->info.name);
	for (size_t i = 0; i < t->match_count; i++)
		try_example(x, t->match[i], true);
	for (size_t i = 0; i < t->no_match_count; i++)
		try_example(x, t->no_match[i], false);
}

static enum status
run_examples(struct trial *trial, const char *rule, size_t *wrong,
	     struct buf *why)
{
	const struct detect_options o = {
	    .rules = &rule,
	    .rule_count = access(rule, F_OK) == 0,
	    .replace = true,
	};
	struct examples x = {.trial = trial};
	enum status st = list_types(&o, on_type, &x, why);

	if (st == ST_OK)
		printf("%zu examples are right, %zu are wrong\n", x.right,
		       x.wrong);
	*wrong = x.wrong;
	return st;
}

/* ---- a text -------------------------------------------------------------- */

static enum status
read_input(struct buf *to)
{
	ssize_t n = 1;

	while (n > 0) {
		if (buf_reserve(to, 65536) != ST_OK)
			return ST_LIMIT;
		n = read(STDIN_FILENO, to->data + to->len, 65536);
		if (n > 0)
			to->len += (size_t)n;
	}
	return n == 0 ? ST_OK : ST_IO;
}

static enum status
run_text(struct trial *trial, const char *text, bool reveal, struct buf *why)
{
	bool input = strcmp(text, "-") == 0;
	struct span s = span_str(text);
	struct buf in, said;
	size_t matches = 0;
	enum status st = ST_OK;

	buf_init(&in, TEXT_MAX);
	buf_init(&said, TEXT_MAX);
	if (input) {
		st = read_input(&in);
		s = buf_span(&in);
	}
	if (st == ST_OK)
		st = trial_tell(trial, s, reveal || !input, &said, &matches);
	if (st == ST_OK)
		printf("%.*s%zu found\n", (int)said.len,
		       (const char *)said.data, matches);
	else
		(void)!buf_addf(why, "the text: %s", status_text(st));
	buf_fini(&in);
	buf_fini(&said);
	return st;
}

/* ---- the command --------------------------------------------------------- */

static int
run(const char *rule, const char *text, bool reveal)
{
	struct trial *trial = NULL;
	size_t wrong = 0;
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	st = trial_open(rule, &trial, &why);
	if (st == ST_OK)
		st = run_examples(trial, rule, &wrong, &why);
	if (st == ST_OK && text != NULL)
		st = run_text(trial, text, reveal, &why);
	if (st != ST_OK)
		fprintf(stderr, "trawl: %.*s\n",
			(int)(why.len > 0 ? why.len : 64),
			why.len > 0 ? (const char *)why.data : status_text(st));
	buf_fini(&why);
	trial_close(trial);
	return st == ST_OK && wrong == 0 ? EXIT_DONE : EXIT_ERROR;
}

int
command_rule(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL};
	bool reveal = false;
	size_t n = 0;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (argc < 3 || strcmp(argv[1], "test") != 0) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--reveal") == 0) {
			reveal = true;
		} else if (n < 2) {
			words[n++] = argv[i];
		} else {
			print_help(stderr);
			return EXIT_USAGE;
		}
	if (n == 0) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	return run(words[0], words[1], reveal);
}
