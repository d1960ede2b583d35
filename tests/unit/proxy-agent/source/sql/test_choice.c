#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql/choice.h"

#define SERVER   0
#define DATABASE 1
#define SCHEMA   2
#define TABLE    3

static struct sql_choice
choice(const char *include, const char *exclude, unsigned target)
{
	return (struct sql_choice){
	    .include = span_str(include),
	    .exclude = span_str(exclude),
	    .database = target >= DATABASE,
	    .schema = target >= SCHEMA,
	    .table = target >= TABLE,
	};
}

static const struct sql_place orders = {
    .database = "shop",
    .schema = {(const uint8_t *)"public", 6},
    .name = {(const uint8_t *)"orders", 6},
};

static void
tables_and_columns_are_chosen_below_the_target(void **state)
{
	static const struct {
		const char *include, *exclude;
		unsigned target;
		enum sql_wish table;
		bool card, note;
	} cases[] = {
	    {"", "", SERVER, SQL_WANTED, true, true},
	    {"orders", "", SERVER, SQL_WANTED, true, true},
	    {"public/orders", "", DATABASE, SQL_WANTED, true, true},
	    {"public/*", "", DATABASE, SQL_WANTED, true, true},
	    {"public/*", "", SCHEMA, SQL_UNWANTED, false, false},
	    {"shop/**", "", SERVER, SQL_WANTED, true, true},
	    {"", "shop/**", SERVER, SQL_UNWANTED, false, false},
	    {"", "orders", DATABASE, SQL_UNWANTED, true, true},
	    /* columns */
	    {"shop/public/orders/card", "", SERVER, SQL_BY_COLUMN, true, false},
	    {"public/orders/card", "", DATABASE, SQL_BY_COLUMN, true, false},
	    {"orders/c*", "", SCHEMA, SQL_BY_COLUMN, true, false},
	    {"card", "", TABLE, SQL_BY_COLUMN, true, false},
	    {"**/card", "", TABLE, SQL_BY_COLUMN, true, false},
	    {"**/card", "", SERVER, SQL_BY_COLUMN, true, false},
	    {"other/card", "", SCHEMA, SQL_UNWANTED, false, false},
	    {"", "orders/note", SCHEMA, SQL_BY_COLUMN, true, false},
	    {"", "*/*/note", DATABASE, SQL_BY_COLUMN, true, false},
	    {"", "note", TABLE, SQL_BY_COLUMN, true, false},
	    {"orders", "orders/note", SCHEMA, SQL_BY_COLUMN, true, false},
	    {"bare, orders/card", "orders/card", SCHEMA, SQL_BY_COLUMN, false,
	     false},
	    /* a word alone is no column where tables stand below */
	    {"", "note", SCHEMA, SQL_WANTED, true, true},
	    {"card", "", SCHEMA, SQL_UNWANTED, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sql_choice c =
		    choice(cases[i].include, cases[i].exclude, cases[i].target);

		if (sql_choice_of(&c, orders) != cases[i].table ||
		    sql_choice_has(&c, orders, span_str("card")) !=
			cases[i].card ||
		    sql_choice_has(&c, orders, span_str("note")) !=
			cases[i].note)
			fail_msg("case %zu", i);
	}
}

static void
a_database_is_entered_when_something_in_it_may_be_wanted(void **state)
{
	static const struct {
		const char *include, *exclude;
		bool enters;
	} cases[] = {
	    {"", "", true},
	    {"shop/**", "", true},
	    {"sh*/public/orders/card", "", true},
	    {"orders", "", true},
	    {"**/card", "", true},
	    {"other/**", "", false},
	    {"other/**,shop/public/*", "", true},
	    {"", "shop", false},
	    {"", "s*", false},
	    {"", "shop/public/orders", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sql_choice c =
		    choice(cases[i].include, cases[i].exclude, SERVER);

		if (sql_choice_enters(&c, "shop") != cases[i].enters)
			fail_msg("case %zu", i);
	}
}

static void
a_place_without_schemas_has_a_part_less(void **state)
{
	const struct sql_place flat = {
	    .database = "shop", .schema = span_str(""), .name = orders.name};
	const struct sql_choice c = choice("shop/orders/card", "", SERVER);

	(void)state;
	assert_int_equal(sql_choice_of(&c, flat), SQL_BY_COLUMN);
	assert_true(sql_choice_has(&c, flat, span_str("card")));
	assert_false(sql_choice_has(&c, flat, span_str("note")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_and_columns_are_chosen_below_the_target),
	    cmocka_unit_test(
		a_database_is_entered_when_something_in_it_may_be_wanted),
	    cmocka_unit_test(a_place_without_schemas_has_a_part_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
