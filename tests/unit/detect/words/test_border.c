#include "unit/detect/finds.h"

#include "detect/words/border.h"

/* Bytes of characters, whole and cut, large and small. */
static const char some[] = "aZ1\xc2\xb0\xba\xc3\xa9\x89\x9f\xce\x91\xb1\xd0\x98"
			   "\xb8\xd1\x96\xe2\x84\x96\xe3\x81\xaf\xf0\x9f";

static uint64_t
high_bits(const uint8_t *p, bool high)
{
	uint64_t out = 0;

	for (unsigned b = 0; b < 64; b++)
		out |= (uint64_t)(high ? p[b] >= 0x80
				       : (uint8_t)((p[b] | 32) - 'a') < 26)
		       << b;
	return out;
}

static void
masks_tell_borders_as_bytes_do(void **state)
{
	uint64_t rng = 7, count = 0;
	uint8_t text[200];
	struct span t = span_of(text, sizeof(text));

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		size_t from = dice(&rng) % (sizeof(text) - 63);
		uint64_t ascii, high, got;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] =
			    (uint8_t)some[dice(&rng) % (sizeof(some) - 1)];
		ascii = high_bits(text + from, false);
		high = high_bits(text + from, true);
		got = border_masks(t, from, ascii, high);
		for (size_t b = 0; b < 64; b++) {
			size_t i = from + b;
			uint8_t c = text[i];
			bool joined = i > 0 && c != '1' && text[i - 1] != '1';
			bool want = joined && border_at(t, i);

			count += want;
			if (joined)
				assert_int_equal(got >> b & 1, want);
		}
	}
	assert_true(count > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(masks_tell_borders_as_bytes_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
