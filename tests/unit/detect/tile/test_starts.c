#include "unit/detect/finds.h"

#include "detect/id/shape.h"
#include "detect/tile/starts.h"
#include "detect/token/run.h"

/*
 * What each kind wants is said here once more, byte by byte, and the masks of
 * every level must agree with it wherever a tile begins and a text ends.
 */
struct place {
	struct span text;
	size_t at;
};

/* The byte n behind it, before it when n < 0; 0 beyond the text. */
static uint8_t
by(struct place p, ptrdiff_t n)
{
	ptrdiff_t i = (ptrdiff_t)p.at + n;

	return i < 0 || i >= (ptrdiff_t)p.text.len ? 0 : p.text.ptr[i];
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
small(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool
large(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
word(uint8_t c)
{
	return digit(c) || small(c) || large(c);
}

/* Bytes n to n + count - 1 are of words, and none beside them. */
static bool
group(struct place p, ptrdiff_t n, ptrdiff_t count)
{
	for (ptrdiff_t i = n; i < n + count; i++)
		if (!word(by(p, i)))
			return false;
	return !word(by(p, n + count));
}

static bool
first_of_word(struct place p)
{
	return word(by(p, 0)) && !word(by(p, -1));
}

static bool
joined(struct place p, ptrdiff_t n)
{
	return digit(by(p, n)) || (shape_sep(by(p, n)) != 0 &&
				   digit(by(p, n - 1)) && digit(by(p, n + 1)));
}

static bool
sifted(struct place p, const struct start_sift *s)
{
	ptrdiff_t n = 0;
	bool sep;

	if (!digit(by(p, 0)))
		return true;
	while (n < 16 && joined(p, n))
		n++;
	if (n >= (ptrdiff_t)s->digit_run)
		return true;
	sep = shape_sep(by(p, n)) != 0;
	return s->letters_behind &&
	       (small(by(p, n + sep)) || large(by(p, n + sep)));
}

static bool
is_id(struct place p, const struct start_sift *s)
{
	ptrdiff_t n = 0;
	bool near, escaped;

	while (n < SHAPE_LEAD - 1 && !digit(by(p, n)) &&
	       (word(by(p, n)) || (shape_sep(by(p, n)) != 0 &&
				   word(by(p, n - 1)) && word(by(p, n + 1)))))
		n++;
	near = digit(by(p, n));
	escaped = digit(by(p, 0)) && (by(p, -2) == '\\' || by(p, -2) == '%');
	return near && (first_of_word(p) || escaped) && sifted(p, s);
}

static bool
is_iban(struct place p)
{
	bool two = large(by(p, 0)) && large(by(p, 1));

	two |= small(by(p, 0)) && small(by(p, 1)) && !word(by(p, -1));
	return two && digit(by(p, 2)) && digit(by(p, 3));
}

/* A letter of a word of three to eight, or the one byte between two words. */
static bool
of_seed(struct place p, ptrdiff_t i)
{
	bool begins = word(by(p, i)) && !word(by(p, i - 1));

	if (begins && !(word(by(p, i + 1)) && word(by(p, i + 2))))
		return false;
	for (ptrdiff_t n = 0; n < 9; n++)
		if (!word(by(p, i + n)))
			return small(by(p, i)) ||
			       (n == 0 && word(by(p, i - 1)) &&
				word(by(p, i + 1)));
	return false;
}

static bool
is_seed(struct place p)
{
	if (!first_of_word(p))
		return false;
	for (ptrdiff_t i = 0; i < 47; i++)
		if (!of_seed(p, i))
			return false;
	return true;
}

/* A group is before it, and what joins groups. */
static bool
goes_on(struct place p)
{
	uint8_t b = by(p, -1);

	return shape_sep(b) != 0 && b != ':' && digit(by(p, -2));
}

/* Digits and what joins them, for long enough. */
static bool
is_local(struct place p)
{
	for (ptrdiff_t i = 0; i < START_LOCAL_BYTES; i++) {
		uint8_t c = by(p, i);

		if (c == 0 || strchr("0123456789 -./+()", c) == NULL)
			return false;
	}
	return digit(by(p, 0)) && first_of_word(p) && !goes_on(p);
}

/* Digits and dots, four groups of them; the last may go on. */
static bool
is_quad(struct place p)
{
	if (!digit(by(p, 0)) || digit(by(p, -1)))
		return false;
	for (unsigned k = 0; k < 3; k++) {
		size_t n = 0;

		while (n < 4 && digit(by(p, (ptrdiff_t)n)))
			n++;
		if (n == 0 || n > 3 || by(p, (ptrdiff_t)n) != '.')
			return false;
		p.at += n + 1;
	}
	return digit(by(p, 0));
}

/* Two colons come, or four of them with groups of up to four between. */
static bool
is_colon(struct place p)
{
	for (unsigned k = 1; by(p, 0) == ':'; k++) {
		size_t n = 1;

		if (k == 4 || by(p, 1) == ':')
			return true;
		while (n < 5 && word(by(p, (ptrdiff_t)n)))
			n++;
		p.at += n;
	}
	return false;
}

static bool
is_start(struct place p, enum start_kind k, const struct start_plan *plan)
{
	uint8_t c = by(p, 0);
	ptrdiff_t run = 0;
	bool first = first_of_word(p);

	switch (k) {
	case START_ID:
		return is_id(p, &plan->ids);
	case START_STRONG:
		return is_id(p, &plan->strong);
	case START_IBAN:
		return is_iban(p);
	case START_EMAIL:
		return c == '@' && by(p, -1) != '@' && by(p, 1) != '@';
	case START_PHONE:
		return (c == '+' || c == '(') && digit(by(p, 1));
	case START_LOCAL:
		return is_local(p);
	case START_SHORT:
		while (run < 4 && digit(by(p, run)))
			run++;
		return is_local(p) && (c == '0' || run == 1 || run == 3);
	case START_SEED:
		return is_seed(p);
	case START_RUN:
		while (run < RUN_LEAST && word(by(p, run)))
			run++;
		return first && run == RUN_LEAST;
	case START_QUAD:
		return is_quad(p);
	case START_COLON:
		return is_colon(p);
	case START_PAIRS:
		for (; run < 15 && group(p, run, 2);)
			run += 3;
		return first && run == 15 && word(by(p, 15)) && word(by(p, 16));
	case START_FOURS:
		for (; run < 10 && group(p, run, 4);)
			run += 5;
		return first && run == 10 && word(by(p, 10)) &&
		       word(by(p, 11)) && word(by(p, 12)) && word(by(p, 13));
	case START_KINDS:
	default:
		return false;
	}
}

/* Pieces of what the kinds look for, and noise. */
static void
write_text(uint64_t *rng, uint8_t *out, size_t n)
{
	static const char *const pieces[] = {
	    "2026-09-10 ",
	    "4111 1111 1111 1111",
	    "DE89370400",
	    "a@b.de",
	    "@@",
	    "(212) 555-0123",
	    "+44 20",
	    "\\n4111",
	    "%B4111",
	    "10.20.30.40",
	    "fe80::1",
	    "2001:db8:1:2:3:4:5:6",
	    "01:18:21,916",
	    "aa:bb:cc:dd",
	    "aabb.ccdd.eeff",
	    "abandon ability ",
	    "able about ",
	    "above absent ",
	    "4802X7591",
	    "123-45-6789",
	    "00:1b:63:84:11:af",
	    "12.5",
	    "abcdefghij",
	    "0123456789",
	    "1/22",
	    "8 (912) 345-67-89",
	    "030) 12 3",
	    "0612345678",
	    "1.2.3.4",
	    "cat abandon ability able about above absent absorb ab",
	    "bc1qar0srrr7xfkvy5l643lyd",
	    "by all that may be ",
	    "ABCDEF12",
	};
	static const char noise[] = "0189azAZ -./:+@()\\%_,\n\x80";
	size_t i = 0;

	while (i < n) {
		const char *s =
		    pieces[dice(rng) % (sizeof(pieces) / sizeof(pieces[0]))];

		if (dice(rng) % 3 == 0)
			out[i++] =
			    (uint8_t)noise[dice(rng) % (sizeof(noise) - 1)];
		else
			for (; *s != 0 && i < n; s++)
				out[i++] = (uint8_t)*s;
	}
}

struct tile {
	struct tile_masks masks;
	struct tile_starts starts;
};

static bool
bit(const uint64_t *mask, size_t i)
{
	return (mask[i / 64] >> (i % 64) & 1) != 0;
}

static void
check_starts(const struct tile *t, struct place p, size_t i,
	     const struct start_plan *plan, unsigned counts[START_KINDS])
{
	bool rare = false;

	for (unsigned k = 0; k < START_KINDS; k++) {
		bool is = bit(t->starts.of[k], i);
		bool ought = (plan->kinds >> k & 1) != 0 && p.at < p.text.len &&
			     is_start(p, (enum start_kind)k, plan);

		if (is != ought)
			fail_msg("kind %u at %zu of %zu is %d", k, p.at,
				 p.text.len, is);
		counts[k] += is;
		rare |= is && k >= START_RARE;
	}
	if (rare)
		assert_int_not_equal(t->starts.rare[i / 64], 0);
}

static struct start_sift
some_sift(uint64_t *rng)
{
	unsigned run = 1 + (unsigned)dice(rng) % 16;

	return (struct start_sift){run, dice(rng) % 2 == 0};
}

static void
each_level_tells_each_kind_wherever_the_tile_begins(void **state)
{
	enum tile_level best = tile_level_best();
	struct tile *t = calloc(1, sizeof(*t));
	unsigned counts[START_KINDS] = {0};
	uint64_t rng = 20261122;

	(void)state;
	assert_non_null(t);
	for (unsigned round = 0; round < 400; round++) {
		size_t len = dice(&rng) % 1500, at = dice(&rng) % (len + 1);
		size_t words = 1 + dice(&rng) % 17;
		unsigned all = (1U << START_KINDS) - 1;
		struct start_plan plan = {
		    .kinds = round % 4 == 0 ? (unsigned)dice(&rng) & all : all,
		    .ids = some_sift(&rng),
		    .strong = some_sift(&rng)};
		uint8_t *text = malloc(len + (len == 0));

		assert_non_null(text);
		write_text(&rng, text, len);
		for (unsigned l = 0; l <= (unsigned)best; l++) {
			tile_masks((enum tile_level)l, span_of(text, len), at,
				   words + 3, &t->masks);
			tile_starts((enum tile_level)l, &t->masks, words, &plan,
				    &t->starts);
			for (size_t i = 64; i < (words + 1) * 64; i++)
				check_starts(t,
					     (struct place){span_of(text, len),
							    at + i - 64},
					     i, &plan, counts);
		}
		free(text);
	}
	for (unsigned k = 0; k < START_KINDS; k++)
		assert_in_range(counts[k], 50, 1000000);
	free(t);
}

static void
a_whole_tile_is_told_to_its_last_byte(void **state)
{
	enum tile_level best = tile_level_best();
	struct tile *t = calloc(1, sizeof(*t));
	uint8_t *text = malloc(TILE_BYTES + 20);
	struct start_plan plan = {.kinds = (1U << START_KINDS) - 1,
				  .ids = {.digit_run = 6},
				  .strong = {.digit_run = 6}};

	(void)state;
	assert_non_null(t);
	assert_non_null(text);
	memset(text, ' ', TILE_BYTES + 20);
	memcpy(text + TILE_BYTES - 1, "123456", 6);
	for (unsigned l = 0; l <= (unsigned)best; l++) {
		tile_masks((enum tile_level)l, span_of(text, TILE_BYTES + 20),
			   0, TILE_WORDS, &t->masks);
		tile_starts((enum tile_level)l, &t->masks, TILE_BYTES / 64,
			    &plan, &t->starts);
		assert_true(t->starts.of[START_ID][TILE_BYTES / 64] ==
			    UINT64_C(1) << 63);
	}
	free(text);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		each_level_tells_each_kind_wherever_the_tile_begins),
	    cmocka_unit_test(a_whole_tile_is_told_to_its_last_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
