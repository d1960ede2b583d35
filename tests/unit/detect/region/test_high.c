#include "unit/detect/finds.h"

#include "detect/region/high.h"

#define MARGIN 70
#define BYTES  3000

struct told {
	uint8_t in[BYTES];
	size_t regions, end, stop_after;
};

static bool
take(void *arg, size_t from, size_t to)
{
	struct told *t = arg;

	assert_true(from < to && to <= BYTES);
	assert_true(t->regions == 0 || from > t->end);
	memset(t->in + from, 1, to - from);
	t->end = to;
	return ++t->regions != t->stop_after;
}

/* Few of them, in a text that ends where it likes. */
static size_t
some_text(uint64_t *rng, uint8_t *out)
{
	size_t len = dice(rng) % (BYTES + 1);

	memset(out, 'a', len);
	for (size_t k = dice(rng) % 5; len > 0 && k > 0; k--)
		out[dice(rng) % len] = (uint8_t)(0x80 + dice(rng) % 128);
	return len;
}

static void
each_byte_beyond_ascii_is_told_with_its_margin(void **state)
{
	uint64_t rng = 41;
	size_t quiet = 0;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		struct told t = {.regions = 0};
		uint8_t text[BYTES];
		size_t n = some_text(&rng, text);

		assert_true(high_regions(span_of(text, n), MARGIN, take, &t));
		for (size_t i = 0; i < n; i++) {
			size_t from = i < MARGIN ? 0 : i - MARGIN;
			size_t to = n - i <= MARGIN ? n : i + MARGIN + 1;

			for (size_t k = from; text[i] >= 0x80 && k < to; k++)
				assert_true(t.in[k]);
			quiet += !t.in[i];
		}
	}
	assert_true(quiet > 1000000);
}

static void
text_of_ascii_has_no_regions(void **state)
{
	struct told t = {.regions = 0};
	uint8_t text[256];

	(void)state;
	memset(text, 0x7f, sizeof(text));
	for (size_t n = 0; n <= sizeof(text); n++)
		assert_true(high_regions(span_of(text, n), 1, take, &t));
	assert_int_equal(t.regions, 0);
}

static void
who_is_told_may_stop(void **state)
{
	struct told t = {.stop_after = 2};
	uint8_t text[BYTES] = {0};

	(void)state;
	for (size_t i = 100; i < sizeof(text); i += 1000)
		text[i] = 0xc3;
	assert_false(high_regions(span_of(text, sizeof(text)), 1, take, &t));
	assert_int_equal(t.regions, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_byte_beyond_ascii_is_told_with_its_margin),
	    cmocka_unit_test(text_of_ascii_has_no_regions),
	    cmocka_unit_test(who_is_told_may_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
