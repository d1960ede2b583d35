#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "detect/region/lead.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct leads {
	struct expr e;
	struct lead_list *list;
};

static bool
find(struct leads *l, const char *text)
{
	l->list->count = 0;
	if (!expr_read(&l->e, text, true))
		fail_msg("%s", text);
	return lead_find(&l->e, l->e.root, true, l->list);
}

static bool
any_stands(const struct leads *l, const char *text)
{
	for (size_t i = 0; i < l->list->count; i++)
		if (lead_stands(&l->list->lead[i], span_str(text)))
			return true;
	return false;
}

static void
begin(struct leads *l)
{
	assert_int_equal(expr_init(&l->e), ST_OK);
	l->list = calloc(1, sizeof(*l->list));
	assert_non_null(l->list);
}

static void
end(struct leads *l)
{
	expr_fini(&l->e);
	free(l->list);
}

/* Where a match begins with its word, one of the leads stands there. */
static void
each_match_has_a_lead(void **state)
{
	static const struct {
		const char *expr, *match, *other;
	} cases[] = {
	    {"\\bgender: [mf]", "Gender: f", "general: x"},
	    {"\\bvorname=\\w{3}", "vorname=Ann", "vormals=Ann"},
	    {"\\b(?:secret|password)=\\d{4}", "password=1234", "passport=1"},
	};
	struct leads l;

	(void)state;
	begin(&l);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!find(&l, cases[i].expr))
			fail_msg("no lead of %s", cases[i].expr);
		if (!any_stands(&l, cases[i].match))
			fail_msg("%s: %s", cases[i].expr, cases[i].match);
		if (any_stands(&l, cases[i].other))
			fail_msg("%s: %s", cases[i].expr, cases[i].other);
	}
	end(&l);
}

static void
what_has_no_word_has_no_lead_and_adds_none(void **state)
{
	static const char *const exprs[] = {
	    "[0-9]{16}",
	    "\\bgender|[0-9]{9}", /* one choice is enough */
	    "[a-z]{3}[0-9]",
	};
	struct leads l;

	(void)state;
	begin(&l);
	for (size_t i = 0; i < COUNT(exprs); i++) {
		if (find(&l, exprs[i]))
			fail_msg("a lead of %s", exprs[i]);
		assert_int_equal(l.list->count, 0);
	}
	end(&l);
}

/* Matches end no further behind their lead than it says. */
static void
a_lead_knows_how_far_its_matches_go(void **state)
{
	struct leads l;

	(void)state;
	begin(&l);
	assert_true(find(&l, "\\bgender: [a-z]{1,10}"));
	for (size_t i = 0; i < l.list->count; i++)
		assert_true(l.list->lead[i].after >= strlen("gender: ") + 10);
	end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_match_has_a_lead),
	    cmocka_unit_test(what_has_no_word_has_no_lead_and_adds_none),
	    cmocka_unit_test(a_lead_knows_how_far_its_matches_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
