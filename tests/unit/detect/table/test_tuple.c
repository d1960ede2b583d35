#include "unit/detect/finds.h"
#include "unit/detect/windows.h"

#include "detect/table/tuple.h"
#include "detect/work.h"

#define TEXT 60000
/* a name so long that words before it are not near what stands behind it */
#define FAR "a_name_that_is_longer_than_words_are_looked_for_before_a_value_of"

static void
heads_are_those_of_insert_with_as_many_values(void **state)
{
	static const struct {
		const char *text, *heads; /* NULL: it is no INSERT */
	} cases[] = {
	    {"INSERT INTO t (a, b) VALUES (1, 2);", "a, b"},
	    {"insert ignore into `t`(`a`,`b`)\nvalues\n(1,'x,y');", "`a`,`b`"},
	    {"INSERT OR REPLACE INTO t (a) VALUES ('it''s, \\', (so)');", "a"},
	    {"  REPLACE INTO t (a, b) VALUES (now(1, 2), \"x\");", "a, b"},
	    {"INSERT INTO t (a, b) VALUES (1, 'cut", "a, b"},
	    {"INSERT INTO t (a, b) VALUES (1, 2, 3);", ""},
	    {"INSERT INTO t (a, b) VALUES (1);", ""},
	    {"INSERT INTO t VALUES (1, 2);", ""},
	    {"INSERT INTO t (a, b) SELECT c, d FROM u;", ""},
	    {"INSERTED INTO t (a) VALUES (1);", NULL},
	    {"INSERT INTO t; (a) VALUES (1);", NULL},
	    {"INSERT", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span heads = span_of(NULL, 0), command;
		const char *want = cases[i].heads;
		bool any =
		    tuple_heads(span_str(cases[i].text), &heads, &command);

		if (any != (want != NULL) ||
		    (any && !span_eq(heads, span_str(want))))
			fail_msg("%s", cases[i].text);
	}
}

static const struct finds *
look_sql(struct eye *e, const char *text)
{
	detect_table(e->s, span_str(text));
	return eye_look_str(e, text);
}

static void
a_value_has_the_words_of_its_column(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} cases[] = {
	    {"INSERT INTO t (id, ssn) VALUES (1, '219370017');", 1},
	    {"INSERT INTO t (id, ssn) VALUES (1, 219370017), (2, 219370018);",
	     2},
	    {"INSERT INTO t (ssn, " FAR ") VALUES (1, '219370017');", 0},
	    {"INSERT INTO t (a, ssn) VALUES ('x, (y)', '219370017');", 1},
	    {"INSERT INTO t (a, ssn) VALUES ('it''s', '219370017');", 1},
	    {"INSERT INTO t (a, ssn) VALUES ('a\\', b', '219370017');", 1},
	    {"INSERT INTO t (a, ssn) VALUES (f(1, 2), '219370017');", 1},
	    {"INSERT INTO t (a, b, ssn, " FAR
	     ") VALUES (f(1, 2), '219370017', 3, 4);",
	     0},
	    {"-- all\nINSERT INTO t (a, ssn)\nVALUES\n(1, NULL),\n"
	     "(2, '219370017');\n",
	     1},
	    {"INSERT INTO t (a, ssn) VALUES (1, 2);\n"
	     "INSERT INTO u (a, size) VALUES (1, 219370017);\n",
	     0},
	    {"INSERT INTO t (ssn) VALUES (1);\nUPDATE t SET a = 219370017;\n",
	     0},
	};
	struct eye *e = eye_open("us_ssn", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (look_sql(e, cases[i].text)->count != cases[i].count)
			fail_msg("%s: %zu", cases[i].text, e->finds.count);
	eye_close(e);
}

static void
names_stand_in_tuples_too(void **state)
{
	struct eye *e = eye_open("person_name", 0);
	const struct finds *f =
	    look_sql(e, "INSERT INTO t (id, full_name) VALUES (1, 'Ola Berg'),"
			"(2,\n'Pia Holm');");

	(void)state;
	assert_int_equal(f->count, 2);
	assert_string_equal(f->list[1].value, "Pia Holm");
	eye_close(e);
}

/* One INSERT of many rows, then one a row, of two tables in turn. */
static size_t
make_dump(char *text)
{
	size_t n = (size_t)snprintf(
	    text, TEXT,
	    "-- MySQL dump\n\nINSERT INTO `p` (`id`,`SSN`) VALUES ");

	for (unsigned i = 0; i < 200; i++)
		n +=
		    (size_t)snprintf(text + n, TEXT - n, "%s(%u,'2%02u37%04u')",
				     i == 0 ? "" : ",", i, i % 100, i + 17);
	n += (size_t)snprintf(text + n, TEXT - n, ";\n");
	for (unsigned i = 0; i < 100; i++)
		n +=
		    (size_t)snprintf(text + n, TEXT - n,
				     "INSERT INTO %s (%s) VALUES ('it''s; (" FAR
				     "',\n 2%02u37%04u);\n",
				     i % 2 == 0 ? "q" : "r",
				     i % 2 == 0 ? "a, b" : "a, ssn", i, i + 17);
	return n;
}

static void
it_does_not_matter_where_a_dump_is_cut(void **state)
{
	static struct finds pieces;
	static char text[TEXT];
	struct eye *e = eye_open("us_ssn", 0);
	uint64_t rng = 11;
	size_t n = make_dump(text);
	const struct finds *f = look_sql(e, text);

	(void)state;
	assert_int_equal(f->count, 250);
	for (int i = 0; i < 20; i++) {
		detect_table(e->s, span_of((const uint8_t *)text, n));
		look_in_windows(e, text, n, &rng, &pieces);
		assert_same(f, &pieces);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heads_are_those_of_insert_with_as_many_values),
	    cmocka_unit_test(a_value_has_the_words_of_its_column),
	    cmocka_unit_test(names_stand_in_tuples_too),
	    cmocka_unit_test(it_does_not_matter_where_a_dump_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
