#include "unit/detect/finds.h"

#include "detect/decide/evidence.h"
#include "detect/work.h"

static bool
names(const struct finds *f, const char *type)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].type, type) == 0)
			return true;
	return false;
}

static void
what_many_countries_say_is_none_of_theirs_beside_what_one_says(void **state)
{
	static const struct {
		const char *text, *type;
		bool found;
	} cases[] = {
	    /* valid in one country, and what is said of many */
	    {"VAT number: 80123034", "fi_vat", true},
	    {"Tax number: 6527469423", "ru_inn", true},
	    {"company number: 700008743", "nl_bsn", false},
	    /* the country that is named has it otherwise */
	    {"Czech VAT number: 80123034", "fi_vat", false},
	    {"{\"czech_vat_number\": \"80123034\"}", "fi_vat", false},
	    {"Hungarian VAT number - 80123034", "fi_vat", false},
	    /* the one that is named */
	    {"Finnish VAT number: 80123034", "fi_vat", true},
	    {"Y-tunnus 8012303-4", "fi_ytunnus", true},
	    /* which of two a number is of that both have */
	    {"BSN 700008743", "nl_bsn", true},
	};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (names(eye_look_str(e, cases[i].text), cases[i].type) !=
		    cases[i].found)
			fail_msg("%s in \"%s\"", cases[i].type, cases[i].text);
	eye_close(e);
}

static const struct data_type *
type_of(const struct eye *e, const char *id)
{
	for (size_t i = 0; i < e->d->cat->count; i++)
		if (strcmp(e->d->cat->types[i]->id, id) == 0)
			return e->d->cat->types[i];
	fail_msg("no type %s", id);
	return NULL;
}

/* Of "word: number", whether no more than that speaks for the type. */
static bool
general(struct eye *e, const char *type, const char *word)
{
	struct verdict v = {.score = 40};
	char text[64];
	int n = snprintf(text, sizeof(text), "%s: 123456789", word);

	e->s->text = span_str(text);
	nearby_begin(&e->s->stream, e->d->level);
	columns_begin(&e->s->columns);
	e->s->nearby_known = false;
	evidence_words(e->s, type_of(e, type), (size_t)n - 9, (size_t)n, &v);
	assert_true((v.reasons & REASON(REASON_COLUMN)) != 0);
	return v.general;
}

static void
a_word_is_general_that_many_countries_have_and_none_of_the_world(void **state)
{
	struct eye *e = eye_open("*", 0);

	(void)state;
	assert_true(general(e, "fi_vat", "VAT number"));
	assert_true(general(e, "at_tin", "TIN"));
	assert_false(general(e, "fi_vat", "ALV"));
	assert_false(general(e, "fi_vat", "Finnish VAT number"));
	/* that of the world has it for itself, those of countries by a list */
	assert_false(general(e, "passport_generic", "passport"));
	assert_true(general(e, "fi_passport", "passport"));
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_many_countries_say_is_none_of_theirs_beside_what_one_says),
	    cmocka_unit_test(
		a_word_is_general_that_many_countries_have_and_none_of_the_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
