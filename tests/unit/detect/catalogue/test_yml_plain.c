#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/catalogue/yml_plain.h"

static bool
same_word(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same(const struct yml_node *a, const struct yml_node *b)
{
	const struct yml_node *x = a->first, *y = b->first;

	if (a->kind != b->kind || a->line != b->line || a->len != b->len ||
	    a->count != b->count || !same_word(a->key, b->key) ||
	    !same_word(a->text, b->text))
		return false;
	while (x != NULL && y != NULL && same(x, y)) {
		x = x->next;
		y = y->next;
	}
	return x == NULL && y == NULL;
}

/* Whether it is plain; if so, both readers must make the same of it. */
static bool
is_plain(const char *name, struct span text)
{
	struct yml_node *quick = NULL, *whole = NULL;
	struct arena a;
	struct buf why;
	bool plain;

	buf_init(&why, 4096);
	arena_init(&a, 16u << 20);
	plain = yml_plain(text, &a, &a, &quick);
	assert_true(plain == (quick != NULL));
	if (plain && yml_parse_any(text, &a, &a, &whole, &why) != ST_OK)
		fail_msg("%s: is not to be read", name);
	if (quick != NULL && whole != NULL && !same(quick, whole))
		fail_msg("%s: is not read as what it is", name);
	arena_fini(&a);
	buf_fini(&why);
	return plain;
}

static void
what_files_are_written_with_is_plain(void **state)
{
	static const char *const texts[] = {
	    "a: 1",
	    "a: 1\n",
	    "# c\n\na: 1 # c\n  # c\nb: x#y\n",
	    "a: one\n  two  \n   three\nb: \xc3\xa9t\xc3\xa9\n",
	    "a:\n  b:\n    c: d\n  e: f\ng: h\n",
	    "a: # c\n\n  - b\n  # c\n  - 'it''s'\n  - \"x: # \\\"y\\\\\"\n",
	    "a:\n  - b: c\n    d: e\n  - {f: g, h: [1, -2, ],\n     i: {}}\n",
	    "a: [b c, \"d\n   e\", 'f',\n  [], [[g]]]   # c\nh: i\n",
	    "a: \"\"\nb: '  x  '\nc: \"t\\tn\\n\"\n",
	    "a: https://b/c?d=e,f [g] & h\n",
	    "a:\n  - - b\n    - c: d\n      e: f\n  -   - [g]\n",
	    "a: \xe0\xa4\x95 \xe4\xb8\xad\xe6\x96\x87\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!is_plain(texts[i], span_str(texts[i])))
			fail_msg("case %zu is not plain", i);
}

static void
what_is_rare_or_wrong_is_left_to_the_whole_reader(void **state)
{
	static const char *const texts[] = {
	    "",
	    "# only\n",
	    "a",
	    "[a]",
	    "a:\n",
	    "a: |\n  b\n",
	    "a: &x b\n",
	    "a: *x\n",
	    "a: !!int 3\n",
	    "a: b: c\n",
	    "a: b\na: c\n",
	    "a: {b: 1, b: 2}\n",
	    "a: [b: c]\n",
	    "a: {b}\n",
	    "a: [b\n",
	    "a: [b,\nc]\n",
	    "a: 'b\n",
	    "a: 'b\n\n  c'\n",
	    "a: \"\\x41\"\n",
	    "a: \"\\q\"\n",
	    "a:\tb\n",
	    "a: b\r\n",
	    "a: b\n  c: d\n",
	    "a: b # c\n  d\n",
	    "a: b\n\n  c\n",
	    "a:\n- b\n",
	    "a:\n  - b\n c: d\n",
	    "a:\n  - b\n  c\n",
	    "a:\n   b: c\n  d: e\n",
	    "a: 'b'c\n",
	    "a: 'b'#c\n",
	    "--- a\n",
	    "a: b\n---\n",
	    "a: b\n...\n",
	    "\xef\xbb\xbf# c\na: b\n",
	    "a: \xff\n",
	    "a: \xc2\x85\n",
	    "a: \xe2\x80\xa8\n",
	    "a: \xed\xa0\x80\n",
	    "\"a\": b\n",
	    "? a\n: b\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is_plain(texts[i], span_str(texts[i])))
			fail_msg("case %zu is taken for plain", i);
}

/* `head`, `part` n times and `tail` n times. */
static bool
nested_is_plain(const char *head, const char *part, size_t n, const char *tail)
{
	struct buf b;
	bool plain;

	buf_init(&b, 1u << 20);
	assert_int_equal(buf_add_str(&b, head), ST_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_add_str(&b, part), ST_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_add_str(&b, tail), ST_OK);
	plain = is_plain(part, buf_span(&b));
	buf_fini(&b);
	return plain;
}

static void
both_readers_have_the_same_limits(void **state)
{
	(void)state;
	assert_true(nested_is_plain("a: ", "[", YML_DEPTH - 1, "]"));
	assert_false(nested_is_plain("a: ", "[", YML_DEPTH, "]"));
	assert_true(nested_is_plain("a:\n - ", "b,", YML_NODES, ""));
	assert_true(nested_is_plain("a:\n", " - b\n", YML_NODES - 2, ""));
	assert_false(nested_is_plain("a:\n", " - b\n", YML_NODES - 1, ""));
	assert_true(nested_is_plain("a: b\n#", "x", YML_BYTES - 6, ""));
	assert_false(nested_is_plain("a: b\n#", "x", YML_BYTES - 5, ""));
}

static struct span
file_read(const char *path, uint8_t *room, size_t n)
{
	FILE *f = fopen(path, "re");
	struct span s;

	assert_non_null(f);
	s = span_of(room, fread(room, 1, n, f));
	assert_int_equal(fclose(f), 0);
	return s;
}

static void
the_files_of_the_catalogue_are_plain_but_for_a_few(void **state)
{
	const char *dir = getenv("TRAWL_CATALOGUE");
	uint8_t *room = malloc(YML_BYTES);
	char pattern[4096];
	size_t plain = 0;
	glob_t g;

	(void)state;
	assert_non_null(dir);
	assert_non_null(room);
	snprintf(pattern, sizeof(pattern), "%s/*/*.yaml", dir);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		plain += is_plain(g.gl_pathv[i],
				  file_read(g.gl_pathv[i], room, YML_BYTES));
	/* else all takes longer to start */
	assert_true(g.gl_pathc > 100);
	assert_true(plain > g.gl_pathc * 9 / 10);
	globfree(&g);
	free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_files_are_written_with_is_plain),
	    cmocka_unit_test(what_is_rare_or_wrong_is_left_to_the_whole_reader),
	    cmocka_unit_test(both_readers_have_the_same_limits),
	    cmocka_unit_test(
		the_files_of_the_catalogue_are_plain_but_for_a_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
