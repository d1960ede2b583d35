#include "detect/id/sift.h"
#include "unit/detect/finds.h"

#include "detect/work.h"

static int
setup(void **state)
{
	struct detect_options o = {.types = NULL};
	struct buf why;
	struct eye *e = calloc(1, sizeof(*e));

	buf_init(&why, 4096);
	if (detector_open(&o, &e->d, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	*state = e;
	return 0;
}

static int
teardown(void **state)
{
	struct eye *e = *state;

	detector_close(e->d);
	free(e);
	return 0;
}

/* What a text that ends in blanks begins with, as the masks have it. */
static unsigned
flags_of(const struct detector *d, const char *text)
{
	uint64_t word = 0, digits = 0, letters = 0, small = 0;
	unsigned flags;

	for (unsigned i = 0; i < 32; i++) {
		uint8_t c = i < strlen(text) ? (uint8_t)text[i] : ' ';
		uint64_t bit = UINT64_C(1) << i;
		bool digit = c >= '0' && c <= '9';
		bool letter = (uint8_t)((c | 32) - 'a') < 26;

		word |= digit || letter ? bit : 0;
		letters |= letter ? bit : 0;
		small |= letter && c >= 'a' ? bit : 0;
		digits |= digit || strchr(" -/+", c) != NULL ? bit : 0;
	}
	flags = d->ids.sift[id_sift_state(word, digits)];
	return flags >>
	       ((letters & (0 - letters) & small) != 0 ? ID_SIFT_SMALL : 0);
}

/* The first and the last way in which the shape may be written. */
static void
write_shape(const struct grown_variant *v, bool last, char *out)
{
	static const char seps[] = "? -./:+";
	const struct shape *s = &v->shape;
	unsigned group = 0, left = s->group[0], i;

	for (i = 0; i < s->bytes; i++) {
		if (left == 0) {
			out[i] = seps[s->sep[++group]];
			left = s->group[group];
			continue;
		}
		left--;
		out[i] = '7';
		if ((s->uppers >> i & 1) != 0 ||
		    ((s->digits >> i & 1) == 0 && last))
			out[i] = 'Q';
	}
	out[i] = '\0';
}

static void
every_way_in_which_a_type_is_written_is_let_through(void **state)
{
	const struct eye *e = *state;
	size_t seen = 0, small = 0;
	struct building b;

	assert_int_equal(grown_make(e->d->cat, 50, &b), ST_OK);
	for (size_t i = 0; i < b.count; i++)
		for (size_t k = 0; k < b.nodes[i].count * 2; k++) {
			const struct grown_variant *v =
			    &b.nodes[i].variants[k / 2];
			unsigned want = b.nodes[i].root == GROWN_STRONG
					    ? ID_SIFT_STRONG
					    : ID_SIFT_ALL;
			char text[SHAPE_BYTES + 1];

			write_shape(v, k % 2 != 0, text);
			if ((flags_of(e->d, text) & want) == 0)
				fail_msg("%s", text);
			seen++;
			for (char *c = text; v->caseless && *c != '\0'; c++)
				*c = (char)(*c == 'Q' ? 'q' : *c);
			small += v->caseless;
			if ((flags_of(e->d, text) & want) == 0)
				fail_msg("%s", text);
		}
	grown_free(&b);
	assert_true(seen > 1000 && small > 10);
}

static void
what_no_type_is_written_like_is_refused_by_its_first_bytes(void **state)
{
	static const char *const no[] = {
	    "f4 7d e5 5f 15 92",
	    "9f-07dd-4fef",
	    "1:2:3:4:5",
	    "a.b.c.d1",
	};
	const struct eye *e = *state;

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if ((flags_of(e->d, no[i]) & ID_SIFT_STRONG) != 0)
			fail_msg("%s", no[i]);
	assert_int_not_equal(
	    flags_of(e->d, "4111111111111111") & ID_SIFT_STRONG, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_way_in_which_a_type_is_written_is_let_through),
	    cmocka_unit_test(
		what_no_type_is_written_like_is_refused_by_its_first_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
