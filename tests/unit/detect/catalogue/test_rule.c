#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detect/catalogue/rule.h"
#include "model/match.h"
#include "sys/file.h"

/* One file of a catalogue, "card/card_x.yaml", read on its own. */
struct one {
	struct catalogue c;
	struct rule rule;
	struct buf why;
	enum status st;
};

static void
read_file(struct one *o, const char *file, const char *text)
{
	*o = (struct one){.st = ST_OK};
	arena_init(&o->c.arena, CATALOGUE_BYTES);
	assert_int_equal(words_init(&o->c.words), ST_OK);
	buf_init(&o->why, 4096);
	o->st = rule_read(&o->c, file, span_str(text), &o->rule, &o->why);
	assert_int_equal(buf_add_byte(&o->why, 0), ST_OK);
}

static void
one_fini(struct one *o)
{
	words_fini(&o->c.words);
	arena_fini(&o->c.arena);
	buf_fini(&o->why);
}

#define HEAD(token)                                                            \
	"id: card_x\nname: X\ncategory: card\ncountries: [DE, AT]\n"           \
	"risk: high\nsource: \"a standard\"\ntoken: " token "\n"
#define TAIL                                                                   \
	"mask: {style: each, first: 6, last: 4}\n"                             \
	"examples: {match: [a], no_match: [b]}\n"
#define ID                                                                     \
	HEAD("id")                                                             \
	"forms:\n  - {shapes: [\"16\"], score: 60}\n"
#define PATTERN HEAD("pattern") "pattern: abc\nscore: 60\n"

static void
an_example_may_be_bytes(void **state)
{
	static const struct {
		const char *examples;
		enum status want;
		const char *bytes;
		size_t len;
	} cases[] = {
	    {"['hex: 03d9 a2', b]", ST_OK, "\x03\xd9\xa2", 3},
	    {"['hex:00', b]", ST_OK, "", 1},
	    {"['hexagon', b]", ST_OK, "hexagon", 7},
	    {"['hex: 03d', b]", ST_MALFORMED, NULL, 0},
	    {"['hex: 0g', b]", ST_MALFORMED, NULL, 0},
	    {"['hex: ', b]", ST_MALFORMED, NULL, 0},
	};
	char text[512];
	struct one o;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
			 PATTERN "mask: {style: each}\n"
				 "examples: {match: %s, no_match: %s}\n",
			 cases[i].examples, cases[i].examples);
		read_file(&o, "x/card/card_x.yaml", text);
		assert_int_equal(o.st, cases[i].want);
		if (o.st == ST_OK) {
			const struct data_type *t = o.rule.type;

			assert_int_equal(t->good[0].len, cases[i].len);
			assert_memory_equal(t->good[0].ptr, cases[i].bytes,
					    cases[i].len);
			assert_int_equal(t->bad[0].len, cases[i].len);
			assert_int_equal(t->good[1].len, 1);
		}
		one_fini(&o);
	}
}

static void
what_a_file_says_stands_in_the_type(void **state)
{
	static const char text[] =
	    ID "default: no\nstands_on: structure\n"
	       "checks: [luhn, {use: entropy, centibits: 250, bonus: 7}]\n"
	       "words: {for: [card, credit card], against: [order]}\n"
	       "test_values: [\"4111111111111111\"]\n" TAIL;
	const struct data_type *t;
	struct one o;

	(void)state;
	read_file(&o, "x/card/card_x.yaml", text);
	assert_string_equal((const char *)o.why.data, "");
	assert_int_equal(o.st, ST_OK);
	t = o.rule.type;
	assert_string_equal(t->id, "card_x");
	assert_string_equal(t->countries, "DE,AT");
	assert_false(t->by_default);
	assert_true(t->stands == REASON(REASON_STRUCTURE));
	assert_int_equal(t->form_count, 1);
	assert_int_equal(t->forms[0].score, 60);
	assert_int_equal(t->check_count, 2);
	assert_int_equal(t->checks[0].bonus, 0);
	assert_int_equal(t->checks[1].bonus, 7);
	assert_false(check_run(span_str("abcdabcdabcd"), &t->checks[1]));
	assert_true(check_run(span_str("abcdefghijkl"), &t->checks[1]));
	assert_int_equal(t->mask.first, 6);
	assert_int_equal(t->mask.last, 4);
	assert_int_equal(t->test_count, 1);
	assert_int_equal(o.rule.for_count, 2);
	assert_int_equal(o.rule.against_count, 1);
	one_fini(&o);
}

/* behind "card/card_x.yaml:" */
static const struct {
	const char *text, *why;
} wrong[] = {
    {"id: Card_X\n", "1: field 'id' may have a-z 0-9 _ . and 64 bytes"},
    {"id: a234567890123456789012345678901234567890123456789012345678"
     "9012345\n",
     "1: field 'id' may have a-z 0-9 _ . and 64 bytes"},
    {"id: \"\"\n", "1: field 'id' is empty"},
    {"id: card\n", "1: field 'id' must be the name of the file"},
    {"countries: [de]\n",
     "1: field 'countries' must be two capital letters or \"*\""},
    {"countries: [DEU]\n",
     "1: field 'countries' must be two capital letters or \"*\""},
    {"countries: DE\n", "1: field 'countries' must be a list"},
    {"countries: [[DE]]\n", "1: field 'countries' must be a list of values"},
    {"category: cards\n",
     "1: field 'category' is 'cards'; allowed: address bank card"},
    {"token: word\n", "1: field 'token' is 'word'; allowed: "},
    {"forms:\n  - {separators: \"_\"}\n", "2: field 'separators' may hold "},
    {"forms:\n  - {shape: [\"16\"]}\n",
     "2: field 'shape' is not known; allowed: prefixes shapes "},
    {"forms:\n  - {shapes: [\"1-\"], score: 5}\n", "2: field 'shapes' "},
    {"stands_on: luck\n", "1: field 'stands_on' is 'luck'; allowed: "
			  "prefix structure word"},
    {"default: maybe\n", "1: field 'default' must be true or false"},
    {"score: -1\n", "1: field 'score' must be"},
    {"checks: [[luhn]]\n", "1: field 'checks' must be names or {use: name}"},
    {"checks: [{min: 3}]\n", "1: field 'checks' must be names or {use: name}"},
    {"checks: [{use: luhn, speed: 3}]\n",
     "1: field 'speed' is no parameter of check 'luhn'; allowed: "},
    {"forms:\n  - {score: 5}\n", "2: field 'shapes' is missing"},
    {"forms:\n  - {prefixes: [\"9-1\"]}\n",
     "2: field 'prefixes' must be like \"4\" or \"2221-2720\""},
    {"forms:\n  - {prefixes: [\"1234567890\"]}\n",
     "2: field 'prefixes' must be like"},
    {"value: abc\n", "1: field 'value' must be like \"[A-Za-z0-9_]{20,64}\""},
    {"edge: \"[z-a]\"\n", "1: field 'edge' must be like"},
    {"until: [a]\n", "1: field 'until' must be two texts"},
    {"until: [a, [b]]\n", "1: field 'until' must be one value"},
    {"words: {near: [a]}\n",
     "1: field 'near' is not known; allowed: for against "},
    {"words: {against: [\"1 2\"]}\n",
     "1: field 'words' hold one without a letter"},
    {"words: {against_lists: [/etc/passwd]}\n",
     "must name a file of the catalogue"},
    {"mask: {last: 5}\n", "1: field 'last' must be"},
    {"mask: {first: 4}\n", "1: field 'style' is missing"},
    {"table: ../x\n", "1: field 'table' must name a file of the catalogue"},
    {HEAD("pattern") "score: 1\n" TAIL,
     "1: field 'pattern' goes with token: pattern, and only with it"},
    {HEAD("pattern") "pattern: abc\n" TAIL, "1: field 'score' is missing"},
    {HEAD("iban") "score: 1\n" TAIL,
     "1: field 'table' goes with token: iban, email, phone"},
    {PATTERN "table: t.tsv\n" TAIL,
     "1: field 'table' goes with token: iban, email, phone"},
    {ID "mask: {style: each}\n"
	"examples: {match: [a], no_match: []}\n",
     "1: field 'examples' must show what matches and what does not"},
};

static void
a_wrong_file_is_told_by_file_line_field_and_what_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		static const char file[] = "card/card_x.yaml:";
		const char *why;
		struct one o;

		read_file(&o, "card/card_x.yaml", wrong[i].text);
		why = (const char *)o.why.data;
		assert_int_equal(o.st, ST_MALFORMED);
		if (strncmp(why, file, sizeof(file) - 1) != 0 ||
		    strstr(why + sizeof(file) - 1, wrong[i].why) == NULL)
			fail_msg("case %zu: %s", i, why);
		one_fini(&o);
	}
}

static void
a_type_has_at_most_so_many_checks(void **state)
{
	char text[512] = "checks: [luhn";
	struct one o;

	(void)state;
	for (unsigned i = 0; i < TYPE_CHECKS; i++)
		strncat(text, ", luhn", sizeof(text) - strlen(text) - 1);
	strncat(text, "]\n", sizeof(text) - strlen(text) - 1);
	read_file(&o, "card/card_x.yaml", text);
	assert_int_equal(o.st, ST_MALFORMED);
	assert_non_null(strstr((const char *)o.why.data,
			       "yaml:1: field 'checks' has too many links"));
	one_fini(&o);
}

static void
a_type_has_at_most_so_many_words(void **state)
{
	struct buf text;
	struct one o;

	(void)state;
	buf_init(&text, 1u << 20);
	assert_int_equal(buf_add_str(&text, "words:\n  for: ["), ST_OK);
	for (unsigned i = 0; i < 1025; i++)
		assert_int_equal(buf_addf(&text, "w%u,", i), ST_OK);
	assert_int_equal(buf_add_str(&text, "]\n"), ST_OK);
	assert_int_equal(buf_add_byte(&text, 0), ST_OK);
	read_file(&o, "card/card_x.yaml", (const char *)text.data);
	assert_int_equal(o.st, ST_MALFORMED);
	assert_non_null(strstr((const char *)o.why.data,
			       "yaml:2: field 'words' are too many"));
	one_fini(&o);
	buf_fini(&text);
}

static void
a_list_of_words_lies_beside_the_file(void **state)
{
	char dir[] = "/tmp/trawl-rule.XXXXXX", file[64], list[64];
	struct one o;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/card_x.yaml", dir);
	snprintf(list, sizeof(list), "%s/near.txt", dir);
	assert_int_equal(file_replace(list,
				      span_str("# a comment\n\n card \n"
					       "credit card\r\nkarte"),
				      0600),
			 ST_OK);
	read_file(&o, file, ID "words: {for_lists: [near.txt]}\n" TAIL);
	assert_int_equal(o.st, ST_OK);
	assert_int_equal(o.rule.for_count, 3);
	one_fini(&o);
	/* words that all of a kind have speak for it as well */
	read_file(&o, file,
		  ID "words: {for: [visa], general_lists: [near.txt]}\n" TAIL);
	assert_int_equal(o.st, ST_OK);
	assert_int_equal(o.rule.for_count, 4);
	assert_int_equal(o.rule.general_count, 3);
	one_fini(&o);
	/* one that is not there is named */
	assert_int_equal(unlink(list), 0);
	read_file(&o, file, ID "words: {for_lists: [near.txt]}\n" TAIL);
	assert_int_equal(o.st, ST_NOTFOUND);
	assert_non_null(strstr((const char *)o.why.data, list));
	assert_non_null(strstr((const char *)o.why.data, "cannot be opened"));
	one_fini(&o);
	assert_int_equal(rmdir(dir), 0);
}

static void
a_file_is_taken_whole_or_not_at_all(void **state)
{
	char path[] = "/tmp/trawl-rule.XXXXXX", text[256];
	int fd = mkstemp(path);
	struct span out = span_of(NULL, 0);
	struct arena a;
	struct buf why;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, span_str("0123456789")), ST_OK);
	arena_init(&a, 1u << 20);
	buf_init(&why, 4096);
	assert_int_equal(rule_file(&a, path, 10, &out, &why), ST_OK);
	assert_true(span_eq(out, span_str("0123456789")));
	assert_int_equal(rule_file(&a, path, 9, &out, &why), ST_LIMIT);
	snprintf(text, sizeof(text), "%s: is larger than 9 bytes", path);
	assert_true(span_eq(buf_span(&why), span_str(text)));
	buf_clear(&why);
	assert_int_equal(rule_file(&a, "/nonexistent/x", 9, &out, &why),
			 ST_NOTFOUND);
	assert_non_null(memmem(why.data, why.len, "/nonexistent/x: ", 16));
	close(fd);
	unlink(path);
	arena_fini(&a);
	buf_fini(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_example_may_be_bytes),
	    cmocka_unit_test(what_a_file_says_stands_in_the_type),
	    cmocka_unit_test(
		a_wrong_file_is_told_by_file_line_field_and_what_is_allowed),
	    cmocka_unit_test(a_type_has_at_most_so_many_checks),
	    cmocka_unit_test(a_type_has_at_most_so_many_words),
	    cmocka_unit_test(a_list_of_words_lies_beside_the_file),
	    cmocka_unit_test(a_file_is_taken_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
