#include "unit/detect/finds.h"

#include <sys/stat.h>
#include <unistd.h>

#include "detect/work.h"

/* A catalogue of a few made types, to see how ids are read. */
struct world {
	char dir[64];
	struct eye e;
};

static void
put(const struct world *w, const char *id, const char *body)
{
	char path[160];
	FILE *out;

	snprintf(path, sizeof(path), "%s/made/%s.yaml", w->dir, id);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out,
		"id: %s\nname: Made\ncategory: tax\ncountries: [\"XX\"]\n"
		"risk: low\nsource: \"a made type\"\ntoken: id\n%s"
		"mask: {style: each}\nexamples: {match: [a], no_match: [b]}\n",
		id, body);
	fclose(out);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct detect_options o = {.catalogue = w->dir};
	char group[80];
	struct buf why;

	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-id-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(group, sizeof(group), "%s/made", w->dir);
	assert_int_equal(mkdir(group, 0700), 0);
	put(w, "dotted",
	    "forms: [{shapes: [\"###.###.###-##\"], score: 50}]\n");
	put(w, "mixed",
	    "caseless: true\n"
	    "forms: [{shapes: [\"DE#{9}\", \"@@ ## ## ## [A-D]\"], "
	    "score: 60}]\n");
	put(w, "worded",
	    "forms: [{shapes: [\"#{9}\"], score: 20}]\n"
	    "words: {for: {en: [\"tax number\"], de: [Steuernummer]}, "
	    "columns: [taxno]}\n");
	put(w, "tailed",
	    "forms: [{shapes: [\"#{5}-@\", \"####@####\"], score: 60}]\n");
	put(w, "third",
	    "forms: [{shapes: [\"#{9}\"], score: 20}]\n"
	    "words: {for: [\"tax number\"]}\n");
	put(w, "other",
	    "forms: [{shapes: [\"#{9}\"], score: 20}]\n"
	    "words: {for: [\"health number\"]}\n");
	buf_init(&why, 4096);
	if (detector_open(&o, &w->e.d, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	assert_int_equal(detect_scratch_open(w->e.d, &w->e.s), ST_OK);
	w->e.finds.scratch = w->e.s;
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const ids[] = {"dotted", "mixed", "worded",
					  "other",  "third", "tailed"};
	struct world *w = *state;
	char path[160];

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(path, sizeof(path), "%s/made/%s.yaml", w->dir, ids[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/made", w->dir);
	rmdir(path);
	rmdir(w->dir);
	detect_scratch_close(w->e.s);
	detector_close(w->e.d);
	free(w);
	return 0;
}

/* The only find of the text is of that type; NULL: there is none. */
static void
expect(struct world *w, const char *text, const char *type)
{
	const struct finds *f = eye_look_str(&w->e, text);

	if (f->count != (type != NULL) ||
	    (type != NULL && strcmp(f->list[0].type, type) != 0))
		fail_msg("'%s': %zu finds, first %s", text, f->count,
			 f->count == 0 ? "none" : f->list[0].type);
}

static void
a_template_takes_its_separators_and_no_others(void **state)
{
	struct world *w = *state;

	expect(w, "a 123.456.789-01 b", "dotted");
	expect(w, "123.456.789-01", "dotted");
	expect(w, "\\n123.456.789-01", "dotted");
	expect(w, "a 123.456.789.01 b", NULL);
	expect(w, "a 123-456-789-01 b", NULL);
	expect(w, "a 123.456.78-901 b", NULL);
	expect(w, "a x123.456.789-01 b", NULL);
	expect(w, "a 123.456.789-012 b", NULL);
	expect(w, "a 9.123.456.789-01 b", NULL);
}

static void
letters_stand_where_the_template_has_them(void **state)
{
	struct world *w = *state;

	expect(w, "DE480275913", "mixed");
	expect(w, "de480275913", "mixed");
	expect(w, "(DE480275913)", "mixed");
	expect(w, "DF480275913", NULL);
	expect(w, "DE48027591X", NULL);
	expect(w, "DE4802759131", NULL);
	expect(w, "AB 12 34 56 C", "mixed");
	expect(w, "ab 12 34 56 c", "mixed");
	expect(w, "AB 12 34 56 E", NULL);
	expect(w, "AB 12 34 56", NULL);
}

/* All shapes without letters have nine digits: others begin with fewer. */
static void
digits_before_a_letter_are_not_sifted_out(void **state)
{
	struct world *w = *state;

	assert_int_equal(w->e.d->ids.all.sift.digit_run, 9);
	expect(w, "a 48027-X b", "tailed");
	expect(w, "4802X7591", "tailed");
	expect(w, "1 2 3 4802X7591 4 5", "tailed");
	expect(w, "a 48027-5 b", NULL);
	expect(w, "a 4802-X b", NULL);
}

static void
the_value_has_capitals_and_no_separators(void **state)
{
	struct world *w = *state;

	assert_string_equal(eye_look_str(&w->e, "ab 12 34 56 c")->list[0].value,
			    "AB123456C");
	assert_string_equal(
	    eye_look_str(&w->e, "123.456.789-01")->list[0].value,
	    "12345678901");
}

static void
a_weak_type_is_silent_without_a_word_of_its_own(void **state)
{
	struct world *w = *state;

	expect(w, "123456789", NULL);
	expect(w, "number 123456789", NULL);
	expect(w, "Steuernummer: 123456789", "worded");
	expect(w, "health number 123456789", "other");
	expect(w, "taxno=123456789", "worded");
	/* a name of columns is none in running text */
	expect(w, "the taxno of 123456789", NULL);
}

static void
what_is_valid_as_two_types_is_one_find_that_names_both(void **state)
{
	struct world *w = *state;
	const struct finds *f = eye_look_str(&w->e, "tax number 123456789");

	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].type, "third");
	assert_string_equal(f->list[0].also, "worded");
	f = eye_look_str(&w->e, "Steuernummer 123456789");
	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].type, "worded");
	assert_string_equal(f->list[0].also, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_template_takes_its_separators_and_no_others, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		letters_stand_where_the_template_has_them, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		digits_before_a_letter_are_not_sifted_out, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		the_value_has_capitals_and_no_separators, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		what_is_valid_as_two_types_is_one_find_that_names_both, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		a_weak_type_is_silent_without_a_word_of_its_own, setup,
		teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
