#include "unit/detect/finds.h"

/* Made-up: their last bits are right. */
#define TWELVE                                                                 \
	"junk bicycle lady dragon humor drama talk fun "                       \
	"video foil frown online"
#define TWENTY_FOUR                                                            \
	"shove decorate begin clinic path shaft slam swap "                    \
	"slab boss conduct giraffe cattle wrong safe orbit "                   \
	"onion sail hollow path hello also diary kick"
#define SWAPPED                                                                \
	"junk bicycle lady humor dragon drama talk fun "                       \
	"video foil frown online"

static void
words_of_the_list_with_the_right_last_bits_are_a_seed(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {TWELVE, TWELVE},
	    {"x\n" TWELVE "\ny", TWELVE},
	    {"seed: " TWELVE ".", TWELVE},
	    {"{\"seed\":\"" TWENTY_FOUR "\"}", TWENTY_FOUR},
	    /* what follows is not swallowed */
	    {TWELVE " are the words", TWELVE},
	    {SWAPPED, NULL},
	    {"x" TWELVE, NULL},
	    {TWELVE "s", NULL},
	    {"it is " TWELVE, TWELVE}, /* words before it */
	};
	struct eye *e = eye_open("bip39_seed", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);
		size_t n = f->count == 0 ? 0 : f->list[0].length;

		if (f->count != (cases[i].want != NULL))
			fail_msg("%s has %zu", cases[i].text, f->count);
		assert_int_equal(
		    n, cases[i].want == NULL ? 0 : strlen(cases[i].want));
	}
	eye_close(e);
}

static void
a_seed_is_found_wherever_it_lies_in_a_tile(void **state)
{
	struct eye *e = eye_open("bip39_seed", 0);
	size_t room = 40000;
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	for (size_t at = 16384 - 130; at < 16384 + 130; at++) {
		const struct finds *f;

		memset(text, '.', room);
		memcpy(text + at, TWELVE, strlen(TWELVE));
		f = eye_look(e, (const uint8_t *)text, room);
		assert_int_equal(f->count, 1);
		assert_int_equal(f->list[0].offset, at);
	}
	free(text);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		words_of_the_list_with_the_right_last_bits_are_a_seed),
	    cmocka_unit_test(a_seed_is_found_wherever_it_lies_in_a_tile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
