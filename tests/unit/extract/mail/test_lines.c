#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "extract/mail/lines.h"

#define MOST 20000

struct bytes {
	struct span s;
	size_t step; /* bytes of one read */
};

static enum status
give(void *arg, void *dst, size_t n, size_t *got)
{
	struct bytes *b = arg;

	*got = n < b->step ? n : b->step;
	if (*got > b->s.len)
		*got = b->s.len;
	if (*got > 0)
		memcpy(dst, b->s.ptr, *got);
	b->s = span_skip(b->s, *got);
	return ST_OK;
}

/* All lines with what stopped them, by one of the two ways. */
static size_t
read_all(struct span text, size_t step, struct span (*by)(struct lines *),
	 uint8_t *dst)
{
	static struct lines_boundary around[LINES_NEST];
	static uint8_t buf[PART_BUF];
	struct bytes b = {text, step};
	struct part p = {.arg = &b, .read = give, .buf = buf};
	struct lines l = {.around = around,
			  .depth = 1,
			  .mailbox = true,
			  .files = true,
			  .blank = true};
	size_t n = 0;

	if (step == 0)
		part_memory(&p, text);
	l.p = &p;
	around[0].len = 1;
	around[0].text[0] = 'B';
	while (l.stop != LINES_END) {
		struct span s;

		while ((s = by(&l)).len > 0) {
			assert_true(n + s.len < 2 * MOST);
			memcpy(dst + n, s.ptr, s.len);
			n += s.len;
		}
		dst[n++] = (uint8_t)(1 + l.stop);
		if (l.stop != LINES_END)
			lines_pass(&l);
	}
	return n;
}

/* Pieces of which something that stops is made now and then. */
static size_t
random_text(uint32_t *seed, uint8_t *dst)
{
	static const char *const pieces[] = {
	    "\n",    "\r\n",
	    "\n\n",  "\r",
	    "--B",   "--",
	    "-",     "From ",
	    "F",     "begin",
	    "b",     "=ybegin ",
	    "=",     "=y",
	    "abcd",  "From x Thu Jan  1 00:00:00 2026",
	    "--B--", "begin 644 a\n#AAAA\n"};
	size_t n = 0;

	while (n < MOST - 64) {
		*seed = *seed * 1664525 + 1013904223;
		const char *s = pieces[(*seed >> 16) %
				       (sizeof(pieces) / sizeof(pieces[0]))];

		memcpy(dst + n, s, strlen(s));
		n += strlen(s);
	}
	return n;
}

static void
several_lines_are_those_one_by_one(void **state)
{
	static const size_t steps[] = {0, 1, 7, 100, SIZE_MAX};
	static uint8_t text[MOST], one[2 * MOST], many[2 * MOST];
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		struct span s = span_of(text, random_text(&seed, text));
		size_t want = read_all(s, 0, lines_next, one);

		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			size_t n = read_all(s, steps[i], lines_several, many);

			assert_int_equal(n, want);
			assert_memory_equal(many, one, n);
		}
	}
}

static void
several_lines_come_at_once(void **state)
{
	static const char text[] = "one\nFour\n-\r\nbest\nlast\n";
	struct part p;
	struct lines l = {.p = &p, .files = true};
	struct span s;

	(void)state;
	part_memory(&p, span_str(text));
	s = lines_several(&l);
	assert_int_equal(s.len, 10); /* "best" may begin a file */
	assert_memory_equal(s.ptr, text, s.len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(several_lines_are_those_one_by_one),
	    cmocka_unit_test(several_lines_come_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
