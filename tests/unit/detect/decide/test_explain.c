#include "unit/detect/finds.h"

#include "detect/catalogue/list.h"
#include "detect/decide/explain.h"

struct heard {
	struct explain best; /* claim, or else the last refusal */
	bool any;
	const char *type;
};

static void
on_explained(void *arg, const struct explain *e)
{
	struct heard *h = arg;
	bool claim = e->what == EXPLAIN_CLAIM;

	if (e->type != NULL && strcmp(e->type, h->type) != 0)
		return;
	if (h->any && h->best.what == EXPLAIN_CLAIM &&
	    (!claim || e->score <= h->best.score))
		return;
	if (h->any && !claim && e->start >= h->best.start &&
	    e->end <= h->best.end)
		return; /* in the midst of what was told of */
	h->best = *e;
	h->any = true;
}

static struct heard
hear(struct eye *e, const char *type, struct span text)
{
	struct heard h = {.type = type};

	explain_to(e->s, on_explained, &h);
	eye_look(e, text.ptr, text.len);
	explain_to(e->s, NULL, NULL);
	return h;
}

static void
a_refusal_says_what_is_wrong(void **state)
{
	static const struct {
		const char *type, *text;
		enum explain_what what;
		const char *check;
	} cases[] = {
	    {"card_visa", "card 4111111111111112", EXPLAIN_CHECK, "luhn"},
	    {"card_visa", "0.4111111111111111", EXPLAIN_FRACTION, NULL},
	    {"card_visa", "4111111111111111_a", EXPLAIN_TOUCHED, NULL},
	    {"card_visa", "5500005555555559", EXPLAIN_PREFIX, NULL},
	    {"card_visa", "4111111111111111", EXPLAIN_CLAIM, NULL},
	    {"iban", "GB82WEST12345698765433", EXPLAIN_CHECK, "iso7064_97_10"},
	    {"iban", "GB82WEST1234", EXPLAIN_STRUCTURE, NULL},
	    {"iban", "GB82WEST12345698765432X", EXPLAIN_TOUCHED, NULL},
	    {"phone", "+999 123", EXPLAIN_STRUCTURE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct eye *e = eye_open(cases[i].type, 1);
		struct heard h =
		    hear(e, cases[i].type, span_str(cases[i].text));

		if (!h.any || h.best.what != cases[i].what)
			fail_msg("%s: %s", cases[i].text,
				 h.any ? explain_text(h.best.what) : "silence");
		if (cases[i].check != NULL)
			assert_string_equal(h.best.check, cases[i].check);
		eye_close(e);
	}
}

/* ---- what is explained is what happens ----------------------------------- */

#define TEXTS 64

struct texts {
	const char *type;
	char text[TEXTS][512];
	size_t count;
};

static void
take(struct texts *t, const struct span *list, size_t n)
{
	for (size_t i = 0; i < n && t->count < TEXTS; i++)
		finds_copy(t->text[t->count++], sizeof(t->text[0]), list[i]);
}

static void
on_type(void *arg, const struct list_type *l)
{
	struct texts *t = arg;

	if (strcmp(l->info.id, t->type) != 0)
		return;
	take(t, l->match, l->match_count);
	take(t, l->no_match, l->no_match_count);
}

static unsigned
best_of(const struct finds *f, const char *type)
{
	unsigned best = 0;

	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].type, type) == 0 &&
		    f->list[i].confidence > best)
			best = f->list[i].confidence;
	return best;
}

static void
the_score_that_is_explained_is_that_of_the_match(void **state)
{
	static const char *const types[] = {"card_visa",
					    "us_ssn",
					    "iban",
					    "email",
					    "phone",
					    "fr_nir",
					    "de_vat",
					    "de_kvnr",
					    "be_nn",
					    "es_nif",
					    "secret.private_key"};
	const struct detect_options o = {.type_count = 0};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		static struct texts t;
		struct eye *one = eye_open(types[i], 1);
		struct eye *scan = eye_open(types[i], 0);
		struct buf why;

		t = (struct texts){.type = types[i]};
		buf_init(&why, 4096);
		assert_int_equal(list_types(&o, on_type, &t, &why), ST_OK);
		assert_true(t.count >= 4);
		for (size_t k = 0; k < t.count; k++) {
			struct span text = span_str(t.text[k]);
			struct heard h = hear(one, types[i], text);
			unsigned got = best_of(
			    eye_look(scan, text.ptr, text.len), types[i]);
			int said = h.any && h.best.what == EXPLAIN_CLAIM
				       ? h.best.score
				       : 0;

			if (said > 100)
				said = 100;
			if (said < DETECT_MIN_CONFIDENCE)
				said = 0;
			if ((unsigned)said != got)
				fail_msg("%s: %s: %d, %u", types[i], t.text[k],
					 said, got);
		}
		buf_fini(&why);
		eye_close(one);
		eye_close(scan);
	}
}

static void
who_does_not_ask_is_told_nothing(void **state)
{
	struct eye *e = eye_open("card_visa", 1);
	struct heard h = {.type = "card_visa"};

	(void)state;
	explain_to(e->s, on_explained, &h);
	explain_to(e->s, NULL, NULL);
	eye_look_str(e, "card 4111111111111111");
	assert_false(h.any);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refusal_says_what_is_wrong),
	    cmocka_unit_test(the_score_that_is_explained_is_that_of_the_match),
	    cmocka_unit_test(who_does_not_ask_is_told_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
