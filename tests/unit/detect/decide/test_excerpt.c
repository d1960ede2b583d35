#include "unit/detect/finds.h"
#include "unit/detect/mixture.h"

#include "base/utf.h"
#include "detect/decide/excerpt.h"

#define D  "\xe2\x80\xa2"
#define D3 D D D
#define D4 D D D D

static void
the_context_is_the_line_with_every_value_masked(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"before\npay 4556 8245 9151 0220 now\nafter",
	     "pay 4556 82" D D " " D4 " 0220 now"},
	    {"id 536-22-8725 of anna@acme.com",
	     "id " D3 "-" D D "-8725 of a" D3 "@a" D3 ".com"},
	    /* a number that is no match is hidden all the same */
	    {"4556824591510221 x 536-22-8725",
	     D4 D4 D4 D4 " x " D3 "-" D D "-8725"},
	    {"x4556824591510220 536-22-8725",
	     "x" D4 D4 D4 D4 " " D3 "-" D D "-8725"},
	    {"4556.8245.9151.0221 ssn 536-22-8725",
	     D4 "." D4 "." D4 "." D4 " ssn " D3 "-" D D "-8725"},
	    /* a long word may be a secret */
	    {"k=Zk83hd72kqPw0c7Tq9aBw ssn 536-22-8725",
	     "k=Zk" D4 " ssn " D3 "-" D D "-8725"},
	    {"on 2026-01-02 ssn 536-22-8725",
	     "on 2026-01-02 ssn " D3 "-" D D "-8725"},
	    {"\tCaf\xe9 \xc3\xa9 536-22-8725\x01",
	     " Caf\xc3\xa9 \xc3\xa9 " D3 "-" D D "-8725 "},
	};
	struct eye *e = eye_open(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		assert_true(f->count > 0);
		assert_string_equal(f->list[0].context, cases[i].want);
	}
	eye_close(e);
}

static bool
joins(uint8_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '_';
}

static bool
date(const char *s)
{
	return strlen(s) >= 10 && s[4] == '-' && s[7] == '-' &&
	       (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0);
}

/* Most digits in a row, with up to two separators between them; no dates. */
static size_t
longest_run(const char *s)
{
	size_t best = 0, run = 0, gap = 0;

	for (; *s != 0; s++) {
		if (date(s)) {
			s += 9;
			run = gap = 0;
			continue;
		}
		if (*s >= '0' && *s <= '9') {
			run++;
			gap = 0;
		} else if (!joins((uint8_t)*s) || ++gap > 2) {
			run = gap = 0;
		}
		if (run > best)
			best = run;
	}
	return best;
}

static void
check_context(const struct finds *f, const struct find *x)
{
	size_t n = strlen(x->context);

	assert_in_range(n, 1, EXCERPT_MAX);
	assert_true(utf_valid(span_of(x->context, n)));
	assert_null(strpbrk(x->context, "\r\n\t"));
	/* four shown of one value and eight of the next are no number */
	if (longest_run(x->context) > 12)
		fail_msg("%s at %zu, clear number in: %s", x->type, x->offset,
			 x->context);
	/* addresses and URLs may stand there a second time, as part of a word
	 */
	for (size_t i = 0; i < f->count; i++)
		if (strlen(f->list[i].value) > 7 &&
		    strchr(f->list[i].value, '@') == NULL &&
		    strstr(x->context, f->list[i].value) != NULL)
			fail_msg("%s in: %s", f->list[i].value, x->context);
}

static void
no_value_of_any_match_survives_in_any_context(void **state)
{
	enum { LEN = 40000 };
	struct eye *e = eye_open("*", 0);
	char *text = malloc(LEN);

	(void)state;
	assert_non_null(text);
	for (uint64_t round = 0; round < 30; round++) {
		const struct finds *f;

		mixture(round + 500, text, LEN);
		f = eye_look(e, text, LEN);
		for (size_t i = 0; i < f->count; i++)
			check_context(f, &f->list[i]);
	}
	free(text);
	eye_close(e);
}

/* Cards at every distance from a match, so that edges cut them everywhere. */
static void
a_card_at_the_edge_of_a_context_is_not_shown_in_part(void **state)
{
	static const char *const cards[] = {
	    "4556824591510220", "4556 8245 9151 0220", "4556-8245-9151-0220",
	    "4556824591510221", "4556  8245  9151  0220"};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t c = 0; c < sizeof(cards) / sizeof(cards[0]); c++) {
		for (int gap = 1; gap < 160; gap++) {
			char text[700];
			const struct finds *f;

			snprintf(text, sizeof(text),
				 "%s%*s ssn 536-22-8725 %*s%s", cards[c], gap,
				 "#", gap, "#", cards[c]);
			f = eye_look_str(e, text);
			for (size_t i = 0; i < f->count; i++) {
				const struct find *x = &f->list[i];

				if (strcmp(x->type, "us_ssn") != 0)
					continue;
				assert_null(strstr(x->context, "4591"));
				assert_null(strstr(x->context, "59151"));
				assert_null(strstr(x->context, "9151 "));
				assert_true(longest_run(x->context) < 9);
			}
		}
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_context_is_the_line_with_every_value_masked),
	    cmocka_unit_test(no_value_of_any_match_survives_in_any_context),
	    cmocka_unit_test(
		a_card_at_the_edge_of_a_context_is_not_shown_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
