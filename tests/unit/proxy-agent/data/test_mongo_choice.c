#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/buf.h"
#include "proxy-agent/data/mongo_choice.h"

/* Of the collection "people" in "shop"; the target names what `at` says. */
static struct sql_choice
choice(const char *include, const char *exclude, const char *at)
{
	return (struct sql_choice){.include = span_str(include),
				   .exclude = span_str(exclude),
				   .schema = true,
				   .database = at[0] != 0,
				   .table = strcmp(at, "people") == 0};
}

static struct mongo_choice
people(const struct sql_choice *c)
{
	return (struct mongo_choice){
	    .of = c, .place = {.database = "shop", .name = span_str("people")}};
}

static void
a_field_is_wanted_with_what_stands_below_it(void **state)
{
	static const struct {
		const char *include, *exclude, *at, *way;
		enum mongo_wish wish;
	} rows[] = {
	    {"shop/people/a.b", "", "", "a", MONGO_ENTER},
	    {"shop/people/a.b", "", "", "a.b", MONGO_TAKE},
	    {"shop/people/a.b", "", "", "b", MONGO_ENTER},
	    {"people/a", "", "shop", "a", MONGO_TAKE},
	    {"shop/people/a", "", "shop", "a", MONGO_ENTER},
	    {"a*", "", "people", "a.b", MONGO_TAKE},
	    {"shop/people", "*/*/a", "", "a", MONGO_PASS},
	    {"shop/people", "*/*/a", "", "b", MONGO_TAKE},
	    {"", "people/*.b", "shop", "a.b", MONGO_PASS},
	    {"", "people/*.b", "shop", "a", MONGO_TAKE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sql_choice c =
		    choice(rows[i].include, rows[i].exclude, rows[i].at);
		struct mongo_choice p = people(&c);

		assert_int_equal(mongo_choice_ask(&p, span_str(rows[i].way)),
				 rows[i].wish);
	}
}

static void
what_has_a_name_is_told_to_the_server(void **state)
{
	static const struct {
		const char *include, *exclude, *at, *told;
	} rows[] = {
	    {"", "", "", ""},
	    {"shop/people/a, shop/people/b.c", "", "", "+a b.c "},
	    {"shop/people/a,shop/other/b", "*/*/c", "", "+a "},
	    {"", "people/a,people/b.c,orders/d", "shop", "-a b.c "},
	    {"a,b/c", "", "people", "+a "},
	    /* one of two has no name: only what is left out can be told */
	    {"people/a,people/b*", "people/c", "shop", "-c "},
	    {"people/a,people", "people/c,people/d*", "shop", "-c "},
	    /* with one its parts; in any order */
	    {"", "people/a.b,people/a,people/a.c", "shop", "-a "},
	    {"", "people/a,people/a.b,people/a,people/ab", "shop", "-a ab "},
	    /* a scan needs it to go on */
	    {"", "people/_id,people/a", "shop", "-a "},
	    {"people/_id.x", "", "shop", "+_id "},
	    /* no names of fields */
	    {"", "people/$a,people/a..b,people/a.", "shop", ""},
	    {"people/a,people/a..b", "", "shop", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sql_choice c =
		    choice(rows[i].include, rows[i].exclude, rows[i].at);
		const struct mongo_choice p = people(&c);
		struct mongo_told t;
		char said[200] = "";

		mongo_choice_tell(&p, &t);
		if (t.count > 0)
			snprintf(said, sizeof(said), t.without ? "-" : "+");
		for (size_t k = 0; k < t.count; k++)
			snprintf(said + strlen(said), 50, "%.*s ",
				 (int)t.field[k].len,
				 (const char *)t.field[k].ptr);
		assert_string_equal(said, rows[i].told);
	}
}

/* What is included is then chosen here; of what is left out, some is told. */
static void
more_fields_than_can_be_told_are_not_lost(void **state)
{
	struct buf list;
	struct mongo_told t;

	(void)state;
	buf_init(&list, 4096);
	for (unsigned i = 0; i < MONGO_TOLD + 1; i++)
		assert_int_equal(buf_addf(&list, "people/f%u,", i), ST_OK);
	assert_int_equal(buf_add_byte(&list, 0), ST_OK);
	for (unsigned i = 0; i < 2; i++) {
		const char *some = (const char *)list.data;
		const struct sql_choice c =
		    choice(i == 0 ? some : "", i == 1 ? some : "", "shop");
		struct mongo_choice p = people(&c);

		mongo_choice_tell(&p, &t);
		assert_int_equal(t.count, i == 0 ? 0 : MONGO_TOLD);
		assert_int_equal(mongo_choice_ask(&p, span_str("f64")),
				 i == 0 ? MONGO_TAKE : MONGO_PASS);
	}
	buf_fini(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_field_is_wanted_with_what_stands_below_it),
	    cmocka_unit_test(what_has_a_name_is_told_to_the_server),
	    cmocka_unit_test(more_fields_than_can_be_told_are_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
