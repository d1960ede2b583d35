#include "unit/detect/finds.h"

#include "detect/words/nearby.h"

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
	static struct word_stream stream;
	struct nearby near;

	set[id / 64] |= UINT64_C(1) << (id % 64);
	nearby_begin(&stream, tile_level_best());
	nearby_find(&v->t, &stream, span_str(text), at, at + 1, &near);
	return nearby_in(&near, set);
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
	/* the key of what follows is none of it */
	assert_int_equal(places(&v, "#, card: 7", v.card), 0);
	assert_int_equal(places(&v, "'#', 'cardNumber' => '7'", v.card), 0);
	assert_int_equal(places(&v, "\"#\",\"card_no\":\"7\"", v.card), 0);
	assert_true(places(&v, "# (card, not cash)", v.card) != 0);
	/* behind it a phrase counts by where it begins */
	assert_int_equal(
	    places(&v, "# is the correct, I hope, social security number",
		   v.phrase),
	    WORD_NEAR);
	assert_int_equal(places(&v,
				"# is correct, I hope you agree, as social "
				"security number",
				v.phrase),
			 0);
	assert_int_equal(
	    places(&v, "# is the correct, I hope, social security\nnumber",
		   v.phrase),
	    0);
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
	/* large letters together are a word of their own, but for a plural's */
	assert_true(places(&v, "usSOCIALSecurityNumber=#", v.social) != 0);
	assert_true(places(&v, "myCCNumber=#", v.cc) != 0);
	assert_int_equal(places(&v, "myCCs=#", v.cc), 0);
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
	assert_true((places(&v, "**card:** #", v.card) & WORD_KEY) != 0);
	assert_true((places(&v, "card (a b): [#", v.card) & WORD_KEY) != 0);
	assert_int_equal(places(&v, "card [#", v.card) & WORD_KEY, 0);
	assert_int_equal(places(&v, "my card is\n#", v.card), WORD_ABOVE);
	/* a title stands above what it is of */
	assert_int_equal(places(&v, "card\n#", v.card), WORD_NEAR);
	assert_int_equal(places(&v, "card :\r\n\n  #", v.card), WORD_NEAR);
	/* and what is asked for, above what is answered */
	assert_int_equal(places(&v, "your card?\nola: #", v.card), WORD_NEAR);
	assert_int_equal(places(&v, "the card please?\r\n<ola> #", v.card),
			 WORD_NEAR);
	assert_int_equal(places(&v, "a card? Yes.\nola: #", v.card),
			 WORD_ABOVE);
	assert_int_equal(places(&v, "your card?\nI am at 7 #", v.card),
			 WORD_ABOVE);
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

/*
 * The words near each place of a made text are the same whether it was read
 * from its beginning on, or first at that place.
 */
static void
a_stream_finds_what_a_fresh_look_finds(void **state)
{
	static const char *const pieces[] = {
	    "card ",
	    "social security number ",
	    "creditCard",
	    "CCNumber",
	    "cc",
	    "7",
	    "\n",
	    ": ",
	    "order",
	    "\xe5\x8d\xa1\xe5\x8f\xb7",
	    "x",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm",
	    " ",
	    "\xe7\xa0\x81",
	    "\xe3\x81\xaf",
	    "\xf0\x9f\x92\xb3",
	    "\xc3\xa9",
	    "\xe2\x84\x96",
	    "n\xc2\xb0",
	    "\xd0\x98",
	    "\xd0\xbd",
	    "Card",
	    "\xc3\x89",
	    "\x96",
	    "\xe2",
	    "\xa0"};
	static struct word_stream on, fresh;
	struct vocabulary v;
	uint64_t rng = 20261122;
	uint16_t id;

	(void)state;
	vocabulary_make(&v);
	take(&v.t, "\xe5\x8d\xa1\xe5\x8f\xb7", &id);
	take(&v.t, "\xe5\x8f\xb7\xe7\xa0\x81", &id);
	for (unsigned round = 0; round < 40; round++) {
		char text[3000];
		size_t n = 0;

		while (n < sizeof(text) - 80) {
			const char *p =
			    pieces[dice(&rng) %
				   (sizeof(pieces) / sizeof(pieces[0]))];

			memcpy(text + n, p, strlen(p));
			n += strlen(p);
		}
		nearby_begin(&on, tile_level_best());
		for (size_t i = 0; i + 9 < n; i += 1 + dice(&rng) % 90) {
			struct nearby a, b;

			memset(&a, 0, sizeof(a));
			memset(&b, 0, sizeof(b));
			nearby_find(&v.t, &on, span_of((uint8_t *)text, n), i,
				    i + 9, &a);
			nearby_begin(&fresh, TILE_SCALAR);
			nearby_find(&v.t, &fresh, span_of((uint8_t *)text, n),
				    i, i + 9, &b);
			assert_int_equal(a.count, b.count);
			assert_memory_equal(a.id, b.id, sizeof(a.id));
			assert_memory_equal(a.place, b.place, sizeof(a.place));
		}
	}
	words_fini(&v.t);
}

static void
words_of_scripts_without_spaces_are_found_in_a_run(void **state)
{
	struct vocabulary v;
	uint16_t id;

	(void)state;
	vocabulary_make(&v);
	take(&v.t, "\xe5\x8d\xa1\xe5\x8f\xb7", &id);
	assert_true(places(&v,
			   "\xe6\x88\x91\xe5\x8d\xa1\xe5\x8f\xb7\xef\xbc\x9a#",
			   id) != 0);
	assert_int_equal(places(&v, "\xe5\x8d\xa1 #", id), 0);
	words_fini(&v.t);
}

static void
ascii_ends_where_such_a_script_begins(void **state)
{
	static const struct {
		const char *text;
		bool near;
	} cases[] = {
	    {"Card\u306f #", true},
	    {"\u79c1\u306eCard #", true},
	    {"\u79c1\u306eCard\u756a\u53f7\uff1a#", true},
	    {"\U0001f4b3card\U0001f4b3#", true},
	    {"card\ubc88\ud638 #", true},
	    {"\u79c1discard\u306f #", false},
	    /* of a script with spaces, or no character at all */
	    {"card\u00e9 #", false},
	    {"\u00e9card #", false},
	    {"card\xe9t #", false},
	    {"\xa0\xa0\xa0"
	     "card #",
	     false},
	    /* a run without a break, longer than what is read at a time */
	    {"\u756a\u756a\u756a\u756a\u756a\u756a\u756a\u756a"
	     "\u756a\u756a\u756a\u756a\u756a\u756a\u756a\u756a"
	     "\u756a\u756a\u756a\u756a\u756a\u756a\u756a\u756a"
	     "card\u756a\u756a\u756a#",
	     true},
	};
	struct vocabulary v;

	(void)state;
	vocabulary_make(&v);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(places(&v, cases[i].text, v.card) != 0,
				 cases[i].near);
	words_fini(&v.t);
}

static void
humps_may_be_of_any_letters(void **state)
{
	static const struct {
		const char *text;
		bool card, inn;
	} cases[] = {
	    {"n°Card #", true, false},
	    {"N°CARD #", true, false},
	    {"nºcard #", true, false},
	    {"№card№ #", true, false},
	    {"№инн #", false, true},
	    {"инн№ #", false, true},
	    {"numéCard #", true, false},
	    {"cardÉtat #", true, false},
	    {"иннФизЛица #", false, true},
	    {"номерИНН #", false, true},
	    {"номерCard #", true, false},
	    {"αριИнн #", false, true},
	    /* one small letter that was left among capitals */
	    {"ÉéCARD #", false, false},
	    {"NUMéCARD #", false, false},
	    {"écard #", false, false},
	    {"иннфиз #", false, false},
	    {"ФИНН #", false, false},
	};
	struct vocabulary v;
	uint16_t small, first, all;

	(void)state;
	vocabulary_make(&v);
	take(&v.t, "инн", &small);
	take(&v.t, "Инн", &first);
	take(&v.t, "ИНН", &all);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *t = cases[i].text;

		assert_int_equal(places(&v, t, v.card) != 0, cases[i].card);
		assert_int_equal((places(&v, t, small) | places(&v, t, first) |
				  places(&v, t, all)) != 0,
				 cases[i].inn);
	}
	assert_true(places(&v, "NUMéRO #", v.umlaut) != 0);
	words_fini(&v.t);
}

static void
a_phrase_may_be_of_two_scripts(void **state)
{
	struct vocabulary v;
	uint16_t id;

	(void)state;
	vocabulary_make(&v);
	take(&v.t, "id\u30ab\u30fc\u30c9", &id);
	assert_true(places(&v, "ID\u30ab\u30fc\u30c9 #", id) != 0);
	assert_true(places(&v, "ID \u30ab\u30fc\u30c9: #", id) != 0);
	words_fini(&v.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_words_near_are_seen_without_case),
	    cmocka_unit_test(phrases_are_words_in_a_row),
	    cmocka_unit_test(places_tell_key_line_and_distance),
	    cmocka_unit_test(pieces_of_codes_are_no_words),
	    cmocka_unit_test(a_stream_finds_what_a_fresh_look_finds),
	    cmocka_unit_test(
		words_of_scripts_without_spaces_are_found_in_a_run),
	    cmocka_unit_test(ascii_ends_where_such_a_script_begins),
	    cmocka_unit_test(humps_may_be_of_any_letters),
	    cmocka_unit_test(a_phrase_may_be_of_two_scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
