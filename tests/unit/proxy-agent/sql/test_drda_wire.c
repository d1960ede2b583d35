#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/sql/drda_text.h"
#include "proxy-agent/sql/drda_wire.h"

/* As many bytes at a time as it wants, but no more than `step`. */
static enum status
hear(struct drda_frame *f, struct span *bytes, size_t step)
{
	enum status st = ST_OK;
	size_t n;

	drda_frame_clear(f);
	while (st == ST_OK && (n = drda_frame_wants(f)) > 0) {
		if (f->step == DRDA_BODY && n > step)
			n = step;
		if (n > bytes->len)
			return ST_AGAIN;
		st = drda_frame_give(f, span_of(bytes->ptr, n));
		*bytes = span_skip(*bytes, n);
	}
	return st;
}

static void
commands_are_chained_and_data_has_the_number_of_its_command(void **state)
{
	static const uint8_t want[] = {
	    0,    14,   0xd0, 0x41, 0,    1,    0, 8, 0x20, 0x0e, 0,    4,
	    0x21, 0x13, 0,    10,   0xd0, 0x51, 0, 2, 0,    4,    0x20, 0x0d,
	    0,    12,   0xd0, 0x03, 0,    2,    0, 6, 0x24, 0x14, 'h',  'i',
	};
	struct drda_out o;
	size_t at;

	(void)state;
	drda_out_init(&o);
	at = drda_begin(&o, DRDA_RDBCMM);
	drda_bytes(&o, DRDA_PKGNAMCSN, span_of(NULL, 0));
	drda_end(&o, at);
	drda_dss(&o, DRDA_REQUEST);
	drda_end(&o, drda_begin(&o, DRDA_PRPSQLSTT));
	drda_dss(&o, DRDA_REQUEST);
	drda_bytes(&o, DRDA_SQLSTT, span_str("hi"));
	drda_dss(&o, DRDA_OBJECT);
	assert_int_equal(drda_said(&o), ST_OK);
	assert_int_equal(o.bytes.len, sizeof(want));
	assert_memory_equal(o.bytes.data, want, sizeof(want));
	drda_out_fini(&o);
}

static void
names_are_ebcdic_until_the_server_takes_utf8(void **state)
{
	static const uint8_t before[] = {0x81, 0xf1, 0x40}, after[] = "a1 ";
	struct drda_out o;

	(void)state;
	drda_out_init(&o);
	drda_letters(&o, "a1", 3);
	assert_int_equal(o.object.len, 3);
	assert_memory_equal(o.object.data, before, 3);
	drda_out_clear(&o);
	o.utf8 = true;
	drda_letters(&o, "a1", 3);
	assert_memory_equal(o.object.data, after, 3);
	drda_letters(&o, "\xc3\xa9", 0);
	assert_int_equal(drda_said(&o), ST_OK);
	drda_out_clear(&o);
	o.utf8 = false;
	drda_letters(&o, "\xc3\xa9", 0);
	assert_int_equal(drda_said(&o), ST_UNSUPPORTED);
	drda_out_fini(&o);
}

static void
what_is_said_is_heard_again_whatever_its_length(void **state)
{
	static const size_t lengths[] = {0,     1,     32757, 32758,
					 32763, 32764, 65530, 200000};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint8_t *text = malloc(lengths[i] + 1);
		struct drda_object object;
		struct drda_frame f;
		struct span bytes, body;
		struct drda_out o;

		assert_non_null(text);
		for (size_t k = 0; k < lengths[i]; k++)
			text[k] = (uint8_t)(k * 7 + k / 251);
		drda_out_init(&o);
		drda_frame_init(&f);
		drda_bytes(&o, DRDA_SQLSTT, span_of(text, lengths[i]));
		drda_dss(&o, DRDA_REQUEST);
		assert_int_equal(drda_said(&o), ST_OK);
		bytes = buf_span(&o.bytes);
		assert_int_equal(hear(&f, &bytes, 1 + i * 1000), ST_OK);
		assert_int_equal(bytes.len, 0);
		assert_int_equal(f.kind, DRDA_REQUEST);
		assert_int_equal(f.number, 1);
		assert_false(f.chained);
		body = buf_span(&f.body);
		assert_int_equal(drda_next(&body, &object), ST_OK);
		assert_int_equal(object.point, DRDA_SQLSTT);
		assert_int_equal(object.data.len, lengths[i]);
		if (lengths[i] > 0)
			assert_memory_equal(object.data.ptr, text, lengths[i]);
		assert_int_equal(drda_next(&body, &object), ST_EOF);
		drda_frame_fini(&f);
		drda_out_fini(&o);
		free(text);
	}
}

static void
what_is_no_dss_is_refused(void **state)
{
	static const struct {
		uint8_t bytes[10];
		size_t len;
		enum status want;
	} cases[] = {
	    {{0, 6, 0xd0, 2, 0, 1}, 6, ST_OK},
	    {{0, 6, 0xd1, 2, 0, 1}, 6, ST_MALFORMED}, /* not the magic byte */
	    {{0, 5, 0xd0, 2, 0, 1}, 6, ST_MALFORMED}, /* less than its head */
	    {{0x80, 6, 0xd0, 2, 0, 1}, 6, ST_MALFORMED}, /* goes on for ever */
	    {{0x80, 7, 0xd0, 2, 0, 1, 9, 0, 1}, 9, ST_MALFORMED},
	    {{0, 8, 0xd0, 2, 0, 1, 9}, 7, ST_AGAIN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_of(cases[i].bytes, cases[i].len);
		struct drda_frame f;

		drda_frame_init(&f);
		assert_int_equal(hear(&f, &s, 1), cases[i].want);
		drda_frame_fini(&f);
	}
}

static void
objects_lie_within_what_holds_them(void **state)
{
	static const struct {
		uint8_t bytes[14];
		size_t len;
		enum status want;
		size_t data;
	} cases[] = {
	    {{0}, 0, ST_EOF, 0},
	    {{0, 4, 0x22, 5}, 4, ST_OK, 0},
	    {{0, 6, 0x22, 5, 7, 7}, 6, ST_OK, 2},
	    {{0, 7, 0x22, 5, 7, 7}, 6, ST_MALFORMED, 0},
	    {{0, 3, 0x22, 5}, 4, ST_MALFORMED, 0},
	    {{0, 4, 0x22}, 3, ST_MALFORMED, 0},
	    /* to the end, and with lengths of four, five and eight bytes */
	    {{0x80, 4, 0x14, 0x6c, 1, 2, 3}, 7, ST_OK, 3},
	    {{0x80, 8, 0x14, 0x6c, 0, 0, 0, 2, 1, 2}, 10, ST_OK, 2},
	    {{0x80, 8, 0x14, 0x6c, 0, 0, 0, 3, 1, 2}, 10, ST_MALFORMED, 0},
	    {{0x80, 9, 0x14, 0x6c, 0, 0, 0, 0, 1, 2}, 10, ST_MALFORMED, 0},
	    {{0x80, 12, 0x14, 0x6c, 0, 0, 0, 0, 0, 0, 0, 1, 9}, 13, ST_OK, 1},
	    {{0x80, 12, 0x14, 0x6c, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	      0xff, 9},
	     13,
	     ST_MALFORMED,
	     0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_of(cases[i].bytes, cases[i].len);
		struct drda_object o = {0};

		assert_int_equal(drda_next(&s, &o), cases[i].want);
		assert_int_equal(o.data.len, cases[i].data);
	}
}

static void
numbers_are_found_among_other_objects(void **state)
{
	static const uint8_t bytes[] = {
	    0, 5, 0x11, 0xa4, 0x0f, 0, 6, 0x11, 0x49, 0, 8, 0, 4, 0x21, 0x10};
	const struct span s = span_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(drda_number(s, DRDA_SECCHKCD, 99), 0x0f);
	assert_int_equal(drda_number(s, DRDA_SVRCOD, 99), 8);
	assert_int_equal(drda_number(s, DRDA_RDBNAM, 99), 99);
	assert_int_equal(drda_number(s, DRDA_USRID, 99), 99);
}

static void
text_of_every_known_code_page_becomes_utf8(void **state)
{
	static const struct {
		uint16_t ccsid;
		const char *bytes;
		size_t len;
		enum status st;
		const char *want;
	} cases[] = {
	    {1208, "n\xc3\xb6", 3, ST_OK, "n\xc3\xb6"},
	    {819, "n\xf6\x80", 3, ST_OK, "n\xc3\xb6\xc2\x80"},
	    {1252, "\x80\x93", 2, ST_OK, "\xe2\x82\xac\xe2\x80\x9c"},
	    {1200, "\0a\x20\xac", 4, ST_OK, "a\xe2\x82\xac"},
	    {1200, "\xd8\x3d\xde\x00", 4, ST_OK, "\xf0\x9f\x98\x80"},
	    {1200, "\xde\x00\0a\xd8\x3d", 6, ST_OK,
	     "\xef\xbf\xbd\x61\xef\xbf\xbd"},
	    {1200, "\0az", 3, ST_OK, "a\xef\xbf\xbd"},
	    {500, "\x81", 1, ST_UNSUPPORTED, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;

		buf_init(&b, 64);
		assert_int_equal(drda_text_known(cases[i].ccsid),
				 cases[i].st == ST_OK);
		assert_int_equal(
		    drda_text_add(&b, cases[i].ccsid,
				  span_of(cases[i].bytes, cases[i].len)),
		    cases[i].st);
		assert_int_equal(b.len, strlen(cases[i].want));
		if (b.len > 0)
			assert_memory_equal(b.data, cases[i].want, b.len);
		buf_fini(&b);
	}
}

static void
words_of_a_server_are_printable_and_fit(void **state)
{
	char text[6];

	(void)state;
	drda_text_plain(text, sizeof(text),
			span_of("\xc4\xc5\xd9\xc2\xe8\xf1\xf2", 7), false);
	assert_string_equal(text, "DERBY");
	drda_text_plain(text, sizeof(text), span_of("a\n\xc3\xa9", 4), true);
	assert_string_equal(text, "a???");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		commands_are_chained_and_data_has_the_number_of_its_command),
	    cmocka_unit_test(names_are_ebcdic_until_the_server_takes_utf8),
	    cmocka_unit_test(what_is_said_is_heard_again_whatever_its_length),
	    cmocka_unit_test(what_is_no_dss_is_refused),
	    cmocka_unit_test(objects_lie_within_what_holds_them),
	    cmocka_unit_test(numbers_are_found_among_other_objects),
	    cmocka_unit_test(text_of_every_known_code_page_becomes_utf8),
	    cmocka_unit_test(words_of_a_server_are_printable_and_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
