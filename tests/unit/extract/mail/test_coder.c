#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "extract/mail/coder.h"

#define MOST 4096

static size_t
put(const uint8_t *p, size_t len, size_t step, enum coding coding, bool word,
    uint8_t *dst)
{
	struct coder c = {.coding = coding, .word = word};
	size_t n = 0;
	bool cut;

	for (size_t at = 0; at < len; at += step)
		n += coder_put(
		    &c, span_of(p + at, step < len - at ? step : len - at),
		    dst + n);
	return n + coder_end(&c, dst + n, &cut);
}

static void
each_coding_gives_what_was_written(void **state)
{
	static const struct {
		enum coding coding;
		const char *text, *want;
	} cases[] = {
	    {CODING_BASE64, "NDExMQ==", "4111"},
	    {CODING_BASE64, "N\r\nDE!xM\nQ==MjIyMg==", "41112222"},
	    {CODING_BASE64, "NDExM", "411"},
	    {CODING_QUOTED, "a=3Db =\r\nc=", "a=b c="},
	    {CODING_QUOTED, "=4x=zz", "=4x=zz"},
	    {CODING_NONE, "a=3D", "a=3D"},
	};
	uint8_t out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n =
		    put((const uint8_t *)cases[i].text, strlen(cases[i].text),
			64, cases[i].coding, false, out);

		assert_int_equal(n, strlen(cases[i].want));
		assert_memory_equal(out, cases[i].want, n);
	}
}

/* However it is cut, and however little of it is of the encoding. */
static void
pieces_give_the_same_as_the_whole(void **state)
{
	static const char letters[] = "QUJD0123+/-_abz=\r\n !\x80";
	static const enum coding codings[] = {CODING_BASE64, CODING_QUOTED,
					      CODING_YENC, CODING_NONE};
	uint8_t text[MOST], whole[MOST + 4], pieces[2 * MOST];
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 64; round++) {
		/* the first rounds are nearly all digits */
		for (size_t i = 0; i < MOST; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = (uint8_t)
			    letters[(seed >> 16) %
				    (seed >> 28 < round / 4 ? 22 : 15)];
		}
		for (size_t k = 0; k < 4; k++) {
			bool word = round % 2 == 1;
			size_t n =
			    put(text, MOST, MOST, codings[k], word, whole);
			size_t step = 1 + round % 7;

			assert_int_equal(
			    n, put(text, MOST, step, codings[k], word, pieces));
			assert_memory_equal(whole, pieces, n);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_coding_gives_what_was_written),
	    cmocka_unit_test(pieces_give_the_same_as_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
