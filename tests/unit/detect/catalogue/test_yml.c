#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "detect/catalogue/yml.h"

struct parsed {
	struct arena arena;
	struct buf why;
	struct yml_node *root;
	enum status st;
};

static struct parsed
parse(struct span text)
{
	struct parsed p = {.root = NULL};

	arena_init(&p.arena, 16u << 20);
	buf_init(&p.why, 4096);
	p.st = yml_parse(text, &p.arena, &p.root, &p.why);
	assert_int_equal(buf_add_byte(&p.why, 0), ST_OK);
	return p;
}

static void
parsed_fini(struct parsed *p)
{
	arena_fini(&p->arena);
	buf_fini(&p->why);
}

static void
nodes_know_their_line_and_their_order(void **state)
{
	struct parsed p = parse(span_str("# a comment\n"
					 "a: one\n"
					 "list:\n"
					 "  - x\n"
					 "  - \"y: # z\"\n"
					 "map: {k: v,\n"
					 "  e: \"\"}\n"));
	const struct yml_node *list, *map;

	(void)state;
	assert_int_equal(p.st, ST_OK);
	assert_int_equal(p.root->kind, YML_MAP);
	assert_int_equal(p.root->count, 3);
	assert_string_equal(yml_find(p.root, "a")->text, "one");
	assert_int_equal(yml_find(p.root, "a")->line, 2);
	list = yml_find(p.root, "list");
	assert_int_equal(list->kind, YML_LIST);
	assert_int_equal(list->count, 2);
	assert_null(list->first->key);
	assert_string_equal(list->first->next->text, "y: # z");
	assert_int_equal(list->first->next->line, 5);
	assert_null(list->first->next->next);
	map = yml_find(p.root, "map");
	assert_int_equal(yml_find(map, "e")->len, 0);
	assert_int_equal(yml_find(map, "e")->line, 7);
	assert_null(yml_find(map, "none"));
	assert_null(yml_find(list, "x")); /* no map */
	parsed_fini(&p);
}

static void
what_is_outside_the_corner_is_refused_with_its_line(void **state)
{
	static const struct {
		struct span text;
		const char *why;
	} cases[] = {
	    {{(const uint8_t *)"", 0}, ":1: the file is empty"},
	    {{(const uint8_t *)"# only\n", 7}, ":1: the file is empty"},
	    {{(const uint8_t *)"a: 1\nb: *x\n", 11},
	     ":2: aliases are not allowed"},
	    {{(const uint8_t *)"a: 1\nb: !!int 3\n", 16},
	     ":2: anchors and tags are not allowed"},
	    {{(const uint8_t *)"a: &x 1\n", 8},
	     ":1: anchors and tags are not allowed"},
	    {{(const uint8_t *)"a: 1\n\na: 2\n", 11}, ":3: a key stands twice"},
	    {{(const uint8_t *)"? [a]\n: b\n", 10}, ":1: a key must be a word"},
	    {{(const uint8_t *)"a: \"x\\0y\"\n", 10},
	     ":1: a NUL byte in a value"},
	    {{(const uint8_t *)"a\n---\nb\n", 8},
	     ":2: a second document begins"},
	    {{(const uint8_t *)"a:\n\t- b\n", 8}, ":2: "}, /* a tab */
	    {{(const uint8_t *)"a: \xff\n", 5}, ":"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed p = parse(cases[i].text);

		assert_int_equal(p.st, ST_MALFORMED);
		assert_null(p.root);
		if (strncmp((const char *)p.why.data, cases[i].why,
			    strlen(cases[i].why)) != 0)
			fail_msg("case %zu: %s", i, (const char *)p.why.data);
		parsed_fini(&p);
	}
}

/* `head`, then `part` n times, then `tail`. */
static struct parsed
parse_many(const char *head, const char *part, size_t n, const char *tail)
{
	struct parsed p;
	struct buf b;

	buf_init(&b, 1u << 20);
	assert_int_equal(buf_add_str(&b, head), ST_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_add_str(&b, part), ST_OK);
	assert_int_equal(buf_add_str(&b, tail), ST_OK);
	p = parse(buf_span(&b));
	buf_fini(&b);
	return p;
}

static void
limits_are_met_exactly(void **state)
{
	static const struct {
		const char *head, *part, *tail;
		size_t most;
		const char *why;
	} cases[] = {
	    {"", "[", "", YML_DEPTH, "nested too deep"},
	    {"[", "a,", "]", YML_NODES - 1, "too many values in one file"},
	    {"a: b\n#", "x", "\n", YML_BYTES - 7, "the file is too large"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *closing[] = {"]]]]]]]]]]]]]]", cases[i].tail};
		const char *tail = closing[i > 0];
		struct parsed p = parse_many(cases[i].head, cases[i].part,
					     cases[i].most, tail);

		assert_int_equal(p.st, ST_OK);
		parsed_fini(&p);
		p = parse_many(cases[i].head, cases[i].part, cases[i].most + 1,
			       tail);
		assert_int_equal(p.st, ST_MALFORMED);
		assert_non_null(strstr((const char *)p.why.data, cases[i].why));
		parsed_fini(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nodes_know_their_line_and_their_order),
	    cmocka_unit_test(
		what_is_outside_the_corner_is_refused_with_its_line),
	    cmocka_unit_test(limits_are_met_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
