#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "agent/trawl/choose.h"
#include "agent/trawl/commands.h"
#include "agent/trawl/wrap.h"
#include "base/json.h"
#include "base/str.h"
#include "detect/catalogue/list.h"

struct listing {
	struct choose choose;
	struct span categories, countries; /* a,b; empty: all */
	const char *format;
	size_t shown;
	enum status st;
};

static int
see_help(void)
{
	fputs("see trawl types --help\n", stderr);
	return EXIT_USAGE;
}

static void
print_help(void)
{
	fputs("usage: trawl types [OPTION]...\n\n"
	      "Lists the data types, all of them or those that are chosen.\n\n"
	      "  --format NAME    table, tsv or jsonl; default: table\n"
	      "  --types A,B      ids and patterns of ids\n"
	      "  --profile A,B    those of these profiles\n"
	      "  --category A,B   those of these categories\n"
	      "  --country A,B    those of these countries: DE,AT\n"
	      "  --rules PATH     a file or folder with types of your own\n"
	      "  --help           show this text\n",
	      stdout);
}

/* ---- formats ------------------------------------------------------------- */

/* "words: iban, bank account" below a type, as wide as the terminal is. */
static void
print_words(const struct list_type *t)
{
	struct wrap w = {
	    .to = stdout, .width = wrap_width(), .indent = 11, .column = 11};
	char word[512];

	if (t->word_count == 0)
		return;
	fputs("    words: ", stdout);
	for (size_t i = 0; i < t->word_count; i++) {
		snprintf(word, sizeof(word), "%.*s%s", (int)t->words[i].len,
			 (const char *)t->words[i].ptr,
			 i + 1 < t->word_count ? "," : "");
		wrap_text(&w, span_str(word));
	}
	putchar('\n');
}

static void
row_table(struct listing *l, const struct list_type *t)
{
	(void)l;
	printf("%-30s %-9s %-15s %-8s %s\n", t->info.id, t->info.risk,
	       t->info.category, t->info.countries, t->info.name);
	if (t->check_count > 0) {
		fputs("    checks: ", stdout);
		for (size_t i = 0; i < t->check_count; i++)
			printf("%s%s", i > 0 ? ", " : "", t->checks[i]);
		putchar('\n');
	}
	print_words(t);
}

/* A tab or an end of line in a text would be one of the table. */
static void
cell(const char *s, char behind)
{
	for (; *s != 0; s++)
		putchar(*s == '\t' || *s == '\n' || *s == '\r' ? ' ' : *s);
	putchar(behind);
}

static void
row_tsv(struct listing *l, const struct list_type *t)
{
	(void)l;
	cell(t->info.id, '\t');
	cell(t->info.name, '\t');
	cell(t->info.category, '\t');
	cell(t->info.risk, '\t');
	cell(t->info.countries, '\t');
	cell(t->info.source, '\n');
}

static void
put_spans(struct json *j, const char *key, const struct span *list, size_t n)
{
	json_key(j, key);
	json_list(j);
	for (size_t i = 0; i < n; i++)
		json_str(j, list[i]);
	json_end(j);
}

static void
put_countries(struct json *j, const char *joined)
{
	struct span rest = span_str(joined), one;

	json_key(j, "countries");
	json_list(j);
	while (str_next(&rest, ',', &one))
		json_str(j, one);
	json_end(j);
}

static void
row_jsonl(struct listing *l, const struct list_type *t)
{
	struct buf text;
	struct json j;

	buf_init(&text, 1u << 20);
	json_init(&j, &text);
	json_map(&j);
	json_put_cstr(&j, "id", t->info.id);
	json_put_cstr(&j, "name", t->info.name);
	json_put_cstr(&j, "category", t->info.category);
	json_put_cstr(&j, "risk", t->info.risk);
	put_countries(&j, t->info.countries);
	json_put_cstr(&j, "token", t->token);
	json_key(&j, "validators");
	json_list(&j);
	for (size_t i = 0; i < t->check_count; i++)
		json_cstr(&j, t->checks[i]);
	json_end(&j);
	put_spans(&j, "words", t->words, t->word_count);
	put_spans(&j, "columns", t->columns, t->column_count);
	json_put_cstr(&j, "source", t->info.source);
	json_put_bool(&j, "default", t->by_default);
	json_put_bool(&j, "own", t->own);
	json_end(&j);
	l->st = json_done(&j);
	if (l->st == ST_OK)
		printf("%.*s\n", (int)text.len, (const char *)text.data);
	buf_fini(&text);
}

static const struct {
	const char *name, *head;
	void (*row)(struct listing *l, const struct list_type *t);
} formats[] = {
    {"table", "", row_table},
    {"tsv", "type_id\tname\tcategory\trisk\tcountries\tsource\n", row_tsv},
    {"jsonl", "", row_jsonl},
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static size_t
format_find(const char *name)
{
	size_t i = 0;

	while (i < FORMATS && strcmp(formats[i].name, name) != 0)
		i++;
	return i;
}

/* ---- the list ------------------------------------------------------------ */

static bool
share(struct span a, struct span list)
{
	struct span rest = list, one;

	if (list.len == 0)
		return true;
	while (str_next(&rest, ',', &one))
		if (span_eq(str_trim(one), a))
			return true;
	return false;
}

static bool
in_countries(struct span countries, struct span wanted)
{
	struct span one;

	if (wanted.len == 0)
		return true;
	while (str_next(&countries, ',', &one))
		if (share(one, wanted))
			return true;
	return false;
}

static void
on_type(void *arg, const struct list_type *t)
{
	struct listing *l = arg;

	if (l->choose.options.type_count > 0 && !t->wanted)
		return;
	if (share(span_str(t->info.category), l->categories) &&
	    in_countries(span_str(t->info.countries), l->countries)) {
		formats[format_find(l->format)].row(l, t);
		l->shown++;
	}
}

static bool
take(struct listing *l, int letter, const char *value)
{
	switch (letter) {
	case 'f':
		l->format = value;
		if (format_find(value) < FORMATS)
			return true;
		fprintf(stderr,
			"trawl types: --format is table, tsv or jsonl, "
			"not: \"%s\"\n",
			value);
		return false;
	case 'c':
		l->categories = span_str(value);
		return true;
	case 'C':
		l->countries = span_str(value);
		return true;
	default:
		return choose_take(&l->choose, letter, value);
	}
}

static int
print(struct listing *l)
{
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	fputs(formats[format_find(l->format)].head, stdout);
	st = list_types(choose_options(&l->choose), on_type, l, &why);
	if (st == ST_OK)
		st = l->st;
	if (st != ST_OK)
		fprintf(stderr, "trawl: %.*s\n", (int)why.len,
			why.len > 0 ? (const char *)why.data : "");
	else if (l->shown == 0)
		fputs("trawl types: none is of that choice\n", stderr);
	buf_fini(&why);
	return st == ST_OK ? EXIT_DONE : EXIT_ERROR;
}

int
command_types(int argc, char **argv)
{
	static const struct option options[] = {
	    {"format", required_argument, NULL, 'f'},
	    {"category", required_argument, NULL, 'c'},
	    {"country", required_argument, NULL, 'C'},
	    CHOOSE_OPTIONS,
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0}};
	static char self[] = "trawl types"; /* getopt complains by it */
	struct listing l = {.format = "table"};
	int letter;

	argv[0] = self;
	optind = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (letter == 'h') {
			print_help();
			return EXIT_DONE;
		}
		if (letter == '?' || !take(&l, letter, optarg))
			return see_help();
	}
	if (optind < argc) {
		fprintf(stderr, "trawl types: \"%s\" is no option\n",
			argv[optind]);
		return see_help();
	}
	return print(&l);
}
