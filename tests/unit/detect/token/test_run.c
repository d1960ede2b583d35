#include "unit/detect/finds.h"

static void
what_a_run_begins_with_and_its_checks_say_what_it_is(void **state)
{
	static const struct {
		const char *text, *type;
	} cases[] = {
	    {"bc1qgvsvgdy4dpedwtygd09cltskvcpdy8xp974qhk", "bitcoin_address"},
	    {"pay 1Ng6bN42ZBeuCge1P4BQvhGKMTDnc8jYPF.", "bitcoin_address"},
	    {"bitcoin:"
	     "bc1pldrsc7we8yqnuet84yzz53qg90lxt4ered3z7jjcz5dc5nyfzylqvfkg4r?"
	     "amount=1",
	     "bitcoin_address"},
	    {"/address/1Ng6bN42ZBeuCge1P4BQvhGKMTDnc8jYPF/", "bitcoin_address"},
	    {"49SveqkiuegAVPfsw8PG3KV6quW5kY5CuUo8vQ4xYY5QdoE7VMrG3uzbQz8QgFPEZ"
	     "C5EtPXWCvvgw6LUJ8FAigPa9CvjpDa",
	     "monero_address"},
	    {"(rP7CC2pfjAmY1zsZZ1vByGfmyzYm42fZzh)", "ripple_address"},
	    {"to=TDvJ1vc6Rq5J2WrXfb8B6ja5aEz4SNTDYz", "tron_address"},
	    /* one wrong, or more beside it */
	    {"1Ng6bN42ZBeuCge1PqBQvhGKMTDnc8jYPF", NULL},
	    {"bc1qgvsvgdq4dpedwtygd09cltskvcpdy8xp974qhk", NULL},
	    {"x1Ng6bN42ZBeuCge1P4BQvhGKMTDnc8jYPF", NULL},
	    {"1Ng6bN42ZBeuCge1P4BQvhGKMTDnc8jYPF7", NULL},
	    {"_1Ng6bN42ZBeuCge1P4BQvhGKMTDnc8jYPF", NULL},
	};
	struct eye *e = eye_open("*_address", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != (cases[i].type != NULL))
			fail_msg("%s has %zu", cases[i].text, f->count);
		if (cases[i].type != NULL)
			assert_string_equal(f->list[0].type, cases[i].type);
	}
	eye_close(e);
}

/* The case of its letters is part of it. */
static void
the_value_is_the_run_as_it_stands(void **state)
{
	static const char text[] =
	    "btc bc1qgvsvgdy4dpedwtygd09cltskvcpdy8xp974qhk";
	struct eye *e = eye_open("bitcoin_address", 0);
	const struct finds *f = eye_look_str(e, text);

	(void)state;
	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].value, text + 4);
	eye_close(e);
}

static void
a_run_is_found_wherever_it_lies_in_a_tile(void **state)
{
	static const char run[] = "bc1qgvsvgdy4dpedwtygd09cltskvcpdy8xp974qhk";
	size_t room = 40000, n = sizeof(run) - 1;
	struct eye *e = eye_open("bitcoin_address", 0);
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	for (size_t at = 16384 - 130; at < 16384 + 130; at += 3) {
		const struct finds *f;

		memset(text, ' ', room);
		memcpy(text + at, run, n);
		f = eye_look(e, (const uint8_t *)text, room);
		assert_int_equal(f->count, 1);
		assert_int_equal(f->list[0].offset, at);
	}
	free(text);
	eye_close(e);
}

static void
a_head_and_a_length_must_be_given(void **state)
{
	struct eye *e = eye_open("solana_address", 10);

	(void)state;
	/* 128 letters and digits at most: longer ones are no value */
	for (size_t n = 20; n < 200; n++) {
		char text[201];

		for (size_t i = 0; i < n; i++)
			text[i] = "3Fg7kL9mPq2RsTuVwXyZ8aBcDeH5jN"[i % 30];
		text[n] = 0;
		assert_int_equal(eye_look_str(e, text)->count,
				 n == 43 || n == 44);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_a_run_begins_with_and_its_checks_say_what_it_is),
	    cmocka_unit_test(the_value_is_the_run_as_it_stands),
	    cmocka_unit_test(a_run_is_found_wherever_it_lies_in_a_tile),
	    cmocka_unit_test(a_head_and_a_length_must_be_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
