#include "unit/detect/mixture.h"

#include <stdlib.h>

#include "detect/engine/engine.h"
#include "detect/engine/parts.h"

#define EDGED    true
#define CASELESS true

/* What stands behind leads and rows, as the catalogue writes it. */
static const struct engine_rule rules[] = {
    {.name = "a",
     .text = "(?:\\b|_)(?:gender|sex|geschlecht)[\"']?[ \\t]{0,3}[:=>][ "
	     "\\t]{0,3}[\"'(]?(?:male|female|[mfx])\\b",
     .caseless = CASELESS,
     .start = true},
    {.name = "b",
     .text = "(?:(?:\\b|_)(?:cc|card)?exp|(?-i:Exp))(?:iry|ires)?\\.?(?:[ "
	     "_-]?date)?[:= ]{0,3}(?:0[1-9]|1[0-2])/[2-4][0-9]",
     .caseless = CASELESS},
    {.name = "c",
     .text = "\\b[1-9][0-9]{0,3} (?:[A-Z][a-z]{1,9} ){1,3}(?:Street|St|Road)"
	     "\\b",
     .start = true},
    {.name = "d",
     .text = "\\b(?:aged?|edad)[ :]{0,2}[1-9][0-9]\\b|\\b[1-9][0-9][ "
	     "-](?:years?[ -]old|y/?o)\\b",
     .caseless = CASELESS,
     .start = true},
    {.name = "e",
     .text = "hv[sr]\\.[a-z0-9_-]{6}",
     .start = true,
     .edged = EDGED},
    {.name = "f",
     .text = "[a-z0-9]{2}[a-z0-9._-]{0,20}@(?:ybl|paytm|axl)",
     .caseless = CASELESS,
     .start = true},
    {.name = "g",
     .text = "(?:Vorname|FullName|(?:\\b|_)surname)[:=] ?[A-Z][a-z]"},
    {.name = "h", .text = "[A-Z<]{30}\\r?\\n[0-9]{2}", .start = true},
    {.name = "i",
     .text = "(?:HRB|VR)(?: N[ro]\\.?)? ?[1-9][0-9]",
     .start = true,
     .edged = EDGED},
    {.name = "j",
     .text = "(?:\\xD0[\\x90-\\xAF]|\\xD2\\xAE){2}[a-z ]{0,20}[0-9]{2}",
     .start = true},
    {.name = "k",
     .text = "\\b[1-9][0-9]{0,2}\xc2\xb0 ?[a-z]{0,12}[EW]\\b",
     .caseless = CASELESS,
     .start = true},
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

static const char *const pieces[] = {"gender",
				     "_Gender",
				     "sex",
				     "userSex",
				     "geschlecht",
				     "\": \"",
				     "= ",
				     ">",
				     "male",
				     "f",
				     "female ",
				     "exp",
				     "ccexp",
				     "cardExp",
				     "expiry date",
				     "12/27",
				     " 04/31",
				     "17 ",
				     "Baker ",
				     "Old ",
				     "Street",
				     "St",
				     "St.",
				     "Road ",
				     "aged ",
				     "age: ",
				     "42",
				     "37-",
				     "years old",
				     "y/o",
				     "yo ",
				     "hvs.",
				     "hvr.",
				     "\\nhvs.",
				     "k3_x9-q",
				     "ana.b",
				     "@ybl",
				     "@paytm",
				     "@axl ",
				     "Vorname: ",
				     "FullName=",
				     "surname: ",
				     "Xsurname:",
				     "Ada",
				     "HRB",
				     "VR Nr. ",
				     "VR ",
				     "51804",
				     "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<",
				     "<<<<<<<<<<<<<<",
				     "\r\n",
				     "\n74",
				     " ",
				     " ",
				     "\n",
				     "_",
				     "x",
				     ",",
				     "\xc3\xa9",
				     "\xd0\x90\xd2\xae",
				     "42\xc2\xb0 ",
				     "7\xc2\xb0W"};
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

struct hits {
	size_t count;
	struct {
		size_t rule, from, to;
	} hit[4096];
	const char *text;
};

static bool
letter(const char *c)
{
	return (uint8_t)((*c | 32) - 'a') < 26;
}

static bool
take(void *arg, unsigned rule, size_t from, size_t to)
{
	struct hits *h = arg;

	assert_true(h->count < sizeof(h->hit) / sizeof(h->hit[0]));
	if (rules[rule].edged && from > 0 && letter(h->text + from - 1) &&
	    (from < 2 || h->text[from - 2] != '\\'))
		return true;
	h->hit[h->count].rule = rule;
	h->hit[h->count].from = rules[rule].start ? from : 0;
	h->hit[h->count++].to = to;
	return true;
}

static int
by_place(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(((struct hits *)0)->hit[0]));
}

#define ROOM ((size_t)256 * 1024 * 1024)

static struct engine *
open_rules(const struct engine_rule *r, struct arena *memory)
{
	const struct engine_options o = {.arena = memory};
	struct engine *e = NULL;
	struct buf why;

	buf_init(&why, 4096);
	if (engine_open(r, RULES, &o, &e, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	return e;
}

/* All rules look at all text: what begins like this is not understood. */
static struct engine *
open_plain(struct arena *memory)
{
	struct engine_rule plain[RULES];
	char text[RULES][512];

	for (size_t i = 0; i < RULES; i++) {
		plain[i] = rules[i];
		snprintf(text[i], sizeof(text[i]), "(?s:%s)", rules[i].text);
		plain[i].text = text[i];
	}
	return open_rules(plain, memory);
}

static void
look(const struct engine *e, const char *text, size_t n, struct hits *h)
{
	struct engine_scratch *s = NULL;

	memset(h, 0, sizeof(*h));
	h->text = text;
	assert_int_equal(engine_scratch_open(e, NULL, &s), ST_OK);
	assert_true(engine_scan(e, s, span_of(text, n), take, h));
	engine_scratch_close(s);
	qsort(h->hit, h->count, sizeof(h->hit[0]), by_place);
}

/* Dense in places, with quiet stretches between; ends where it likes. */
static size_t
mixed(uint64_t *rng, char *out, size_t room)
{
	size_t at = 0, len = 1 + dice(rng) % (room - 1);

	while (at < len) {
		const char *p = pieces[dice(rng) % PIECES];
		size_t n = strlen(p);

		if (dice(rng) % 24 == 0) {
			n = dice(rng) % 400;
			n = len - at < n ? len - at : n;
			for (size_t i = 0; i < n; i++)
				out[at++] = "ab, d.E\n"[dice(rng) % 8];
			continue;
		}
		n = len - at < n ? len - at : n;
		memcpy(out + at, p, n);
		at += n;
	}
	return len;
}

static void
same_as_all_text(const char *level)
{
	static struct hits found, wanted;
	static char text[6000];
	struct engine *led, *plain;
	struct arena memory;
	uint64_t rng = 7;
	size_t all = 0;

	arena_init(&memory, ROOM);
	plain = open_plain(&memory);
	if (level != NULL)
		assert_int_equal(setenv("TRAWL_SIMD", level, 1), 0);
	led = open_rules(rules, &memory);
	assert_int_equal(unsetenv("TRAWL_SIMD"), 0);
	for (unsigned round = 0; round < 3000; round++) {
		size_t n = mixed(&rng, text, round < 2500 ? 400 : sizeof(text));

		look(led, text, n, &found);
		look(plain, text, n, &wanted);
		for (size_t i = 0; i < found.count || i < wanted.count; i++)
			if (memcmp(&found.hit[i], &wanted.hit[i],
				   sizeof(found.hit[i])) != 0)
				fail_msg(
				    "round %u: %zu hits, not %zu; rule %zu "
				    "at %zu to %zu, not %zu at %zu to %zu",
				    round, found.count, wanted.count,
				    found.hit[i].rule, found.hit[i].from,
				    found.hit[i].to, wanted.hit[i].rule,
				    wanted.hit[i].from, wanted.hit[i].to);
		all += found.count;
	}
	assert_true(all > 5000);
	arena_fini(&memory);
}

static void
regions_find_what_a_look_at_all_text_finds(void **state)
{
	(void)state;
	same_as_all_text(NULL);
	same_as_all_text("avx2");
	same_as_all_text("scalar");
}

static void
each_choice_goes_where_it_can_be_found(void **state)
{
	static const struct {
		const char *text;
		bool all, leads, rows, high;
	} cases[] = {
	    {"\\bgender[:=]", .leads = true},
	    {"gender[:=]", .all = true},
	    {"Gender[:=]", .leads = true},
	    {"\\bgender[:=]|[a-z]{3}weg 1", .all = true, .leads = true},
	    {"\\bgender[:=]|\\b(?:a|b)[|)]sex:", .leads = true},
	    {"[A-Z<]{30}", .rows = true},
	    {"(?s:\\bgender[:=])", .all = true},
	    {"[0-9]\xc2\xb0", .high = true},
	    {"\\x03(?:\\xd9\\xa2|2)\\x9a", .high = true},
	    {"a(?:\xc3\xa9){0,2}b", .all = true},
	    {"(?:\xc3\xa9|e)b", .all = true},
	    {"[\\x00-\\xff]b", .all = true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct engine_rule r = {.name = "t", .text = cases[i].text};
		struct engine_parts p;

		assert_int_equal(engine_parts_make(&r, 1, &p), ST_OK);
		if ((p.text[PART_ALL_TEXT][0] != NULL) != cases[i].all ||
		    (p.text[PART_LEADS][0] != NULL) != cases[i].leads ||
		    (p.text[PART_ROWS][0] != NULL) != cases[i].rows ||
		    (p.text[PART_HIGH][0] != NULL) != cases[i].high)
			fail_msg("%s", cases[i].text);
		engine_parts_free(&p);
	}
}

static void
all_of_these_rules_stand_behind_something(void **state)
{
	struct engine_parts p;

	(void)state;
	assert_int_equal(engine_parts_make(rules, RULES, &p), ST_OK);
	for (size_t i = 0; i < RULES; i++)
		if (p.text[PART_ALL_TEXT][i] != NULL)
			fail_msg("%s", p.text[PART_ALL_TEXT][i]);
	engine_parts_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(regions_find_what_a_look_at_all_text_finds),
	    cmocka_unit_test(each_choice_goes_where_it_can_be_found),
	    cmocka_unit_test(all_of_these_rules_stand_behind_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
