#include "unit/detect/finds.h"

#include "detect/words.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_grows_and_keeps_its_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
