#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/web/links.h"

static void
on_link(void *arg, struct span ref)
{
	assert_int_equal(
	    buf_addf(arg, "%.*s\n", (int)ref.len, (const char *)ref.ptr),
	    ST_OK);
}

static void
on_base(void *arg, struct span ref)
{
	assert_int_equal(
	    buf_addf(arg, "base %.*s\n", (int)ref.len, (const char *)ref.ptr),
	    ST_OK);
}

static void
found(const char *page, size_t piece, const char *want)
{
	struct buf to;
	const struct links_hear hear = {
	    .link = on_link, .base = on_base, .arg = &to};
	struct links l;
	size_t n = strlen(page);

	buf_init(&to, 1 << 20);
	links_init(&l, &hear);
	for (size_t i = 0; i < n; i += piece)
		links_feed(&l,
			   span_of(page + i, n - i < piece ? n - i : piece));
	links_fini(&l);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_string_equal((const char *)to.data, want);
	buf_fini(&to);
}

static const struct {
	const char *page, *want;
} cases[] = {
    {"<a href=\"x\">y</a>", "x\n"},
    {"<A HREF='x y'>", "x y\n"},
    {"<a href=x/y>", "x/y\n"},
    {"<a\nclass=k\thref = \"x\" />", "x\n"},
    {"<img src=a><img src=\"b\"/>", "a\nb\n"},
    {"<form action=\"/go?a=1&amp;b=2\">", "/go?a=1&b=2\n"},
    {"<a href='&#x2f;a&#47;b'>", "/a/b\n"},
    {"<img srcset='a.png 1x, b,c.png 2x, d.png'>", "a.png\nb,c.png\nd.png\n"},
    {"<meta http-equiv=refresh content=\"5; url=next\">", "next\n"},
    {"<meta content='0;URL=\"n e\"' http-equiv='Refresh'>", "n e\n"},
    {"<meta name=x content=\"5; url=next\">", ""},
    {"<base href='/d/'><a href=x>", "base /d/\nx\n"},
    {"<a href='#top'>", ""},
    {"<a href=''>", ""},
    {"<!-- <a href=no> --><a href=yes>", "yes\n"},
    {"<!---><a href=yes>", "yes\n"},
    {"<!doctype html><a href=yes>", "yes\n"},
    {"<script>'<a href=no>'</script><a href=yes>", "yes\n"},
    {"<script src=s.js>x</SCRIPT ><a href=yes>", "s.js\nyes\n"},
    {"<script></scripted><a href=no></script><a href=yes>", "yes\n"},
    {"<style>a<b</style><a href=yes>", "yes\n"},
    {"<?php <a href=no> ?><a href=yes>", "yes\n"},
    {"a < b <a href=yes>", "yes\n"},
    {"<<a href=yes>", "yes\n"},
    {"<a href=\"never ends", ""},
    {"<a data-x=no href>", ""},
    {"<iframe src=i></iframe><object data=o><video poster=p>", "i\no\np\n"},
};

static void
references_are_found_in_any_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found(cases[i].page, 1, cases[i].want);
		found(cases[i].page, 7, cases[i].want);
		found(cases[i].page, 1000, cases[i].want);
	}
}

static void
a_value_without_end_is_no_link(void **state)
{
	static char page[20000];

	(void)state;
	memset(page, 'x', sizeof(page) - 1);
	memcpy(page, "<a href='", 9);
	memcpy(page + sizeof(page) - 20, "'><a href=yes>\n   ", 18);
	found(page, 100, "yes\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(references_are_found_in_any_pieces),
	    cmocka_unit_test(a_value_without_end_is_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
