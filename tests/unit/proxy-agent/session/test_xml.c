#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "proxy-agent/session/xml.h"

static void
hear_close(void *arg, const char *in, const char *name, struct span text)
{
	assert_int_equal(buf_addf(arg, "%s/%s=%.*s;", in, name, (int)text.len,
				  (const char *)text.ptr),
			 ST_OK);
}

static enum status
heard(const char *doc, struct buf *to)
{
	const struct xml_hear hear = {.close = hear_close, .arg = to};

	return xml_parse(&hear, span_str(doc));
}

static void
elements_are_told_with_their_text(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 10000);
	assert_int_equal(heard("<?xml version='1.0'?><L xmlns='urn:x'>"
			       "<d:C xmlns:d='DAV:'><Key>a &amp; b&#xE9;</Key>"
			       "<S/></d:C></L>",
			       &to),
			 ST_OK);
	assert_true(span_eq(buf_span(&to),
			    span_str("C/Key=a & b\xC3\xA9;C/S=;L/C=;/L=;")));
	buf_fini(&to);
}

static void
a_document_with_a_doctype_is_refused(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 10000);
	assert_int_equal(heard("<!DOCTYPE l [<!ENTITY e 'x'>]><l>&e;</l>", &to),
			 ST_MALFORMED);
	assert_int_equal(
	    heard("<!DOCTYPE l SYSTEM 'file:///etc/passwd'><l/>", &to),
	    ST_MALFORMED);
	assert_int_equal(to.len, 0);
	buf_fini(&to);
}

static void
what_is_cut_or_endless_is_refused(void **state)
{
	static char deep[40 * 3 + 1], text[XML_TEXT + 100];
	struct buf to;

	(void)state;
	buf_init(&to, 1 << 20);
	assert_int_equal(heard("<a><b>", &to), ST_MALFORMED);
	assert_int_equal(heard("no xml", &to), ST_MALFORMED);
	for (size_t i = 0; i < 40; i++)
		memcpy(deep + 3 * i, "<a>", 3);
	assert_int_equal(heard(deep, &to), ST_LIMIT);
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "<a>", 3);
	assert_int_equal(heard(text, &to), ST_LIMIT);
	buf_fini(&to);
}

static void
pieces_make_no_difference(void **state)
{
	static const char doc[] = "<a><k>one two</k><k>three</k></a>";
	struct buf to;

	(void)state;
	buf_init(&to, 10000);
	for (size_t cut = 1; cut < sizeof(doc) - 1; cut++) {
		const struct xml_hear hear = {.close = hear_close, .arg = &to};
		struct xml *x;

		buf_clear(&to);
		assert_int_equal(xml_open(&hear, &x), ST_OK);
		assert_int_equal(xml_feed(x, span_of(doc, cut), false), ST_OK);
		assert_int_equal(
		    xml_feed(x, span_of(doc + cut, sizeof(doc) - 1 - cut),
			     true),
		    ST_OK);
		xml_close(x);
		assert_true(span_eq(buf_span(&to),
				    span_str("a/k=one two;a/k=three;/a=;")));
	}
	buf_fini(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elements_are_told_with_their_text),
	    cmocka_unit_test(a_document_with_a_doctype_is_refused),
	    cmocka_unit_test(what_is_cut_or_endless_is_refused),
	    cmocka_unit_test(pieces_make_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
