#include "unit/detect/finds.h"
#include "unit/detect/mixture.h"
#include "unit/detect/windows.h"

#include "detect/work.h"
#include "sys/file.h"

#define TEXT 60000

/*
 * Expressions of all types are compiled once for all tests: under sanitizers on
 * a busy machine a compilation each takes minutes.
 */
static char kept[] = "/tmp/trawl-detector.XXXXXX";

static int
keep(void **state)
{
	(void)state;
	return mkdtemp(kept) == NULL;
}

static int
forget(void **state)
{
	(void)state;
	return file_remove_tree(kept) != ST_OK;
}

static struct eye *
open_kept(const char *types, unsigned min_confidence)
{
	char cache[64];

	snprintf(cache, sizeof(cache), "%s/patterns", kept);
	return eye_open_cached(types, min_confidence, cache);
}

static void
matches_are_the_same_however_text_is_cut(void **state)
{
	struct eye *e = open_kept("*", 0);
	struct finds *cut = calloc(1, sizeof(*cut));
	char *text = malloc(TEXT);
	uint64_t rng = 20261121;

	(void)state;
	assert_non_null(cut);
	assert_non_null(text);
	for (uint64_t round = 0; round < 24; round++) {
		mixture(round, text, TEXT);
		eye_look(e, text, TEXT);
		assert_in_range(e->finds.count, 100, 4000);
		look_in_windows(e, text, TEXT, &rng, cut);
		assert_same(&e->finds, cut);
	}
	free(text);
	free(cut);
	eye_close(e);
}

static void
every_level_of_simd_finds_the_same(void **state)
{
	struct eye *e = open_kept("*", 0);
	struct finds *scalar = calloc(1, sizeof(*scalar));
	enum tile_level best = e->d->level;
	char *text = malloc(TEXT);

	(void)state;
	assert_non_null(scalar);
	assert_non_null(text);
	for (uint64_t round = 0; round < 12; round++) {
		size_t n = TEXT - round * 1237;

		mixture(round + 1000, text, n);
		e->d->level = TILE_SCALAR;
		*scalar = *eye_look(e, text, n);
		for (unsigned l = 1; l <= (unsigned)best; l++) {
			e->d->level = (enum tile_level)l;
			assert_same(scalar, eye_look(e, text, n));
		}
	}
	free(text);
	free(scalar);
	eye_close(e);
}

/* Where no word is near, only the types that need none are walked to. */
static void
types_that_need_no_word_are_found_by_their_own_tree(void **state)
{
	struct eye *e = open_kept("*", 0), *all = open_kept("*", 0);
	char *text = malloc(TEXT);

	(void)state;
	assert_non_null(text);
	assert_true(e->d->ids.strong.sift.digit_run >=
		    e->d->ids.all.sift.digit_run);
	all->d->ids.strong = all->d->ids.all;
	all->d->starts.strong = all->d->starts.ids;
	for (uint64_t round = 0; round < 12; round++) {
		mixture(round + 3000, text, TEXT);
		assert_same(eye_look(all, text, TEXT), eye_look(e, text, TEXT));
	}
	free(text);
	eye_close(all);
	eye_close(e);
}

static void
matches_come_in_order_inside_the_text_and_do_not_overlap(void **state)
{
	struct eye *e = open_kept("*", 0);
	char *text = malloc(TEXT);

	(void)state;
	assert_non_null(text);
	for (uint64_t round = 0; round < 12; round++) {
		const struct finds *f;

		mixture(round + 2000, text, TEXT);
		f = eye_look(e, text, TEXT);
		for (size_t i = 0; i < f->count; i++) {
			const struct find *x = &f->list[i];

			assert_true(x->length > 0);
			assert_true(x->offset + x->length <= TEXT);
			assert_in_range(x->confidence, DETECT_MIN_CONFIDENCE,
					100);
			assert_in_range(x->level, LEVEL_STRICT, LEVEL_BROAD);
			if (i > 0)
				assert_true(x->offset >=
					    f->list[i - 1].offset +
						f->list[i - 1].length);
		}
	}
	free(text);
	eye_close(e);
}

static void
offsets_and_values_are_those_of_the_text(void **state)
{
	static const struct {
		const char *text, *type, *value;
		size_t offset, length;
	} cases[] = {
	    {"pay 4111-1111-1111-1111 now", "card_visa", "4111111111111111", 4,
	     19},
	    {"SSN: 536-22-8725", "us_ssn", "536228725", 5, 11},
	    {"IBAN DE89 3704 0044 0532 0130 00.", "iban",
	     "DE89370400440532013000", 5, 27},
	    {"<Anna.Bob@Acme.COM>", "email", "anna.bob@acme.com", 1, 17},
	    {"(202) 555-0123", "phone", "+12025550123", 0, 14},
	    {"+44 (0)20 7946 0958", "phone", "+442079460958", 0, 19},
	    {"k=AKIAQLT5OB7MWSXN2Y4D;", "secret.aws_access_key",
	     "AKIAQLT5OB7MWSXN2Y4D", 2, 20},
	};
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		assert_int_equal(f->count, 1);
		assert_string_equal(f->list[0].type, cases[i].type);
		assert_string_equal(f->list[0].value, cases[i].value);
		assert_int_equal(f->list[0].offset, cases[i].offset);
		assert_int_equal(f->list[0].length, cases[i].length);
	}
	eye_close(e);
}

static void
the_most_specific_prefix_names_the_brand(void **state)
{
	static const struct {
		const char *text, *type;
	} cases[] = {
	    {"card 5066991111111118", "card_elo"},      /* not Maestro */
	    {"card 6504050000000003", "card_elo"},      /* not Discover */
	    {"card 6521500000000006", "card_rupay"},    /* not Discover */
	    {"card 6510000000000349", "card_discover"}, /* its own 65 */
	    {"card 6221260000000000", "card_unionpay"}, /* not Discover */
	    {"card 4389350000000002", "card_elo"},      /* not Visa */
	    {"card 4111111111111111", "card_visa"},
	    /* named outright, and of that range as well */
	    {"Discover: 6505128130924943", "card_discover"},
	    {"Yinlian: 8183474438382300", "card_unionpay"},
	    {"Maestro: 6073161448863661", "card_maestro"},
	};
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		assert_int_equal(f->count, 1);
		assert_string_equal(f->list[0].type, cases[i].type);
	}
	eye_close(e);
}

/* What is longer than a number of the brand is none of its beginning. */
static void
a_number_too_long_is_no_card(void **state)
{
	static const struct {
		const char *text;
		bool found;
	} cases[] = {
	    {"Diners: 3016 4977 0910 9965", true},
	    {"Diners: 3016 4977 0910 9965 40", false},
	    {"Diners: 3016 4977 0910 9965 4", false},
	    {"Diners: 3016 4977 0910 9965 12/27", true},
	    {"Diners: 3016 4977 0910 9965 12 27", true},
	    {"Diners: 3016 4977 0910 9965 123", true}, /* from its back */
	    {"Visa: 4111 1111 1111 1111 7", true},     /* 17 it has not */
	    {"Visa: 4111-1111-1111-1111-37", false},
	    {"Visa: 4111 1111 1111 1111 123", true},      /* seldom so long */
	    {"UnionPay: 6222 6415 1640 5800 124", false}, /* often */
	    {"UnionPay: 6222 6415 1640 5800 124 12/27", true},
	    {"UnionPay: 6222 6415 1640 5800 12/27 124", true},
	    {"4111 1111 1111 1111 4242424242424242", true},
	};
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((eye_look_str(e, cases[i].text)->count > 0) !=
		    cases[i].found)
			fail_msg("%s", cases[i].text);
	eye_close(e);
}

/* The nearer word decides what a number is. */
static void
a_word_against_does_not_reach_over_one_for_it(void **state)
{
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	assert_int_equal(
	    eye_look_str(e, "order 7, card 36804180602735 ok")->count, 1);
	assert_int_equal(
	    eye_look_str(e, "card, order 36804180602735 ok")->count, 0);
	eye_close(e);
}

static void
one_brand_alone_does_not_claim_the_numbers_of_another(void **state)
{
	struct eye *e = eye_open("card_visa", 0);

	(void)state;
	assert_int_equal(eye_look_str(e, "card 4389350000000002")->count, 0);
	assert_int_equal(eye_look_str(e, "card 4111111111111111")->count, 1);
	assert_int_equal(eye_look_str(e, "mail x@y.io")->count, 0);
	eye_close(e);
}

static void
test_numbers_are_reported_as_such(void **state)
{
	static const char *const texts[] = {
	    "card 4111111111111111", "078-05-1120",
	    "IBAN DE89370400440532013000", "jane@example.com",
	    "AKIAIOSFODNN7EXAMPLE"};
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct finds *f = eye_look_str(e, texts[i]);

		assert_int_equal(f->count, 1);
		assert_true((f->list[0].reasons & REASON(REASON_TEST_DATA)) !=
			    0);
	}
	eye_look_str(e, "card 4556824591510220");
	assert_true((e->finds.list[0].reasons & REASON(REASON_TEST_DATA)) == 0);
	eye_close(e);
}

static void
what_only_looks_like_a_card_is_silent(void **state)
{
	static const char *const texts[] = {
	    "1732204800000 1732204800001",          /* epoch milliseconds */
	    "0.4556824591510220",                   /* decimals */
	    "3.4556824591510220",                   /* decimals */
	    "a4556824591510220",                    /* inside a word */
	    "0x4556824591510220",                   /* hexadecimal */
	    "4556824591510220f",                    /* hexadecimal */
	    "550e8400-e29b-41d4-a716-455682459151", /* UUID */
	    "4556-8245-9151-0220-9151",             /* longer id */
	    "20261121101112",                       /* date and time */
	    "45 56 82 45 91 51 02 20",              /* bytes */
	    "4556 8245 9151 0220 4556 8245 9151 0220 1111", /* a dump */
	    "4453535115343534",                             /* stroke order */
	    "<U4556> 4556/8245/9151/0220",
	    "/id/4222552295657/x",
	};
	struct eye *e = eye_open("card_*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (eye_look_str(e, texts[i])->count != 0)
			fail_msg("%s is %s", texts[i], e->finds.list[0].type);
	eye_close(e);
}

static void
the_head_of_a_column_speaks_for_its_values(void **state)
{
	static const char rows[] = "a,536228725,b\nc,536228726,d\n"
				   "536228727,x,y\n\"q,q\",536228728,z\n";
	struct eye *e = eye_open("us_ssn", 0);
	const struct finds *f;

	(void)state;
	assert_int_equal(eye_look_str(e, rows)->count, 0);
	detect_table(e->s, span_str("name,ssn,town\na,1,b\n"));
	f = eye_look_str(e, rows);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->list[0].offset, 2);
	assert_int_equal(f->list[2].offset, 48);
	assert_true((f->list[0].reasons & REASON(REASON_COLUMN)) != 0);
	detect_table(e->s, span_of(NULL, 0));
	assert_int_equal(eye_look_str(e, rows)->count, 0);
	eye_close(e);
}

static void
a_type_that_nobody_has_is_named(void **state)
{
	struct span glob = span_str("card_vsa");
	struct detect_options o = {.types = &glob, .type_count = 1};
	struct detector *d = NULL;
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	assert_int_equal(detector_open(&o, &d, &why), ST_NOTFOUND);
	assert_non_null(memmem(why.data, why.len, "card_vsa", 8));
	assert_null(d);
	buf_fini(&why);
}

static void
nothing_is_found_in_nothing(void **state)
{
	struct eye *e = open_kept(NULL, 0);

	(void)state;
	detect_text(e->d, e->s, span_of(NULL, 0), 0, 0, finds_sink, &e->finds);
	assert_int_equal(e->finds.count, 0);
	assert_int_equal(eye_look_str(e, "4")->count, 0);
	assert_int_equal(eye_look_str(e, "@")->count, 0);
	assert_int_equal(eye_look_str(e, "+")->count, 0);
	eye_close(e);
}

static void
a_higher_minimum_gives_a_subset(void **state)
{
	struct eye *low = open_kept("*", 50), *high = open_kept("*", 80);
	char *text = malloc(TEXT);

	(void)state;
	assert_non_null(text);
	mixture(77, text, TEXT);
	eye_look(low, text, TEXT);
	eye_look(high, text, TEXT);
	assert_in_range(high->finds.count, 10, low->finds.count - 1);
	for (size_t i = 0, k = 0; i < high->finds.count; i++, k++) {
		while (k < low->finds.count &&
		       low->finds.list[k].offset < high->finds.list[i].offset)
			k++;
		assert_true(k < low->finds.count);
		assert_string_equal(low->finds.list[k].type,
				    high->finds.list[i].type);
	}
	free(text);
	eye_close(low);
	eye_close(high);
}

/* Where it is kept it is taken from there, and sees the same. */
static void
what_was_built_once_is_there_the_next_time(void **state)
{
	struct eye *built, *first, *next, *strict;
	char root[] = "/tmp/trawl-kept.XXXXXX", cache[64];
	const uint8_t *place;
	char *text = malloc(TEXT);

	(void)state;
	assert_non_null(text);
	assert_non_null(mkdtemp(root));
	snprintf(cache, sizeof(cache), "%s/patterns", root);
	mixture(7, text, TEXT);
	built = eye_open("card_*", 0);
	first = eye_open_cached("card_*", 0, cache);
	place = first->d->image.base; /* at random */
	assert_non_null(place);
	eye_look(first, text, TEXT);
	eye_look(built, text, TEXT);
	assert_same(&built->finds, &first->finds);
	assert_true(built->finds.count > 0);
	eye_close(first);
	next = eye_open_cached("card_*", 0, cache);
#ifndef TRAWL_SAN /* whose heap lies where plain numbers may point to */
	assert_ptr_equal(next->d->image.base, place);
#endif
	eye_look(next, text, TEXT);
	assert_same(&built->finds, &next->finds);
	strict = eye_open_cached("card_*", 90, cache);
	assert_int_equal(strict->d->min_confidence, 90);
	assert_non_null(strict->d->image.base);
	eye_close(strict);
	eye_close(next);
	eye_close(built);
	free(text);
	assert_int_equal(file_remove_tree(root), ST_OK);
}

static size_t told;

static void
note_told(size_t expressions)
{
	told += expressions;
}

static void
who_asks_is_told_once_that_expressions_are_compiled(void **state)
{
	char root[] = "/tmp/trawl-told.XXXXXX", cache[64];
	struct span glob = span_str("secret.*token*");
	const struct detect_options o = {.types = &glob,
					 .type_count = 1,
					 .cache = cache,
					 .compiling = note_told};
	struct buf why;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(cache, sizeof(cache), "%s/patterns", root);
	buf_init(&why, 4096);
	told = 0;
	for (unsigned i = 0; i < 2; i++) {
		struct detector *d = NULL;

		assert_int_equal(detector_open(&o, &d, &why), ST_OK);
		assert_true(d->rule_count > 0);
		assert_int_equal(told, d->rule_count);
		detector_close(d);
	}
	buf_fini(&why);
	assert_int_equal(file_remove_tree(root), ST_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_are_the_same_however_text_is_cut),
	    cmocka_unit_test(every_level_of_simd_finds_the_same),
	    cmocka_unit_test(
		types_that_need_no_word_are_found_by_their_own_tree),
	    cmocka_unit_test(
		matches_come_in_order_inside_the_text_and_do_not_overlap),
	    cmocka_unit_test(offsets_and_values_are_those_of_the_text),
	    cmocka_unit_test(the_most_specific_prefix_names_the_brand),
	    cmocka_unit_test(a_number_too_long_is_no_card),
	    cmocka_unit_test(a_word_against_does_not_reach_over_one_for_it),
	    cmocka_unit_test(
		one_brand_alone_does_not_claim_the_numbers_of_another),
	    cmocka_unit_test(test_numbers_are_reported_as_such),
	    cmocka_unit_test(what_only_looks_like_a_card_is_silent),
	    cmocka_unit_test(the_head_of_a_column_speaks_for_its_values),
	    cmocka_unit_test(a_type_that_nobody_has_is_named),
	    cmocka_unit_test(nothing_is_found_in_nothing),
	    cmocka_unit_test(a_higher_minimum_gives_a_subset),
	    cmocka_unit_test(what_was_built_once_is_there_the_next_time),
	    cmocka_unit_test(
		who_asks_is_told_once_that_expressions_are_compiled),
	};

	return cmocka_run_group_tests(tests, keep, forget);
}
