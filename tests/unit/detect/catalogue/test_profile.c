#include "unit/detect/rules.h"

#include "detect/catalogue/list.h"
#include "detect/catalogue/profile_folder.h"

static const char *
home(void)
{
	const char *dir = getenv("TRAWL_CATALOGUE");

	assert_non_null(dir);
	return dir;
}

#define HEAD                                                                   \
	"id: mine\nname: Mine\nabout: \"a few\"\nversion: 2\n"                 \
	"date: \"2026-11-22\"\n"

static enum status
read_text(const char *text, struct catalogue **c, struct profile **p,
	  struct buf *why)
{
	assert_int_equal(catalogue_open(home(), c, why), ST_OK);
	return profile_read(*c, "x/profiles/mine.yaml", span_str(text), p, why);
}

static void
a_type_is_in_when_a_selector_takes_it_and_none_leaves_it_out(void **state)
{
	static const struct {
		const char *text, *in, *out;
	} cases[] = {
	    {"include:\n  - types: [card_visa]\n", "card_visa", "card_amex"},
	    {"include:\n  - types: [\"card_*\"]\n", "card_amex", "iban"},
	    {"include:\n  - categories: [card]\n", "card_amex", "iban"},
	    {"include:\n  - countries: [DE]\n", "de_vat", "card_visa"},
	    {"include:\n  - countries: [\"*\"]\n", "card_visa", "de_vat"},
	    {"include:\n  - risks: [critical]\n", "card_visa", "email"},
	    {"include:\n  - categories: [vat]\n    countries: [DE]\n", "de_vat",
	     "at_vat"},
	    {"include:\n  - types: [iban]\n  - categories: [vat]\n", "iban",
	     "email"},
	    {"include:\n  - types: [\"*\"]\nexclude:\n"
	     "  - categories: [card]\n    risks: [critical]\n",
	     "email", "card_visa"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct catalogue *c = NULL;
		struct profile *p = NULL;
		bool in = false, out = false;
		struct buf why;
		char text[512];

		buf_init(&why, 4096);
		snprintf(text, sizeof(text), HEAD "%s", cases[i].text);
		if (read_text(text, &c, &p, &why) != ST_OK)
			fail_msg("%s%.*s", text, (int)why.len,
				 (const char *)why.data);
		assert_int_equal(p->version, 2);
		for (size_t k = 0; k < c->count; k++) {
			const struct data_type *t = c->types[k];

			in |= strcmp(t->id, cases[i].in) == 0 &&
			      profile_has(p, t);
			out |= strcmp(t->id, cases[i].out) == 0 &&
			       profile_has(p, t);
		}
		if (!in || out)
			fail_msg("%s", cases[i].text);
		catalogue_close(c);
		buf_fini(&why);
	}
}

static void
an_error_names_file_line_field_and_what_is_allowed(void **state)
{
	static const struct {
		const char *text, *words[3];
	} cases[] = {
	    {HEAD, {"mine.yaml:1:", "'include'", "missing"}},
	    {HEAD "include: []\n", {"mine.yaml:6:", "'include'", "1 to 64"}},
	    {HEAD "include: [{}]\n", {"mine.yaml:6:", "'include'", "nothing"}},
	    {HEAD "include:\n  - kinds: [a]\n",
	     {"mine.yaml:7:", "'kinds'", "types categories countries risks"}},
	    {HEAD "include:\n  - types: [card_vsa]\n",
	     {"mine.yaml:7:", "'card_vsa'", "is no data type"}},
	    {HEAD "include:\n  - categories: [cards]\n",
	     {"mine.yaml:7:", "'cards'", "allowed: address bank card"}},
	    {HEAD "include:\n  - risks: [huge]\n",
	     {"mine.yaml:7:", "'huge'", "critical high medium low"}},
	    {HEAD "include:\n  - countries: [de]\n",
	     {"mine.yaml:7:", "'de'", "two capital letters"}},
	    {"id: other\n", {"mine.yaml:1:", "'id'", "name of the file"}},
	    {"id: Mine\n", {"mine.yaml:1:", "'id'", "a-z 0-9 _"}},
	    {"version: 0\n", {"mine.yaml:1:", "'version'", "begins at 1"}},
	    {"date: today\n", {"mine.yaml:1:", "'date'", "2026-11-22"}},
	    {"- a\n", {"mine.yaml:1:", "'file'", "map"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct catalogue *c = NULL;
		struct profile *p = NULL;
		struct buf why;

		buf_init(&why, 4096);
		assert_int_equal(read_text(cases[i].text, &c, &p, &why),
				 ST_MALFORMED);
		for (size_t k = 0; k < 3; k++)
			if (memmem(why.data, why.len, cases[i].words[k],
				   strlen(cases[i].words[k])) == NULL)
				fail_msg("%s in: %.*s", cases[i].words[k],
					 (int)why.len, (const char *)why.data);
		catalogue_close(c);
		buf_fini(&why);
	}
}

static void
a_name_that_is_no_profile_is_answered_with_those_there_are(void **state)
{
	static const char *const wrong[] = {"nope", "../words/number", "a.b",
					    ""};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct catalogue *c = NULL;
		struct profile *p = NULL;
		struct buf why;

		buf_init(&why, 4096);
		assert_int_equal(catalogue_open(home(), &c, &why), ST_OK);
		assert_int_equal(profile_find(c, span_str(wrong[i]), &p, &why),
				 ST_NOTFOUND);
		assert_non_null(memmem(why.data, why.len, " pci_dss ", 9));
		catalogue_close(c);
		buf_fini(&why);
	}
}

struct seen {
	size_t types, empty;
	bool by_name[11];
};

static const char *const built_in[11] = {
    "default",       "everything",  "health",         "pci_dss",
    "personal_apac", "personal_eu", "personal_latam", "personal_mea",
    "personal_uk",   "personal_us", "secrets"};

static void
on_profile(void *arg, const struct list_profile *p)
{
	struct seen *s = arg;

	for (size_t i = 0; i < 11; i++)
		s->by_name[i] |= strcmp(p->id, built_in[i]) == 0;
	s->empty += p->types == 0;
	assert_true(p->version >= 1 && strlen(p->date) == 10);
	assert_true(strlen(p->name) > 2 && strlen(p->about) > 10);
}

static void
each_profile_that_is_built_in_chooses_something(void **state)
{
	const struct detect_options o = {.type_count = 0};
	struct seen s = {0};
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	assert_int_equal(list_profiles(&o, on_profile, &s, &why), ST_OK);
	for (size_t i = 0; i < 11; i++)
		if (!s.by_name[i])
			fail_msg("%s is missing", built_in[i]);
	assert_int_equal(s.empty, 0);
	buf_fini(&why);
}

static void
a_profile_of_ones_own_stands_before_that_of_the_catalogue(void **state)
{
	struct rules r;
	const char *dir = r.dir;
	const struct span want = span_str("profile:secrets");
	const struct detect_options o = {
	    .types = &want, .type_count = 1, .rules = &dir, .rule_count = 1};
	struct detector *d = NULL;
	struct detect_scratch *s = NULL;
	struct finds *f = calloc(1, sizeof(*f));
	static const char text[] =
	    "card 4111 1111 1111 1111, badge 123-456, jane@roe.de";
	struct buf why;

	(void)state;
	rules_make(&r);
	rules_put(&r, "badge.yaml", RULE_BADGE);
	rules_put(&r, "profiles/secrets.yaml",
		  "id: secrets\nname: Mine\nabout: mine\nversion: 1\n"
		  "date: \"2026-01-01\"\ninclude: [{types: [card_visa]}]\n");
	buf_init(&why, 4096);
	if (detector_open(&o, &d, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	assert_int_equal(detect_scratch_open(d, &s), ST_OK);
	f->scratch = s;
	detect_text(d, s, span_str(text), 0, strlen(text), finds_sink, f);
	assert_int_equal(f->count, 2);
	assert_true(finds_type(f, "card_visa"));
	assert_true(finds_type(f, "badge"));
	detect_scratch_close(s);
	detector_close(d);
	buf_fini(&why);
	free(f);
	rules_remove(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_type_is_in_when_a_selector_takes_it_and_none_leaves_it_out),
	    cmocka_unit_test(
		an_error_names_file_line_field_and_what_is_allowed),
	    cmocka_unit_test(
		a_name_that_is_no_profile_is_answered_with_those_there_are),
	    cmocka_unit_test(each_profile_that_is_built_in_chooses_something),
	    cmocka_unit_test(
		a_profile_of_ones_own_stands_before_that_of_the_catalogue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
