#include "tests/unit/extract/collect.h"

#include "extract/spot.h"

static bool
in_run(uint8_t c)
{
	return c != 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
				"uvwxyz0123456789+/-_",
				c) != NULL;
}

/* Zeros at every other byte of five, or behind two others three. */
static bool
wide_in(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t two = 1, four = 0;

		while (two < 5 && i + two < s.len &&
		       (s.ptr[i + two] == 0) != (s.ptr[i + two - 1] == 0))
			two++;
		while (four < 8 && i + four < s.len &&
		       (s.ptr[i + four] == 0) == (four % 4 != 0))
			four++;
		if (two == 5 || four == 8)
			return true;
	}
	return false;
}

/* The same by looking at each byte. */
static unsigned
kinds_at(struct span s, size_t block)
{
	size_t end = block + SPOT_BLOCK < s.len ? block + SPOT_BLOCK : s.len;
	uint8_t padded[SPOT_BLOCK]; /* the last block is filled up */
	size_t run = 0;
	unsigned kinds = 0;

	for (size_t i = block < 64 ? 0 : block - 64; i < end; i++) {
		uint8_t c = s.ptr[i];

		run = in_run(c) ? run + 1 : 0;
		if (i < block)
			continue;
		kinds |= c > 0x7f ? SPOT_HIGH : 0;
		kinds |= c == '%' || c == '=' ? SPOT_ESCAPE : 0;
		kinds |= run >= SPOT_RUN_MIN ? SPOT_RUN : 0;
	}
	memset(padded, ' ', sizeof(padded));
	memcpy(padded, s.ptr + block, end - block);
	return kinds |
	       (wide_in(span_of(padded, sizeof(padded))) ? SPOT_WIDE : 0);
}

/* A version may show a run of the block before again, never miss one. */
static void
compare(spot_next *next, struct span s, size_t from)
{
	struct spots spots;
	size_t at = from - from % SPOT_BLOCK;

	spot_begin(&spots, s, from);
	while (next(&spots))
		for (size_t i = 0; i < spots.n; i++) {
			for (; at < spots.found[i].at; at += SPOT_BLOCK)
				assert_int_equal(kinds_at(s, at), 0);
			assert_int_equal(at, spots.found[i].at);
			assert_int_equal(spots.found[i].kinds &
					     ~(unsigned)SPOT_RUN,
					 kinds_at(s, at) & ~(unsigned)SPOT_RUN);
			if (kinds_at(s, at) & SPOT_RUN)
				assert_true(spots.found[i].kinds & SPOT_RUN);
			at += SPOT_BLOCK;
		}
	for (; at < s.len; at += SPOT_BLOCK)
		assert_int_equal(kinds_at(s, at), 0);
}

static void
every_version_finds_what_a_look_at_each_byte_finds(void **state)
{
	static const char most[] = "the quick brown fox, 12.50 (of 8) \"x\":1 ";
	static uint8_t text[20000];
	uint32_t seed = 11;

	(void)state;
	for (unsigned round = 0; round < 14; round++) {
		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = (uint8_t)most[(seed >> 20) % 40];
			if (seed >> 22 < round / 4)
				text[i] = (uint8_t)(seed >> 13);
		}
		for (size_t i = 0; round > 1 && i < 60; i++) {
			seed = seed * 1664525u + 1013904223u;
			memset(text + (seed >> 18), "aZ9_/+-"[i % 7],
			       15 + i % 20);
		}
		for (size_t i = 0; round > 5 && i < 4000; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[seed % sizeof(text)] = 0;
		}
		for (size_t i = 0; round > 8 && i < 2000; i++)
			text[500 + i * (2 + 2 * (round & 1))] = 0;
		for (unsigned v = 0; spot_version(v) != NULL; v++)
			for (size_t n = 0; n < 5; n++)
				compare(spot_version(v),
					span_of(text + n, 19000 + 37 * n),
					n * 1000);
	}
}

static void
short_and_empty_texts_have_an_end(void **state)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%";

	(void)state;
	for (unsigned v = 0; spot_version(v) != NULL; v++)
		for (size_t n = 0; n < sizeof(text); n++)
			compare(spot_version(v), span_of(text, n), n / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_version_finds_what_a_look_at_each_byte_finds),
	    cmocka_unit_test(short_and_empty_texts_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
