#include "unit/detect/finds.h"

#include "detect/words/words.h"

static void
take(struct word_table *t, const char *phrase, uint16_t *id)
{
	assert_int_equal(words_add(t, span_str(phrase), id), ST_OK);
}

static void
a_table_grows_and_keeps_its_ids(void **state)
{
	struct word_table t;
	uint16_t id, again;
	char word[32];

	(void)state;
	assert_int_equal(words_init(&t), ST_OK);
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(word, sizeof(word), "w%c%c%c%c", 'a' + i % 26,
			 'a' + i / 26 % 26, 'a' + i / 676 % 26, 'q');
		take(&t, word, &id);
		assert_int_equal(id, i);
	}
	take(&t, "waaaq", &again);
	assert_int_equal(again, 0);
	assert_int_equal(words_add(&t, span_str("12 34"), &id), ST_MALFORMED);
	assert_int_equal(words_add(&t, span_str("a b c d"), &id), ST_MALFORMED);
	words_fini(&t);
}

static void
capitals_beyond_ascii_are_words_of_their_own(void **state)
{
	static const struct {
		const char *word, *first, *all;
	} cases[] = {
	    {"телефон", "Телефон", "ТЕЛЕФОН"},
	    {"снилс", "Снилс", "СНИЛС"},
	    {"путь страны", NULL, "ПУТЬ СТРАНЫ"},
	    {"číslo pasu", "Číslo pasu", "ČÍslo pasu"},
	    {"τηλέφωνο", "Τηλέφωνο", "ΤΗΛΈΦΩΝΟ"},
	    {"український", "Український", "УКРАЇНСЬКИЙ"},
	    {"card", NULL, NULL},
	    {"numéro", NULL, NULL},
	    {"电话", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned all = 0; all < 2; all++) {
			const char *want =
			    all > 0 ? cases[i].all : cases[i].first;
			uint8_t out[64];
			size_t n = words_capitals(span_str(cases[i].word),
						  all > 0, out, sizeof(out));

			if (want == NULL)
				assert_int_equal(n, 0);
			else
				assert_true(str_is(span_of(out, n), want));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_grows_and_keeps_its_ids),
	    cmocka_unit_test(capitals_beyond_ascii_are_words_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
