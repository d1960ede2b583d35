#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/href.h"

static void
joined(const char *base, const char *ref, const char *want)
{
	struct buf to;
	enum status st;

	buf_init(&to, HREF_MAX);
	st = href_join(span_str(base), span_str(ref), &to);
	if (want == NULL) {
		assert_int_not_equal(st, ST_OK);
	} else {
		assert_int_equal(st, ST_OK);
		assert_int_equal(buf_add_byte(&to, 0), ST_OK);
		assert_string_equal((const char *)to.data, want);
	}
	buf_fini(&to);
}

/* RFC 3986, 5.4; fragments are dropped, since they are never sent. */
static void
references_lead_where_the_standard_says(void **state)
{
	static const char base[] = "http://a/b/c/d;p?q";
	static const struct {
		const char *ref, *want;
	} cases[] = {
	    {"g", "http://a/b/c/g"},
	    {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"},
	    {"/g", "http://a/g"},
	    {"//g", "http://g/"},
	    {"?y", "http://a/b/c/d;p?y"},
	    {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q"},
	    {"g?y#s", "http://a/b/c/g?y"},
	    {";x", "http://a/b/c/;x"},
	    {"", "http://a/b/c/d;p?q"},
	    {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"},
	    {"..", "http://a/b/"},
	    {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"},
	    {"../..", "http://a/"},
	    {"../../g", "http://a/g"},
	    {"../../../g", "http://a/g"},
	    {"/./g", "http://a/g"},
	    {"/../g", "http://a/g"},
	    {"g.", "http://a/b/c/g."},
	    {"..g", "http://a/b/c/..g"},
	    {"./../g", "http://a/b/g"},
	    {"./g/.", "http://a/b/c/g/"},
	    {"g/../h", "http://a/b/c/h"},
	    {"g;x=1/../y", "http://a/b/c/y"},
	    {"g?y/../x", "http://a/b/c/g?y/../x"},
	    {"http:g", "http://a/b/c/g"},
	    {"g:h", NULL},
	    {"mailto:someone", NULL},
	    {"javascript:void(0)", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		joined(base, cases[i].ref, cases[i].want);
}

static void
all_spellings_of_an_address_are_one(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"HTTP://Host.Example:80", "http://host.example/"},
	    {"https://host:443/a/%7euser/%2e%2e/b", "https://host/a/b"},
	    {"http://host:8080/%c3%a9?a=%2f", "http://host:8080/%C3%A9?a=%2F"},
	    {"http://user:secret@host/x", "http://host/x"},
	    {"http://host/a b\xC3\xA9?q=\"x\"",
	     "http://host/a%20b%C3%A9?q=%22x%22"},
	    {"http://[::1]:80/", "http://[::1]/"},
	    {"http://[FE80::1]:8000/x", "http://[fe80::1]:8000/x"},
	    {" \thttp://ho\nst/x\r\n", "http://host/x"},
	    {"http:\\\\host\\a\\b", "http://host/a/b"},
	    {"http://host//a//b", "http://host//a//b"},
	    {"http://host/a/?", "http://host/a/?"},
	    {"http://host/100%", "http://host/100%25"},
	    {"http:///nowhere", NULL},
	    {"http://host:99999/", NULL},
	    {"http://ho st/", NULL},
	    {"http://host::/", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		joined(cases[i].text, cases[i].text, cases[i].want);
}

static void
a_reference_that_is_too_long_is_refused(void **state)
{
	static char ref[HREF_MAX + 2];

	(void)state;
	memset(ref, 'a', sizeof(ref) - 1);
	joined("http://host/", ref, NULL);
}

static void
an_authority_has_user_host_and_port(void **state)
{
	static const struct {
		const char *text, *user, *host;
		unsigned port;
	} cases[] = {
	    {"host", NULL, "host", 0},
	    {"host:81", NULL, "host", 81},
	    {"a:b@c@host:81", "a:b@c", "host", 81},
	    {"[::1]:5", NULL, "::1", 5},
	    {"[fe80::2]", NULL, "fe80::2", 0},
	};
	struct href_place p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(href_place(span_str(cases[i].text), &p),
				 ST_OK);
		assert_true(span_eq(p.host, span_str(cases[i].host)));
		assert_int_equal(p.port, cases[i].port);
		assert_int_equal(p.has_user, cases[i].user != NULL);
		if (cases[i].user != NULL)
			assert_true(span_eq(p.user, span_str(cases[i].user)));
	}
	assert_int_equal(href_place(span_str(":80"), &p), ST_MALFORMED);
	assert_int_equal(href_place(span_str("h:0"), &p), ST_MALFORMED);
}

static void
a_parameter_is_found_by_its_whole_name(void **state)
{
	struct span q = span_str("endpoint2=x&endpoint=http%3A%2F%2Fh&empty=");
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	assert_true(href_param(q, "endpoint", &to));
	assert_true(span_eq(buf_span(&to), span_str("http://h")));
	assert_true(href_param(q, "empty", &to));
	assert_int_equal(to.len, 0);
	assert_false(href_param(q, "region", &to));
	buf_fini(&to);
}

static void
sites_differ_by_scheme_host_or_port(void **state)
{
	struct span a = span_str("http://h:81/x");

	(void)state;
	assert_true(href_same_site(a, span_str("http://h:81/y?z")));
	assert_false(href_same_site(a, span_str("http://h/x")));
	assert_false(href_same_site(a, span_str("https://h:81/x")));
	assert_false(href_same_site(a, span_str("http://hh:81/x")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(references_lead_where_the_standard_says),
	    cmocka_unit_test(all_spellings_of_an_address_are_one),
	    cmocka_unit_test(a_reference_that_is_too_long_is_refused),
	    cmocka_unit_test(an_authority_has_user_host_and_port),
	    cmocka_unit_test(a_parameter_is_found_by_its_whole_name),
	    cmocka_unit_test(sites_differ_by_scheme_host_or_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
