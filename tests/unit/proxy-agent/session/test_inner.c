#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "proxy-agent/session/inner.h"

static const struct inner_form xml = {"MimeContent", '>', '<'};
static const struct inner_form json = {"\"raw\"", '"', '"'};

/* In pieces of n bytes; what came out, and how it ended. */
static enum status
feed(struct inner *i, const char *text, size_t n, struct buf *to)
{
	struct span rest = span_str(text);
	enum status st = ST_OK;

	while (st == ST_OK && rest.len > 0) {
		struct span piece =
		    span_of(rest.ptr, n < rest.len ? n : rest.len);
		uint8_t out[256];
		size_t got;

		st = inner_feed(i, piece, out, &got);
		assert_true(got <= piece.len);
		assert_int_equal(buf_add(to, out, got), ST_OK);
		rest = span_skip(rest, piece.len);
	}
	return st;
}

static void
an_object_within_an_answer_is_decoded_however_it_is_cut(void **state)
{
	static const struct {
		const struct inner_form *form;
		const char *text, *want;
	} cases[] = {
	    {&xml, "<a><t:MimeContent CharacterSet=\"UTF-8\">aGVsbG8=<b>",
	     "hello"},
	    {&xml, "<MimeContent>aGVs\r\n bG8h</t>x", "hello!"},
	    {&xml, "<MimeMimeContent>aGVsbA</t>", "hell"},
	    {&xml, "<MimeContent></MimeContent>", ""},
	    {&json, "{\"id\":\"aa\",\"raw\": \"_-8\",\"x\":1}", "\xff\xef"},
	    {&json, "{\"raw\":\"\\/+8=\"}", "\xff\xef"},
	};

	(void)state;
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		for (size_t n = 1; n < 60; n++) {
			struct inner i;
			struct buf got;

			buf_init(&got, 100);
			inner_init(&i, cases[k].form);
			assert_int_equal(feed(&i, cases[k].text, n, &got),
					 ST_OK);
			assert_true(inner_ended(&i));
			assert_true(
			    span_eq(buf_span(&got), span_str(cases[k].want)));
			buf_fini(&got);
		}
}

static void
what_is_cut_or_no_base64_has_no_end(void **state)
{
	static const struct {
		const char *text;
		enum status st;
		bool begun;
	} cases[] = {
	    {"<ResponseCode>ErrorItemNotFound</ResponseCode>", ST_OK, false},
	    {"<MimeContent>aGVsbG8", ST_OK, true},
	    {"<MimeContent>aGV&bG8=</MimeContent>", ST_MALFORMED, true},
	    {"<MimeContent>a<", ST_MALFORMED, true},
	};

	(void)state;
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		struct inner i;
		struct buf got;
		enum status st;

		buf_init(&got, 100);
		inner_init(&i, &xml);
		st = feed(&i, cases[k].text, 7, &got);
		assert_int_equal(st, cases[k].st);
		assert_int_equal(inner_begun(&i), cases[k].begun);
		assert_false(st == ST_OK && inner_ended(&i));
		buf_fini(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_object_within_an_answer_is_decoded_however_it_is_cut),
	    cmocka_unit_test(what_is_cut_or_no_base64_has_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
