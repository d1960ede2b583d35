#include "unit/detect/finds.h"
#include "unit/detect/rules.h"

/*
 * The engine of tokens against a plain reading of the same rule, byte by byte,
 * on text that is dense with what is nearly one.
 */
#define TEXT 20000

/* A type of one's own that no evidence can bring below what is asked for. */
#define RULE_PLAIN                                                             \
	"id: plain\nname: Plain\ncategory: other\ncountries: [\"*\"]\n"        \
	"risk: low\nsource: \"house rules\"\ntoken: id\n"                      \
	"forms:\n  - shapes: [\"9\", \"@#{7}\"]\n    score: 100\n"             \
	"checks: [{use: wsum, weights: [1], modulus: 3, equals: 0}]\n"         \
	"mask: {style: each, last: 2}\n"                                       \
	"examples:\n  match: ['111111111']\n  no_match: ['111111112']\n"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
capital(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
word(uint8_t c)
{
	return digit(c) || (uint8_t)((c | 32) - 'a') < 26 || c == '_';
}

static uint8_t
byte(const char *t, size_t n, size_t i)
{
	return i < n ? (uint8_t)t[i] : 0;
}

/* Bytes of the shape at i: nine digits, or a capital and seven. */
static size_t
shape_at(const char *t, size_t n, size_t i)
{
	size_t len = capital(byte(t, n, i)) ? 8 : 9;

	for (size_t k = len == 8; k < len; k++)
		if (!digit(byte(t, n, i + k)))
			return 0;
	return len;
}

static bool
sum_holds(const char *t, size_t i, size_t len)
{
	unsigned sum = 0;

	for (size_t k = 0; k < len; k++)
		sum += digit((uint8_t)t[i + k])
			   ? (unsigned)(t[i + k] - '0')
			   : (unsigned)(t[i + k] - 'A') + 10;
	return sum % 3 == 0;
}

/* What detect says of where an id may stand, in other words. */
static bool
stands_free(const char *t, size_t n, size_t i, size_t end)
{
	uint8_t b = i == 0 ? 0 : (uint8_t)t[i - 1];

	if (word(byte(t, n, end)) || word(b))
		return false;
	if (b == '.' && i > 1 && digit((uint8_t)t[i - 2]))
		return false;
	return byte(t, n, end) != '.' || !digit(byte(t, n, end + 1));
}

static void
fill(uint64_t *rng, char *text, size_t n)
{
	static const char often[] = "0123456789", rare[] = " ,.-/:_ABZxyz\n\"";

	for (size_t i = 0; i < n; i++) {
		bool common = dice(rng) % 8 != 0;
		size_t count = common ? sizeof(often) - 1 : sizeof(rare) - 1;

		text[i] = (common ? often : rare)[dice(rng) % count];
	}
}

static struct eye *
open_plain(const char *path)
{
	static const struct span want = {(const uint8_t *)"plain", 5};
	struct detect_options o = {.types = &want,
				   .type_count = 1,
				   .rules = &path,
				   .rule_count = 1,
				   .min_confidence = 1};
	struct eye *e = calloc(1, sizeof(*e));
	struct buf why;

	assert_non_null(e);
	buf_init(&why, 4096);
	if (detector_open(&o, &e->d, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	assert_int_equal(detect_scratch_open(e->d, &e->s), ST_OK);
	e->finds.scratch = e->s;
	return e;
}

static void
ids_are_found_where_a_plain_reading_finds_them(void **state)
{
	struct rules r;
	struct eye *e;
	char *text = malloc(TEXT);
	uint64_t rng = 311;
	size_t all = 0;

	(void)state;
	assert_non_null(text);
	rules_make(&r);
	rules_put(&r, "plain.yaml", RULE_PLAIN);
	e = open_plain(r.path);
	for (unsigned round = 0; round < 60; round++) {
		size_t next = 0;
		const struct finds *f;

		fill(&rng, text, TEXT);
		f = eye_look(e, text, TEXT);
		for (size_t i = 0; i < TEXT; i++) {
			size_t len = shape_at(text, TEXT, i);

			if (len == 0 || !sum_holds(text, i, len) ||
			    !stands_free(text, TEXT, i, i + len))
				continue;
			if (next == f->count || f->list[next].offset != i ||
			    f->list[next].length != len)
				fail_msg("at %zu: %.*s", i, (int)len, text + i);
			next++;
		}
		assert_int_equal(next, f->count);
		all += next;
	}
	assert_in_range(all, 300, 100000);
	eye_close(e);
	rules_remove(&r);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_found_where_a_plain_reading_finds_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
