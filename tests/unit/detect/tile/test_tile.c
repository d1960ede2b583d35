#include "unit/detect/finds.h"

#include "detect/tile/tile.h"

static uint8_t
some_byte(uint64_t *rng)
{
	static const char likely[] = "0123456789 -.@+(AZaz/:`[{\x7f\x80\xff";

	return dice(rng) % 4 == 0
		   ? (uint8_t)dice(rng)
		   : (uint8_t)likely[dice(rng) % (sizeof(likely) - 1)];
}

static bool
bit(const uint64_t *mask, size_t i)
{
	return (mask[i / 64] >> (i % 64) & 1) != 0;
}

/* What the masks must say of the byte at text[i], 0 beyond the text. */
static void
check_byte(const struct tile_masks *m, size_t i, uint8_t c)
{
	assert_int_equal(bit(m->digit, i), c >= '0' && c <= '9');
	assert_int_equal(bit(m->lower, i), c >= 'a' && c <= 'z');
	assert_int_equal(bit(m->sep, i), c != 0 && strchr(" -./:+", c) != NULL);
	assert_int_equal(bit(m->word, i), bit(m->digit, i) ||
					      bit(m->upper, i) ||
					      bit(m->lower, i));
	assert_int_equal(bit(m->escape, i), c == '\\' || c == '%');
	assert_int_equal(bit(m->upper, i), c >= 'A' && c <= 'Z');
	assert_int_equal(bit(m->at, i), c == '@');
	assert_int_equal(bit(m->open, i), c == '+' || c == '(');
	assert_int_equal(bit(m->close, i), c == ')');
	assert_int_equal(bit(m->colon, i), c == ':');
	assert_int_equal(bit(m->dot, i), c == '.');
	assert_int_equal(bit(m->zero, i), c == '0');
	assert_int_equal(bit(m->high, i), c >= 0x80);
}

static void
each_level_marks_each_byte_wherever_the_tile_begins(void **state)
{
	enum tile_level best = tile_level_best();
	uint64_t rng = 99;

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		size_t len = dice(&rng) % 600, at = dice(&rng) % (len + 1);
		size_t words = 1 + dice(&rng) % 12;
		uint8_t *text = malloc(len + (len == 0));

		assert_non_null(text);
		for (size_t i = 0; i < len; i++)
			text[i] = some_byte(&rng);
		for (unsigned l = 0; l <= (unsigned)best; l++) {
			struct tile_masks m;

			tile_masks((enum tile_level)l, span_of(text, len), at,
				   words, &m);
			for (size_t i = 0; i < words * 64; i++) {
				size_t p = at + i;

				check_byte(
				    &m, i,
				    p < 64 || p - 64 >= len ? 0 : text[p - 64]);
			}
		}
		free(text);
	}
}

static void
letters_capitals_and_line_ends_are_told_apart(void **state)
{
	enum tile_level best = tile_level_best();
	uint8_t text[64];
	struct tile_words w;

	(void)state;
	for (unsigned base = 0; base < 256; base += 64) {
		for (unsigned i = 0; i < 64; i++)
			text[i] = (uint8_t)(base + i);
		for (unsigned k = 0; k < 64 * 4; k++) {
			unsigned i = k % 64;
			unsigned c = base + i;
			bool small = c >= 'a' && c <= 'z';
			bool large = c >= 'A' && c <= 'Z';

			if (k / 64 > (unsigned)best)
				break;
			tile_words((enum tile_level)(k / 64),
				   span_of(text, sizeof(text)), sizeof(text),
				   &w);
			assert_int_equal(bit(&w.letters, i),
					 small || large || c >= 0x80);
			assert_int_equal(bit(&w.upper, i), large);
			assert_int_equal(bit(&w.small, i), small);
			assert_int_equal(bit(&w.lines, i),
					 c == '\n' || c == '\r');
			assert_int_equal(bit(&w.joins, i),
					 (c >= '0' && c <= '9') || c == '_' ||
					     c == '-' || c == '.' || c == ' ');
		}
	}
	memset(text, 'a', sizeof(text));
	tile_words(best, span_of(text, 3), 3, &w);
	assert_int_equal(w.letters, 7);
	/* what lies behind may be read, and counts as little */
	tile_words(best, span_of(text, 3), sizeof(text), &w);
	assert_int_equal(w.letters, 7);
	assert_int_equal(w.small, 7);
}

static void
the_environment_can_only_lower_the_level(void **state)
{
	enum tile_level best;

	(void)state;
	assert_int_equal(unsetenv("TRAWL_SIMD"), 0);
	best = tile_level_best();
	assert_int_equal(setenv("TRAWL_SIMD", "scalar", 1), 0);
	assert_int_equal(tile_level_best(), TILE_SCALAR);
	assert_int_equal(setenv("TRAWL_SIMD", "nonsense", 1), 0);
	assert_int_equal(tile_level_best(), best);
	assert_int_equal(unsetenv("TRAWL_SIMD"), 0);
	assert_string_equal(tile_level_name(TILE_AVX2), "avx2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		each_level_marks_each_byte_wherever_the_tile_begins),
	    cmocka_unit_test(letters_capitals_and_line_ends_are_told_apart),
	    cmocka_unit_test(the_environment_can_only_lower_the_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
