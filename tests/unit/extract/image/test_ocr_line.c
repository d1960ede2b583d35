#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "extract/image/ocr_line.h"

#define WORDS_MAX 16

/*
 * Words of a line as it might be recognised: letters are 10 points wide and 20
 * high; each blank parts by 10 more points, a tab by 100.
 */
static size_t
words_of(const char *line, struct ocr_word w[WORDS_MAX])
{
	size_t n = 0;
	int at = 0;

	while (*line != 0) {
		size_t len = strcspn(line, " \t");

		if (len > 0) {
			assert_true(n < WORDS_MAX);
			w[n++] = (struct ocr_word){.text = span_of(line, len),
						   .left = at,
						   .right = at + 10 * (int)len,
						   .bottom = 20};
			at += 10 * (int)len;
			line += len;
		} else {
			at += *line++ == ' ' ? 10 : 100;
		}
	}
	return n;
}

static void
assert_line(const char *line, const char *want)
{
	struct ocr_word w[WORDS_MAX];
	size_t n = words_of(line, w);
	struct buf to;

	buf_init(&to, 4096);
	assert_int_equal(ocr_line(w, n, &to), ST_OK);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_string_equal((const char *)to.data, want);
	buf_fini(&to);
}

static void
words_are_parted_by_blanks_and_columns_by_tabs(void **state)
{
	(void)state;
	assert_line("the  card is", "the card is\n");
	assert_line("name\tcard", "name\tcard\n");
	assert_line("", "");
}

static void
a_number_with_odd_spaces_follows_joined(void **state)
{
	static const struct {
		const char *line, *joined; /* NULL: nothing follows */
	} cases[] = {
	    {"4111 1111 1111 1111", NULL},
	    {"4111 1111 11 11 1111", "4111111111111111"},
	    {"4111 111111111111", "4111111111111111"},
	    {"411111111111 1111", "4111111111111111"},
	    {"4 111 1111 1111 1111", "4111111111111111"},
	    {"41111111 11111111", NULL},
	    {"4111111111111111", NULL},
	    {"3714 496353 98431", NULL},
	    {"37144 963 5398431", "371449635398431"},
	    {"card 4111 1111 11 11 1111, thanks", "4111111111111111"},
	    {"(4111 1111 11 11 1111)", "4111111111111111"},
	    {"536-22-1234", NULL},
	    {"536- 22 -1234", "536-22-1234"},
	    {"536 - 22 - 1234", "536-22-1234"},
	    {"4111-1111 -1111-1111", "4111111111111111"},
	    {"4111 l111 1I11 111O", "4111111111111110"},
	    {"12 34 567", NULL},               /* too short */
	    {"1111 11\t1111 11 1", NULL},      /* other columns */
	    {"llll OOOO lIlI SSSS", NULL},     /* no digit is sure */
	    {"1234 567 words 8901 23", NULL},  /* words between */
	    {"1234 567, 8901 23 4", NULL},     /* a stop between */
	    {"4111 1111 11 11 1111 1111 1111", /* too long for most */
	     "411111111111111111111111"},
	    {"4111 1111 11 11 1111 1111 1111 1", NULL}, /* for any */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char want[128];

		snprintf(want, sizeof(want), "%s\n%s%s", cases[i].line,
			 cases[i].joined == NULL ? "" : cases[i].joined,
			 cases[i].joined == NULL ? "" : "\n");
		assert_line(cases[i].line, want);
	}
}

static void
a_dash_of_any_width_is_one(void **state)
{
	(void)state;
	assert_line("536\xe2\x80\x93 22\xe2\x80\x94"
		    "1234",
		    "536\xe2\x80\x93 22\xe2\x80\x94"
		    "1234\n536-22-1234\n");
}

static void
what_does_not_fit_is_said(void **state)
{
	struct ocr_word w[WORDS_MAX];
	size_t n = words_of("4111 1111 11 11 1111", w);
	struct buf to;

	(void)state;
	for (size_t cap = 0; cap < 37; cap++) {
		buf_init(&to, cap);
		assert_int_equal(ocr_line(w, n, &to), ST_LIMIT);
		buf_fini(&to);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_parted_by_blanks_and_columns_by_tabs),
	    cmocka_unit_test(a_number_with_odd_spaces_follows_joined),
	    cmocka_unit_test(a_dash_of_any_width_is_one),
	    cmocka_unit_test(what_does_not_fit_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
