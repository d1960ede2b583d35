#include "unit/detect/finds.h"

#include "detect/words.h"

struct vocabulary {
	struct word_table t;
	uint16_t card, social, phrase, cc, umlaut, order;
};

static void
take(struct word_table *t, const char *phrase, uint16_t *id)
{
	assert_int_equal(words_add(t, span_str(phrase), id), ST_OK);
}

static void
vocabulary_make(struct vocabulary *v)
{
	assert_int_equal(words_init(&v->t), ST_OK);
	take(&v->t, "card", &v->card);
	take(&v->t, "social", &v->social);
	take(&v->t, "social security number", &v->phrase);
	take(&v->t, "cc", &v->cc);
	take(&v->t, "num\xc3\xa9ro", &v->umlaut);
	take(&v->t, "order", &v->order);
}

/* Places of one word near the # in text, 0 when it is not near. */
static unsigned
places(const struct vocabulary *v, const char *text, uint16_t id)
{
	size_t at = (size_t)(strchr(text, '#') - text);
	uint64_t set[4] = {0};
	struct nearby near;

	set[id / 64] |= UINT64_C(1) << (id % 64);
	words_nearby(&v->t, span_str(text), at, at + 1, &near);
	return words_in(&near, set);
}

static void
whole_words_near_are_seen_without_case(void **state)
{
	struct vocabulary v;

	(void)state;
	vocabulary_make(&v);
	assert_int_equal(places(&v, "Card #", v.card), WORD_NEAR | WORD_CLOSE);
	assert_int_equal(places(&v, "my CARD is #", v.card),
			 WORD_NEAR | WORD_CLOSE);
	assert_int_equal(places(&v, "discard #", v.card), 0);
	assert_int_equal(places(&v, "cards #", v.card), 0);
	assert_true(places(&v, "creditCardNo #", v.card) != 0);
	assert_true(places(&v, "credit_card_no #", v.card) != 0);
	assert_true(places(&v, "# card", v.card) != 0);
	assert_int_equal(places(&v, "#\ncard", v.card), 0);
	assert_true(places(&v, "num\xc3\xa9ro #", v.umlaut) != 0);
	assert_true(places(&v, "NUM\xc3\x89RO #", v.umlaut) != 0);
	words_fini(&v.t);
}

static void
phrases_are_words_in_a_row(void **state)
{
	struct vocabulary v;

	(void)state;
	vocabulary_make(&v);
	assert_true(places(&v, "Social Security Number #", v.phrase) != 0);
	assert_true(places(&v, "social-security_number: #", v.phrase) != 0);
	assert_true(places(&v, "socialSecurityNumber=#", v.phrase) != 0);
	assert_int_equal(places(&v, "social number #", v.phrase), 0);
	assert_int_equal(places(&v, "social ... security number #", v.phrase),
			 0);
	assert_true(places(&v, "social number #", v.social) != 0);
	words_fini(&v.t);
}

static void
places_tell_key_line_and_distance(void **state)
{
	struct vocabulary v;

	(void)state;
	vocabulary_make(&v);
	assert_true((places(&v, "{\"card\": \"#", v.card) & WORD_KEY) != 0);
	assert_true((places(&v, "card_no=#", v.card) & WORD_KEY) != 0);
	assert_true((places(&v, "<card>#", v.card) & WORD_KEY) != 0);
	assert_true((places(&v, ":card => '#", v.card) & WORD_KEY) != 0);
	assert_int_equal(places(&v, "card a=#", v.card) & WORD_KEY,
			 WORD_KEY); /* a key may hold spaces */
	assert_int_equal(places(&v, "card, a=#", v.card) & WORD_KEY, 0);
	assert_int_equal(places(&v, "card\n#", v.card), WORD_ABOVE);
	assert_int_equal(
	    places(&v, "card .............................................. #",
		   v.card),
	    WORD_NEAR);
	words_fini(&v.t);
}

static void
pieces_of_codes_are_no_words(void **state)
{
	struct vocabulary v;

	(void)state;
	vocabulary_make(&v);
	assert_true(places(&v, "cc #", v.cc) != 0);
	assert_int_equal(places(&v, "cc71 #", v.cc), 0);
	assert_int_equal(places(&v, "8cc #", v.cc), 0);
	assert_true(places(&v, "card1 #", v.card) != 0);
	words_fini(&v.t);
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
	    cmocka_unit_test(whole_words_near_are_seen_without_case),
	    cmocka_unit_test(phrases_are_words_in_a_row),
	    cmocka_unit_test(places_tell_key_line_and_distance),
	    cmocka_unit_test(pieces_of_codes_are_no_words),
	    cmocka_unit_test(a_table_grows_and_keeps_its_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
