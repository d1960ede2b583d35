#include "unit/detect/finds.h"

#include "detect/catalogue/catalogue.h"
#include "detect/id/shape.h"
#include "detect/words/nearby.h"
#include "detect/words/reach.h"

/* The catalogue's own words: some wanted ones among those that are not. */
static const char *const pieces[] = {
    "passport",
    "passport no",
    "social security number",
    "tax id",
    "Steuer-ID",
    "steuernummer",
    "taxNumber",
    "usTAXNumber",
    "PHONEs",
    "phone",
    "call me",
    "s.s.n.",
    "national id",
    "the",
    "socialite",
    "security",
    "passports4",
    "x1",
    "\xe6\x8a\xa4\xe7\x85\xa7",
    "num\xc3\xa9ro",
    "\xe3\x81\xaf",
    "\xf0\x9f\x92\xb3",
    "\xe9",
    "\xe2\x84\x96",
    "n\xc2\xb0",
    "\xd0\x98\xd0\xbd\xd0\xbd",
    "\xd0\xb8\xd0\xbd\xd0\xbd",
    "\xd0\xbf\xd0\xb0\xd1\x81\xd0\xbf\xd0\xbe\xd1\x80\xd1\x82",
    "Passport",
    "\xe2",
    "\x96",
    "aB",
    "\n",
    ": ",
    "   ",
    "=",
    "12",
    "123456789",
    "2026-11-22",
    "4",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
};

struct world {
	struct catalogue *cat;
	struct arena arena;
	const struct reach *reach[TILE_AVX512 + 1]; /* as far as it can */
	enum tile_level best;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char dir[4096];
	struct buf why;

	assert_non_null(w);
	buf_init(&why, 4096);
	assert_int_equal(catalogue_folder(dir, sizeof(dir), &why), ST_OK);
	assert_int_equal(catalogue_open(dir, &w->cat, &why), ST_OK);
	for (size_t i = 0; i < w->cat->count; i++)
		w->cat->types[i]->active = true;
	arena_init(&w->arena, (size_t)1 << 24);
	w->best = tile_level_best();
	for (unsigned l = 0; l <= (unsigned)w->best; l++)
		assert_int_equal(reach_build(w->cat, (enum tile_level)l,
					     &w->arena, &w->reach[l]),
				 ST_OK);
	buf_fini(&why);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	catalogue_close(w->cat);
	arena_fini(&w->arena);
	free(w);
	return 0;
}

static size_t
some_text(uint64_t *rng, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (unsigned i = 0; i < 60; i++) {
		const char *p =
		    pieces[dice(rng) % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t len = strlen(p);

		if (n + len + 1 > room)
			break;
		memcpy(out + n, p, len);
		n += len;
		if (dice(rng) % 2 == 0)
			out[n++] = ' ';
	}
	return n;
}

static bool
bit(const uint64_t *mask, size_t i)
{
	return (mask[i / 64] >> (i % 64) & 1) != 0;
}

static bool
has_digit(struct span t, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (t.ptr[i] >= '0' && t.ptr[i] <= '9')
			return true;
	return false;
}

static bool
wanted_near(const struct world *w, struct span t, size_t start, size_t end)
{
	struct word_stream stream;
	struct nearby near;

	nearby_begin(&stream, TILE_SCALAR);
	nearby_find(&w->cat->words, &stream, t, start, end, &near);
	for (size_t i = 0; i < near.count; i++)
		if (reach_wants(w->reach[0], near.id[i]))
			return true;
	return false;
}

/* The exact copy of a text, so that a byte too far is seen by sanitizers. */
static uint8_t *
copy_of(const uint8_t *text, size_t len)
{
	uint8_t *p = malloc(len + (len == 0));

	assert_non_null(p);
	memcpy(p, text, len);
	return p;
}

/* All that may begin before a digit, as far as a shape is long. */
static void
before_digits(const uint64_t *digit, size_t words, uint64_t *out)
{
	for (size_t w = 0; w < words; w++)
		out[w] = digit[w] | (w + 1 < words ? digit[w + 1] : 0);
}

static void
what_is_out_of_reach_has_no_wanted_word_near(void **state)
{
	const struct world *w = *state;
	uint64_t rng = 4, asks[TILE_WORDS], out[TILE_WORDS];
	struct tile_masks m;
	uint8_t text[4096];
	size_t in = 0, beyond = 0;

	for (unsigned round = 0; round < 300; round++) {
		size_t n = some_text(&rng, text, sizeof(text));
		size_t at = dice(&rng) % (n / 2 + 1);
		size_t words = (n - at + 63) / 64 + 3;
		uint8_t *copy = copy_of(text, n);
		struct span t = span_of(copy, n);

		tile_masks(w->best, t, at, words, &m);
		before_digits(m.digit, words, asks);
		reach_tile(w->reach[w->best], &w->cat->words,
			   &(struct reach_tile){t, at, &m, asks, words}, out);
		for (size_t i = at; i < n; i++) {
			size_t end = i + 4 + dice(&rng) % (SHAPE_BYTES - 4);

			end = end < n ? end : n;
			if (bit(out, i - at + 64)) {
				in++;
				continue;
			}
			beyond++;
			if (has_digit(t, i, end))
				assert_false(wanted_near(w, t, i, end));
		}
		free(copy);
	}
	/* both are seen, or this says nothing */
	assert_true(in > 1000 && beyond > 1000);
}

static void
vectors_say_what_is_said_without_them(void **state)
{
	const struct world *w = *state;
	uint64_t rng = 5, slow[TILE_WORDS], fast[TILE_WORDS];
	struct tile_masks m;
	uint8_t text[4096];

	for (unsigned round = 0; round < 2000; round++) {
		size_t n = some_text(&rng, text, sizeof(text));
		size_t at = dice(&rng) % (n + 1);
		size_t words = (n - at + 63) / 64 + 3;
		uint8_t *copy = copy_of(text, n);
		struct span t = span_of(copy, n);

		tile_masks(w->best, t, at, words, &m);
		reach_tile(w->reach[0], &w->cat->words,
			   &(struct reach_tile){t, at, &m, m.digit, words},
			   slow);
		for (unsigned l = 1; l <= (unsigned)w->best; l++) {
			reach_tile(
			    w->reach[l], &w->cat->words,
			    &(struct reach_tile){t, at, &m, m.digit, words},
			    fast);
			assert_memory_equal(slow, fast,
					    words * sizeof(slow[0]));
		}
		free(copy);
	}
}

static void
words_near_which_nothing_asks_are_passed_over(void **state)
{
	const struct world *w = *state;
	static const char text[] = "passport number of the bearer, and no more";
	struct span t = span_of((const uint8_t *)text, sizeof(text) - 1);
	uint64_t out[TILE_WORDS];
	struct tile_masks m;

	tile_masks(w->best, t, 0, 4, &m);
	reach_tile(w->reach[w->best], &w->cat->words,
		   &(struct reach_tile){t, 0, &m, m.digit, 4}, out);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(out[i], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_out_of_reach_has_no_wanted_word_near),
	    cmocka_unit_test(vectors_say_what_is_said_without_them),
	    cmocka_unit_test(words_near_which_nothing_asks_are_passed_over),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
