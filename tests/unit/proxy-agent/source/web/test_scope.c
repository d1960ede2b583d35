#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/web/scope.h"
#include "proxy-agent/source/web/web.h"

static const struct fake_page none[] = {{.path = NULL}};

struct place {
	struct source_world w;
	struct scope scope;
	struct http *http;
};

static void
begin(struct place *p, const struct fake_page *pages, const char *home,
      const char *const *pairs)
{
	struct http_options o = {.limits = http_limits_default};

	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &http_source, pages, home);
	for (; pairs != NULL && *pairs != NULL; pairs += 2)
		source_world_option(&p->w, pairs[0], pairs[1]);
	o.site = p->w.target.path;
	o.limits.tries = 1;
	assert_int_equal(http_open(&o, &p->http), ST_OK);
}

static void
enter(struct place *p)
{
	assert_int_equal(
	    scope_open(&p->scope, &p->w.target, p->w.target.path, p->http),
	    ST_OK);
}

static void
end(struct place *p)
{
	scope_close(&p->scope);
	http_close(p->http);
	source_world_end(&p->w);
}

static void
what_belongs_to_a_target_follows_from_its_address(void **state)
{
	static const struct {
		const char *pairs[5];
		const char *url;
		bool has;
	} rows[] = {
	    {{NULL}, "http://h.example/f/", true},
	    {{NULL}, "http://h.example/f/x/y?z", true},
	    {{NULL}, "https://h.example/f/x", true},
	    {{NULL}, "http://www.h.example/f/x", true},
	    {{NULL}, "http://h.example/g", false},
	    {{NULL}, "http://h.example/f", false},
	    {{NULL}, "http://h.example.evil.example/f/", false},
	    {{NULL}, "http://evil.example/h.example/f/", false},
	    {{NULL}, "http://wwwh.example/f/", false},
	    {{NULL}, "http://h.example:81/f/x", false},
	    {{NULL}, "ftp://h.example/f/x", false},
	    {{NULL}, "javascript:alert(1)", false},
	    {{NULL}, "", false},
	    {{NULL}, "http:///f/", false},
	    {{"within", "/"}, "http://h.example/g", true},
	    {{"hosts", "*.example, 10.0.0.?"}, "http://o.example/g", true},
	    {{"hosts", "*.example, 10.0.0.?"}, "http://10.0.0.7/g", true},
	    {{"hosts", "*.example, 10.0.0.?"}, "http://10.0.0.77/g", false},
	    {{"hosts", ",,"}, "http://o.example/g", false},
	    {{"include", "/f/a*"}, "http://h.example/f/a?b", true},
	    {{"include", "/f/a*"}, "http://h.example/f/b", false},
	    {{"include", "/f/a*"}, "http://h.example/f/", true}, /* home */
	    {{"exclude", "*?print=*"}, "http://h.example/f/a?print=1", false},
	    {{"exclude", "*?print=*"}, "http://h.example/f/a", true},
	    {{"include", "*", "exclude", "/f/[b"},
	     "http://h.example/f/b",
	     true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		begin(&p, none, "http://h.example/f/", rows[i].pairs);
		enter(&p);
		assert_int_equal(scope_has(&p.scope, span_str(rows[i].url)),
				 rows[i].has);
		end(&p);
	}
}

static void
who_is_signed_in_does_not_sign_out(void **state)
{
	static const char *const urls[] = {"http://h.example/LogOut",
					   "http://h.example/a?do=sign_out",
					   "http://h.example/session/logoff/x"};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct place p;

		begin(&p, none, "http://h.example/", NULL);
		enter(&p);
		assert_true(scope_has(&p.scope, span_str(urls[i])));
		scope_close(&p.scope);
		source_world_access(&p.w, "cookie", "made=up");
		enter(&p);
		assert_false(scope_has(&p.scope, span_str(urls[i])));
		end(&p);
	}
}

/* As RFC 9309, 2.3.1 wants it. */
static void
robots_txt_is_asked_for_once_and_believed(void **state)
{
	static const struct {
		const char *answer;
		bool a, b;
	} rows[] = {
	    {FAKE_OK "User-agent: *\nDisallow: /a\n", false, true},
	    {FAKE_OK "User-agent: *\nDisallow: /\nAllow: /a\n", true, false},
	    {FAKE_OK "", true, true},
	    {FAKE_NO("404 No"), true, true},
	    {FAKE_NO("401 No"), true, true},
	    {FAKE_NO("503 No"), false, false},
	    {FAKE_NO("429 No"), false, false},
	    {"", false, false}, /* the connection ends */
	    {"HTTP/1.1 302 To\r\nLocation: /r2\r\n\r\n", false, true},
	    {"HTTP/1.1 302 To\r\nLocation: /robots.txt\r\n\r\n", false, false},
	    {"HTTP/1.1 302 To\r\nLocation: http://169.254.169.254/\r\n\r\n",
	     false, false},
	    {"HTTP/1.1 302 To\r\nLocation: file:///etc/passwd\r\n\r\n", true,
	     true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/robots.txt", .answer = rows[i].answer},
		    {.path = "/r2",
		     .answer = FAKE_OK "User-agent: *\nDisallow: /a\n"},
		    {.path = NULL}};
		char a[60], b[60];
		unsigned asked;
		struct place p;

		begin(&p, pages, "http://127.0.0.1:PORT/", NULL);
		enter(&p);
		snprintf(a, sizeof(a), "%.*sa", (int)p.w.target.path.len,
			 p.w.url);
		snprintf(b, sizeof(b), "%.*sb", (int)p.w.target.path.len,
			 p.w.url);
		assert_int_equal(scope_forbids(&p.scope, span_str(a)) == NULL,
				 rows[i].a);
		asked = p.w.server.seen->all;
		assert_int_equal(scope_forbids(&p.scope, span_str(b)) == NULL,
				 rows[i].b);
		assert_int_equal(p.w.server.seen->all, asked);
		assert_true(asked >= 1 && asked <= 6);
		end(&p);
	}
}

static void
robots_txt_may_be_left_aside(void **state)
{
	static const char *const pairs[] = {"robots", "ignore", NULL};
	struct place p;

	(void)state;
	begin(&p, none, "http://127.0.0.1:PORT/", pairs);
	enter(&p);
	assert_null(scope_forbids(&p.scope, p.w.target.path));
	assert_null(scope_robots(&p.scope, p.w.target.path));
	assert_int_equal(p.w.server.seen->all, 0);
	end(&p);
}

/* A page may name any number of hosts; what is not known is not read. */
static void
hosts_beyond_the_limit_are_forbidden(void **state)
{
	unsigned allowed = 0;
	struct place p;
	char url[60];

	(void)state;
	begin(&p, none, "http://127.0.0.1:PORT/", NULL);
	enter(&p);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(url, sizeof(url), "http://127.0.1.%u:%u/", i % 250,
			 1 + i / 250);
		allowed += scope_forbids(&p.scope, span_str(url)) == NULL;
	}
	assert_int_equal(allowed, 0);
	assert_true(p.scope.site_count <= 256);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_belongs_to_a_target_follows_from_its_address),
	    cmocka_unit_test(who_is_signed_in_does_not_sign_out),
	    cmocka_unit_test(robots_txt_is_asked_for_once_and_believed),
	    cmocka_unit_test(robots_txt_may_be_left_aside),
	    cmocka_unit_test(hosts_beyond_the_limit_are_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
