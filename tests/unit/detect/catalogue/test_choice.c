#include "unit/detect/rules.h"

#include "detect/catalogue/list.h"

struct count {
	size_t wanted, all, own;
	bool badge, checks, words;
};

static void
on_type(void *arg, const struct list_type *t)
{
	struct count *c = arg;

	c->all++;
	c->wanted += t->wanted;
	c->own += t->own;
	c->badge |= t->wanted && strcmp(t->info.id, "badge") == 0;
	if (strcmp(t->info.id, "card_visa") != 0)
		return;
	c->checks = t->check_count == 1 && strcmp(t->checks[0], "luhn") == 0;
	c->words = t->word_count == 1 && str_is(t->words[0], "visa");
}

static enum status
look(const struct detect_options *o, struct count *c, struct buf *why)
{
	*c = (struct count){0};
	buf_init(why, 4096);
	return list_types(o, on_type, c, why);
}

static void
types_are_chosen_by_id_glob_and_profile(void **state)
{
	static const struct {
		const char *types[3];
		size_t low, high;
	} cases[] = {
	    {{"card_visa"}, 1, 1},
	    {{"card_visa", "iban"}, 2, 2},
	    {{"card_visa", "profile:pci_dss"}, 10, 40},
	    {{"profile:pci_dss"}, 10, 40},
	    {{"profile:pci_dss", "card_*"}, 10, 40},
	    {{"profile:secrets", "profile:pci_dss"}, 100, 500},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span types[3];
		struct detect_options o = {.types = types};
		struct count c;
		struct buf why;

		while (o.type_count < 3 &&
		       cases[i].types[o.type_count] != NULL) {
			types[o.type_count] =
			    span_str(cases[i].types[o.type_count]);
			o.type_count++;
		}
		if (look(&o, &c, &why) != ST_OK || c.wanted < cases[i].low ||
		    c.wanted > cases[i].high)
			fail_msg("%s: %zu", cases[i].types[0], c.wanted);
		assert_true(c.checks && c.words);
		buf_fini(&why);
	}
}

static void
what_names_nothing_is_refused_by_name(void **state)
{
	static const char *const wrong[] = {"no_such", "no_such_*",
					    "profile:no_such", "profile:"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct span one = span_str(wrong[i]);
		const struct detect_options o = {.types = &one,
						 .type_count = 1};
		struct count c;
		struct buf why;

		assert_int_equal(look(&o, &c, &why), ST_NOTFOUND);
		assert_non_null(memmem(why.data, why.len, "is called '", 11));
		buf_fini(&why);
	}
}

static void
ones_own_types_go_with_profiles_and_not_with_ids_alone(void **state)
{
	static const struct {
		const char *type;
		bool badge;
	} cases[] = {
	    {NULL, true},
	    {"profile:health", true},
	    {"card_visa", false},
	    {"badge", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct span one = span_str(cases[i].type);
		struct rules r;
		const char *path = r.path;
		const struct detect_options o = {.types = &one,
						 .type_count = one.len > 0,
						 .rules = &path,
						 .rule_count = 1};
		struct count c;
		struct buf why;

		rules_make(&r);
		rules_put(&r, "badge.yaml", RULE_BADGE);
		if (look(&o, &c, &why) != ST_OK)
			fail_msg("%.*s", (int)why.len, (const char *)why.data);
		assert_int_equal(c.badge, cases[i].badge);
		assert_int_equal(c.own, 1);
		buf_fini(&why);
		rules_remove(&r);
	}
}

static void
ones_own_type_must_not_take_an_id_unless_it_is_to_replace_it(void **state)
{
	static const char text[] =
	    "id: iban\nname: X\ncategory: bank\ncountries: [\"*\"]\n"
	    "risk: high\nsource: \"mine\"\ntoken: id\n"
	    "forms: [{shapes: [\"16\"], score: 60}]\n"
	    "mask: {style: each}\nexamples: {match: [a], no_match: [b]}\n";
	struct rules r;
	const char *dir = r.dir;
	struct detect_options o = {.rules = &dir, .rule_count = 1};
	struct count c, plain;
	struct buf why;

	(void)state;
	rules_make(&r);
	rules_put(&r, "mine/iban.yaml", text);
	assert_int_equal(look(&o, &c, &why), ST_MALFORMED);
	assert_non_null(memmem(why.data, why.len, "mine/iban.yaml", 14));
	assert_non_null(memmem(why.data, why.len, "'iban' is taken by ", 19));
	assert_non_null(memmem(why.data, why.len, "bank/iban.yaml", 14));
	buf_fini(&why);
	o.rule_count = 0;
	assert_int_equal(look(&o, &plain, &why), ST_OK);
	buf_fini(&why);
	o.rule_count = 1;
	o.replace = true;
	assert_int_equal(look(&o, &c, &why), ST_OK);
	assert_int_equal(c.own, 1);
	assert_int_equal(c.all, plain.all);
	buf_fini(&why);
	rules_remove(&r);
}

static void
rules_that_are_not_there_or_have_no_type_are_said(void **state)
{
	struct rules r;
	const char *dir = r.dir, *none = "/nonexistent/x";
	struct detect_options o = {.rules = &none, .rule_count = 1};
	struct count c;
	struct buf why;

	(void)state;
	assert_int_not_equal(look(&o, &c, &why), ST_OK);
	assert_non_null(memmem(why.data, why.len, "/nonexistent/x", 14));
	buf_fini(&why);
	rules_make(&r);
	o.rules = &dir;
	assert_int_equal(look(&o, &c, &why), ST_NOTFOUND);
	assert_non_null(memmem(why.data, why.len, r.dir, strlen(r.dir)));
	buf_fini(&why);
	rules_remove(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(types_are_chosen_by_id_glob_and_profile),
	    cmocka_unit_test(what_names_nothing_is_refused_by_name),
	    cmocka_unit_test(
		ones_own_types_go_with_profiles_and_not_with_ids_alone),
	    cmocka_unit_test(
		ones_own_type_must_not_take_an_id_unless_it_is_to_replace_it),
	    cmocka_unit_test(rules_that_are_not_there_or_have_no_type_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
