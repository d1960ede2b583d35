#include "unit/detect/finds.h"

#include "detect/decide/settle.h"

struct claim {
	size_t start, end;
	int score;
	uint16_t type;
};

/* Settles the claims over a text of spaces; gives how many were sent. */
static size_t
settled(struct eye *e, const struct claim *c, size_t n, struct finds *out)
{
	static const char text[600];
	struct detect_scratch *s = e->s;

	s->text = span_of(text, sizeof(text));
	s->from = s->lo = 0;
	s->to = s->hi = sizeof(text);
	s->count = 0;
	for (size_t i = 0; i < n; i++)
		work_claim(s, c[i].start, c[i].end, c[i].type,
			   &(struct verdict){.score = c[i].score});
	out->count = 0;
	out->scratch = s;
	settle(s, sizeof(text), finds_sink, out);
	return out->count;
}

static void
one_winner_a_stretch_the_higher_then_the_longer_then_the_earlier(void **state)
{
	static const struct {
		struct claim claims[4];
		size_t n, sent;
		size_t winner; /* offset of the first that is sent */
	} cases[] = {
	    {{{10, 20, 60, 0}, {15, 30, 70, 1}}, 2, 1, 15},
	    {{{15, 30, 70, 1}, {10, 20, 60, 0}}, 2, 1, 15},
	    {{{10, 20, 60, 0}, {15, 30, 60, 1}}, 2, 1, 15},
	    {{{10, 20, 60, 0}, {15, 25, 60, 1}}, 2, 1, 10},
	    {{{10, 20, 60, 0}, {20, 30, 90, 1}}, 2, 2, 10},
	    {{{10, 20, 60, 0}, {10, 20, 60, 0}}, 2, 1, 10},
	    {{{10, 20, 49, 0}}, 1, 0, 0},
	    {{{10, 20, 400, 0}}, 1, 1, 10},
	    /* of a long one only the first 256 bytes count */
	    {{{10, 500, 90, 0}, {200, 210, 60, 1}, {300, 310, 60, 1}},
	     3,
	     2,
	     10},
	};
	struct finds *f = calloc(1, sizeof(*f));
	struct eye *e = eye_open("*", 0);

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = settled(e, cases[i].claims, cases[i].n, f);

		if (n != cases[i].sent)
			fail_msg("case %zu: %zu", i, n);
		if (n > 0)
			assert_int_equal(f->list[0].offset, cases[i].winner);
	}
	free(f);
	eye_close(e);
}

static void
claims_are_sent_in_order_however_they_came(void **state)
{
	struct finds *f = calloc(1, sizeof(*f));
	struct eye *e = eye_open("*", 0);
	struct claim c[50];
	uint64_t rng = 4;

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < 50; i++)
		c[i] = (struct claim){i * 10, i * 10 + 5, 60, 0};
	for (unsigned round = 0; round < 50; round++) {
		for (size_t i = 50; i-- > 1;) {
			size_t k = dice(&rng) % (i + 1);
			struct claim x = c[i];

			c[i] = c[k];
			c[k] = x;
		}
		assert_int_equal(settled(e, c, 50, f), 50);
		for (size_t i = 0; i < 50; i++)
			assert_int_equal(f->list[i].offset, i * 10);
	}
	free(f);
	eye_close(e);
}

static void
a_word_of_all_countries_names_none_of_them_first(void **state)
{
	static const struct {
		const char *text, *first, *also;
	} cases[] = {
	    {"passport: A61597755", "passport_generic", "us_passport"},
	    {"US passport: A61597755", "us_passport", "passport_generic"},
	    {"Reisepass: C01X00T47", "de_passport", ""},
	    {"driving licence D4827193", "drivers_license_generic",
	     "us_drivers_license"},
	    {"Identification number: 110101195008049088", "cn_ric", ""},
	    {"Numer identyfikacyjny 61061406574", "pl_pesel", ""},
	    {"numero de identidad 038068540", "il_idnr", ""},
	};
	struct eye *e = eye_open("*", 50);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		assert_int_equal(f->count, 1);
		assert_string_equal(f->list[0].type, cases[i].first);
		if (cases[i].also[0] != 0)
			assert_true(finds_also(&f->list[0], cases[i].also));
	}
	eye_close(e);
}

/* A card is told, even where a number of a person outdoes it. */
static void
a_card_that_is_outdone_by_no_card_is_named(void **state)
{
	struct eye *e = eye_open("*", 50);
	const struct finds *f = eye_look_str(e, "88,4403232172744,foo");

	(void)state;
	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].type, "kr_rrn");
	assert_true(finds_also(&f->list[0], "card_visa"));
	f = eye_look_str(e, "visa 4556 8245 9151 0220");
	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].also, "");
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_card_that_is_outdone_by_no_card_is_named),
	    cmocka_unit_test(
		one_winner_a_stretch_the_higher_then_the_longer_then_the_earlier),
	    cmocka_unit_test(claims_are_sent_in_order_however_they_came),
	    cmocka_unit_test(a_word_of_all_countries_names_none_of_them_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
