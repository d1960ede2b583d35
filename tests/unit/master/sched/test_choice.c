#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "master/sched/choice.h"

/* "mrtkx3": may, reads, is there, keeps, has tried it, and so many tasks. */
static struct choice_proxy
proxy(uint64_t agent, const char *able)
{
	return (struct choice_proxy){
	    .agent = agent,
	    .may = strchr(able, 'm') != NULL,
	    .reads = strchr(able, 'r') != NULL,
	    .there = strchr(able, 't') != NULL,
	    .keeps = strchr(able, 'k') != NULL,
	    .tried = strchr(able, 'x') != NULL,
	    .tasks = (uint32_t)(able[strlen(able) - 1] - '0'),
	};
}

static void
the_able_one_with_the_fewest_tasks_is_taken(void **state)
{
	static const struct {
		const char *list[3];
		size_t want;
	} cases[] = {
	    {{"mrtk0"}, 0},
	    {{"mrtk2", "mrtk1", "mrtk1"}, 1},
	    {{"mrtk0", "rtk0"}, 0},
	    {{"rtk0", "mrtk7"}, 1},
	    {{"mrt0", "mrk0", "mrtk5"}, 2},
	    {{"mrtk8", "mrtk7"}, 1},
	    {{"mrtkx0", "mrtk7"}, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct choice_proxy list[3];
		enum choice_lack lack;
		size_t n = 0, which = 99;

		for (; n < 3 && cases[i].list[n] != NULL; n++)
			list[n] = proxy(n + 1, cases[i].list[n]);
		assert_int_equal(choice_find(list, n, &which, &lack), ST_OK);
		assert_int_equal(which, cases[i].want);
	}
}

static void
what_is_lacking_is_what_the_nearest_of_them_lacks(void **state)
{
	static const struct {
		const char *list[2];
		enum choice_lack want;
	} cases[] = {
	    {{NULL}, CHOICE_NOBODY},
	    {{"rtk0"}, CHOICE_NOBODY},
	    {{"mtk0", "rtk0"}, CHOICE_KIND},
	    {{"mrk0", "mtk0"}, CHOICE_AWAY},
	    {{"mrt0", "mrk0"}, CHOICE_CREDENTIAL},
	    {{"mrtk8", "mrt0"}, CHOICE_BUSY},
	    {{"mrtkx0", "mrt0"}, CHOICE_TRIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct choice_proxy list[2];
		enum choice_lack lack = CHOICE_NOBODY;
		size_t n = 0, which = 99;

		for (; n < 2 && cases[i].list[n] != NULL; n++)
			list[n] = proxy(n + 1, cases[i].list[n]);
		assert_int_equal(choice_find(list, n, &which, &lack),
				 ST_NOTFOUND);
		assert_int_equal(lack, cases[i].want);
		assert_int_equal(which, 99);
	}
}

static void
says(const struct choice_order *o, enum choice_lack lack, const char *want)
{
	struct buf text;

	buf_init(&text, 256);
	assert_int_equal(choice_words(o, lack, &text), ST_OK);
	if (!str_is(buf_span(&text), want))
		fail_msg("%.*s", (int)text.len, (char *)text.data);
	buf_fini(&text);
}

static void
why_it_waits_is_a_sentence_that_names_what_is_lacking(void **state)
{
	static const struct {
		const char *who;
		bool group;
		enum choice_lack lack;
		const char *want;
	} cases[] = {
	    {"", false, CHOICE_NOBODY, "no proxy is verified"},
	    {"dmz", true, CHOICE_NOBODY, "no proxy of group dmz is verified"},
	    {"px1", false, CHOICE_NOBODY, "the proxy px1 is not verified"},
	    {"", false, CHOICE_KIND, "no proxy reads smb://"},
	    {"dmz", true, CHOICE_KIND, "no proxy of group dmz reads smb://"},
	    {"px1", false, CHOICE_KIND, "the proxy px1 does not read smb://"},
	    {"", false, CHOICE_AWAY, "no proxy that reads smb:// is there"},
	    {"px1", false, CHOICE_AWAY, "the proxy px1 is away"},
	    {"dmz", true, CHOICE_TRIED,
	     "no proxy of group dmz is left that has not tried it"},
	    {"dmz", true, CHOICE_CREDENTIAL,
	     "no proxy of group dmz has the credential files"},
	    {"px1", false, CHOICE_CREDENTIAL,
	     "the proxy px1 does not have the credential files"},
	    {"", false, CHOICE_BUSY, "no proxy has room for more yet"},
	    {"px1", false, CHOICE_BUSY, "the proxy px1 has enough to do yet"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct choice_order o = {
		    .kind = span_str("smb"),
		    .credential = span_str("files"),
		    .who = span_str(cases[i].who),
		    .group = cases[i].group,
		};

		says(&o, cases[i].lack, cases[i].want);
	}
}

static void
when_the_one_that_has_begun_is_away_it_names_it_and_what_others_lack(
    void **state)
{
	static const struct {
		const char *who;
		bool group;
		enum choice_lack lack;
		const char *want;
	} cases[] = {
	    {"", false, CHOICE_BUSY,
	     "the proxy px1 is away; no other proxy has room for more yet"},
	    {"", false, CHOICE_AWAY,
	     "the proxy px1 is away; no other proxy that reads smb:// is "
	     "there"},
	    {"dmz", true, CHOICE_KIND,
	     "the proxy px1 is away; no other proxy of group dmz reads smb://"},
	    {"px1", false, CHOICE_NOBODY, "the proxy px1 is away"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct choice_order o = {
		    .kind = span_str("smb"),
		    .credential = span_str("files"),
		    .who = span_str(cases[i].who),
		    .group = cases[i].group,
		    .holder = span_str("px1"),
		};

		says(&o, cases[i].lack, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_able_one_with_the_fewest_tasks_is_taken),
	    cmocka_unit_test(what_is_lacking_is_what_the_nearest_of_them_lacks),
	    cmocka_unit_test(
		why_it_waits_is_a_sentence_that_names_what_is_lacking),
	    cmocka_unit_test(
		when_the_one_that_has_begun_is_away_it_names_it_and_what_others_lack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
