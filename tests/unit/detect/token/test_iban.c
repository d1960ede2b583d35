#include "unit/detect/finds.h"

#include "detect/catalogue/lists.h"
#include "detect/check/check.h"
#include "detect/work.h"

static void
country_length_structure_and_check_must_agree(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"DE89370400440532013000", "DE89370400440532013000"},
	    {"DE89 3704 0044 0532 0130 00", "DE89370400440532013000"},
	    {"DE89-3704-0044-0532-0130-00", "DE89370400440532013000"},
	    {"x=MT84MALT011000012345MTLCAST001S;",
	     "MT84MALT011000012345MTLCAST001S"},
	    {"NO9386011117947", "NO9386011117947"},
	    {"iban de89370400440532013000.", "DE89370400440532013000"},
	    {"gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"},
	    {"DE89.3704.0044.0532.0130.00", "DE89370400440532013000"},
	    {"DE89 37040044 0532013000", "DE89370400440532013000"},
	    {"DE89 370 400 440 532 013 000", "DE89370400440532013000"},
	    {"DE89 3704-0044 0532 0130 00", NULL}, /* two ways to join */
	    {"xde89370400440532013000", NULL},
	    {"DE88370400440532013000", NULL},      /* check digits */
	    {"DE8937040044053201300", NULL},       /* short */
	    {"DE893704004405320130000", NULL},     /* long */
	    {"QQ89370400440532013000", NULL},      /* country */
	    {"DE8937040044053201300A", NULL},      /* class */
	    {"XDE89370400440532013000", NULL},     /* inside a word */
	    {"DE89 37040044 0532 0130 0 0", NULL}, /* grouping */
	    {"DE89  3704 0044 0532 0130 00", NULL},
	    /* what follows belongs to it, or is an amount, a date, a word */
	    {"AT61 1904 3002 3457 3201 12", NULL},
	    {"AT61 1904 3002 3457 3201 7, was", NULL},
	    {"AT61 1904 3002 3457 3201 123 was", NULL},
	    {"DE89 3704 0044 0532 0130 00 12\n", "DE89370400440532013000"},
	    {"AT61 1904 3002 3457 3201 12.50", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 100 EUR", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 100 euros", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 12/27", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 12 11 2026", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 2026", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201 3rd", "AT611904300234573201"},
	    {"AT61 1904 3002 3457 3201, 12", "AT611904300234573201"},
	    {"AT611904300234573201 12", "AT611904300234573201"},
	};
	struct eye *e = eye_open("iban", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != (cases[i].want != NULL))
			fail_msg("%s has %zu", cases[i].text, f->count);
		if (cases[i].want != NULL)
			assert_string_equal(f->list[0].value, cases[i].want);
	}
	eye_close(e);
}

static unsigned
mod97(const char *s, size_t n)
{
	unsigned rest = 0;

	for (size_t i = 0; i < n; i++) {
		char c = s[(i + 4) % n];

		if (c <= '9')
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest;
}

/* Random within the classes of the country, check digits in front right. */
static void
make_any(const struct iban_country *c, size_t i, uint64_t *rng, char *out)
{
	unsigned rest;

	out[0] = (char)('A' + i / 26);
	out[1] = (char)('A' + i % 26);
	out[2] = out[3] = '0';
	for (size_t k = 4; k < c->length; k++)
		out[k] = (char)('0' + dice(rng) % 10);
	for (size_t k = 4; k < c->length; k++)
		if (c->structure[k] == 'a' ||
		    (c->structure[k] == 'c' && dice(rng) % 2 == 0))
			out[k] = (char)('A' + dice(rng) % 26);
	out[c->length] = 0;
	rest = 98 - mod97(out, c->length);
	out[2] = (char)('0' + rest / 10);
	out[3] = (char)('0' + rest % 10);
}

/* A number of the country: those inside are right, too. */
static void
make(const struct iban_country *c, size_t i, uint64_t *rng, char *out)
{
	const struct check_op *inner = check_find(span_str("iban_bban"));
	unsigned tries = 0;

	assert_non_null(inner);
	do {
		assert_true(tries++ < 10000);
		make_any(c, i, rng, out);
	} while (!inner->run(span_str(out), NULL));
}

static void
numbers_of_every_country_are_found(void **state)
{
	struct eye *e = eye_open("iban", 0);
	uint64_t rng = 8;
	size_t countries = 0;

	(void)state;
	for (size_t i = 0; i < (size_t)26 * 26; i++) {
		const struct iban_country *c = &e->d->ibans->country[i];
		char text[64];

		if (c->length == 0)
			continue;
		countries++;
		for (unsigned round = 0; round < 5; round++) {
			make(c, i, &rng, text);
			assert_int_equal(eye_look_str(e, text)->count, 1);
			text[c->length - 1] ^= 1;
			assert_int_equal(eye_look_str(e, text)->count, 0);
		}
	}
	assert_true(countries >= 110);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(country_length_structure_and_check_must_agree),
	    cmocka_unit_test(numbers_of_every_country_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
