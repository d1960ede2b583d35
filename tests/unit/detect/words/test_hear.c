#include "unit/detect/finds.h"

#include "detect/decide/evidence.h"
#include "detect/words/hear.h"

/* Words that speak for ids of one country, of many, and against some. */
static const char *const pieces[] = {
    "passport ",       "passport no: ", "us passport ", "Reisepass ",
    "tax id ",         "Steuer-ID ",    "ssn ",         "order ",
    "invoice no ",     "national id=",  "phone number", ", ",
    "version ",        "timestamp: ",   "\n",           "the ",
    "driver_licence ", "IMEI ",         "tracking ",    "\"cpf\": ",
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static void
put(char *text, size_t room, uint64_t *rng, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const char *p = pieces[dice(rng) % PIECES];
		size_t n = strlen(text);

		if (n + strlen(p) < room)
			memcpy(text + n, p, strlen(p) + 1);
	}
}

/* How many types the words said something of. */
static unsigned
compare(struct detect_scratch *s, size_t start, size_t end, int score)
{
	const struct catalogue *c = s->d->cat;
	unsigned touched = 0;

	s->nearby_known = false;
	hear(s, start, end);
	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];
		struct verdict slow = {.score = score}, fast = slow;

		if (!t->active || t->token != TOKEN_ID)
			continue;
		evidence_words(s, t, start, end, &slow);
		evidence_heard(s, (uint16_t)i, &fast);
		if (slow.score != fast.score || slow.reasons != fast.reasons ||
		    slow.general != fast.general)
			fail_msg("%s in \"%.*s\"", t->id, (int)s->text.len,
				 (const char *)s->text.ptr);
		touched += slow.reasons != 0;
	}
	return touched;
}

static void
what_is_heard_for_all_types_at_once_is_what_each_would_hear(void **state)
{
	struct eye *e = eye_open("*", 0);
	unsigned touched = 0;
	uint64_t rng = 7;

	(void)state;
	for (int k = 0; k < 400; k++) {
		char text[512] = "";
		size_t start;

		put(text, 200, &rng, 1 + dice(&rng) % 8);
		start = strlen(text);
		memcpy(text + start, "123456789 ", 11);
		put(text, sizeof(text), &rng, dice(&rng) % 4);
		e->s->text = span_str(text);
		nearby_begin(&e->s->stream, e->d->level);
		columns_begin(&e->s->columns);
		touched +=
		    compare(e->s, start, start + 9, k % 2 == 0 ? 20 : 40);
	}
	assert_true(touched > 10000);
	eye_close(e);
}

static void
a_type_that_was_heard_is_forgotten_with_the_next_stretch(void **state)
{
	struct eye *e = eye_open("*", 0);
	char text[256];
	size_t far;

	(void)state;
	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	memcpy(text, "passport 123456789", 18);
	far = sizeof(text) - 20;
	memcpy(text + far, "123456789", 9);
	e->s->text = span_str(text);
	nearby_begin(&e->s->stream, e->d->level);
	columns_begin(&e->s->columns);
	e->s->nearby_known = false;
	hear(e->s, 9, 18);
	assert_true(e->s->hearing.any != 0);
	e->s->nearby_known = false;
	hear(e->s, far, far + 9);
	assert_true(e->s->hearing.any == 0 && e->s->hearing.against == 0);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_is_heard_for_all_types_at_once_is_what_each_would_hear),
	    cmocka_unit_test(
		a_type_that_was_heard_is_forgotten_with_the_next_stretch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
