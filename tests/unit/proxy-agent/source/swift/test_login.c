#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/source_world.h"
#include "proxy-agent/source/swift/login.h"
#include "proxy-agent/source/swift/swift.h"

#define V1   "swift://b?auth=http://127.0.0.1:PORT/auth/v1.0"
#define V3   "swift://b?auth=http://127.0.0.1:PORT/v3"
#define V2   "swift://b?auth=http://127.0.0.1:PORT/v2.0"
#define KEYS "{\"token\":{\"catalog\":"
#define IDENTITY(catalog)                                                      \
	"HTTP/1.1 201 Made\r\nX-Subject-Token: t\r\n\r\n" KEYS catalog "}}"
#define STORE(url)                                                             \
	"[{\"type\":\"identity\",\"endpoints\":[{\"interface\":\"public\","    \
	"\"region\":\"one\",\"url\":\"http://127.0.0.1/no\"}]},{\"type\":"     \
	"\"object-store\",\"endpoints\":[{\"interface\":\"admin\",\"region\":" \
	"\"one\",\"url\":\"http://127.0.0.1/admin\"},{\"interface\":"          \
	"\"public\",\"region\":\"one\",\"url\":" url "}]}]"
/* As Rackspace answers, with the region of the user. */
#define ACCESS(token, home, services)                                          \
	FAKE_OK "{\"access\":{\"token\":{\"id\":" token "},\"user\":{"         \
		"\"RAX-AUTH:defaultRegion\":\"" home "\"},"                    \
		"\"serviceCatalog\":" services "}}"
#define CLOUD(region, at)                                                      \
	"{\"region\":\"" region "\",\"internalURL\":\"http://127.0.0.1/in\","  \
	"\"publicURL\":\"http://127.0.0.1/" at "\"}"
#define CLOUDS                                                                 \
	"[{\"type\":\"rax:object-cdn\",\"endpoints\":[" CLOUD(                 \
	    "one", "cdn") "]},{\"type\":\"object-store\",\"endpoints\":"       \
			  "[" CLOUD("one", "1") "," CLOUD("two", "2") "]}]"
#define SIGNED(token, store)                                                   \
	"HTTP/1.1 200 OK\r\nX-Auth-Token: " token "\r\nX-Storage-Url: " store  \
	"\r\n\r\n"

struct place {
	struct source_world w;
	struct swift_login login;
};

static enum status
begin_key(struct place *p, const struct fake_page *pages, const char *target,
	  const char *password, const char *key)
{
	struct url u;

	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &swift_source, pages, target);
	source_world_access(&p->w, "user", "ann\"\\");
	source_world_access(&p->w, "password", password);
	if (key != NULL)
		source_world_access(&p->w, "api_key", key);
	assert_int_equal(url_parse(p->w.target.path, &u), ST_OK);
	return swift_login_open(&p->login, &p->w.target, &u);
}

static enum status
begin(struct place *p, const struct fake_page *pages, const char *target,
      const char *password)
{
	return begin_key(p, pages, target, password, NULL);
}

static void
end(struct place *p)
{
	swift_login_close(&p->login);
	source_world_end(&p->w);
}

static void
a_user_and_password_become_a_token_and_an_address(void **state)
{
	static const struct {
		const char *url;
		struct fake_page page;
		const char *has, *token, *storage;
	} rows[] = {
	    {V1,
	     {.path = "/auth/v1.0",
	      .answer = SIGNED("t", "http://127.0.0.1/a/")},
	     "X-Auth-User: ann\"\\\r\n",
	     "t",
	     "http://127.0.0.1/a"},
	    {V3 "&project=p%25&region=one",
	     {.path = "/v3/auth/tokens",
	      .answer = IDENTITY(STORE("\"http://127.0.0.1/b//\""))},
	     "{\"user\":{\"name\":\"ann\\u0022\\u005c\",\"domain\":{\"name\":"
	     "\"Default\"},\"password\":\"p\\u000aq\"}}},\"scope\":{"
	     "\"project\":{\"name\":\"p%\",",
	     "t",
	     "http://127.0.0.1/b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {rows[i].page, {.path = NULL}};
		struct place p;

		assert_int_equal(
		    begin(&p, pages, rows[i].url, i == 0 ? "pq" : "p\nq"),
		    ST_OK);
		assert_non_null(strstr(p.w.server.seen->last, rows[i].has));
		assert_true(str_is(buf_span(&p.login.token), rows[i].token));
		assert_true(
		    str_is(buf_span(&p.login.storage), rows[i].storage));
		end(&p);
	}
}

static void
an_api_key_opens_the_store_of_a_region(void **state)
{
#define BY_KEY                                                                 \
	"{\"auth\":{\"RAX-KSKEY:apiKeyCredentials\":{\"username\":\"ann"       \
	"\\u0022\\u005c\",\"apiKey\":\"made up\"}}}"
	static const struct {
		const char *target, *home, *key, *asked, *storage;
	} rows[] = {
	    {V2, "two", "made up", BY_KEY, "http://127.0.0.1/2"},
	    {V2 "&region=one", "two", "made up", BY_KEY, "http://127.0.0.1/1"},
	    {V2, "elsewhere", "made up", BY_KEY, "http://127.0.0.1/1"},
	    {V2 "&project=p", "two", NULL,
	     "{\"auth\":{\"passwordCredentials\":{\"username\":\"ann\\u0022"
	     "\\u005c\",\"password\":\"pq\"},\"tenantName\":\"p\"}}",
	     "http://127.0.0.1/2"},
	};
#undef BY_KEY

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/v2.0/tokens",
		     .answer = strcmp(rows[i].home, "two") == 0
				   ? ACCESS("\"t\"", "two", CLOUDS)
				   : ACCESS("\"t\"", "elsewhere", CLOUDS)},
		    {.path = NULL}};
		struct place p;

		assert_int_equal(
		    begin_key(&p, pages, rows[i].target, "pq", rows[i].key),
		    ST_OK);
		assert_non_null(strstr(p.w.server.seen->last, rows[i].asked));
		assert_true(str_is(buf_span(&p.login.token), "t"));
		assert_true(
		    str_is(buf_span(&p.login.storage), rows[i].storage));
		end(&p);
	}
}

static void
an_answer_that_is_no_sign_in_says_why(void **state)
{
	static const struct {
		const char *url, *answer;
		enum status st;
		const char *why;
	} rows[] = {
	    {V1, FAKE_NO("401 No"), ST_DENIED, "refused this user"},
	    {V3, FAKE_NO("403 No"), ST_DENIED, "refused this user"},
	    {V3, FAKE_NO("500 No"), ST_IO, "500"},
	    {V1, FAKE_NO("429 No"), ST_AGAIN, "429"},
	    {V1, FAKE_OK "<html>", ST_MALFORMED, "no sign-in"},
	    {V1, SIGNED("t", "nowhere"), ST_MALFORMED, "no sign-in"},
	    {V1, SIGNED("t", "ftp://127.0.0.1/"), ST_MALFORMED, "no sign-in"},
	    {V1, SIGNED("", "http://127.0.0.1/"), ST_MALFORMED, "no sign-in"},
	    {V3, IDENTITY("7"), ST_NOTFOUND, "catalogue"},
	    {V3, IDENTITY("[7,{\"type\":\"object-store\",\"endpoints\":{}}]"),
	     ST_NOTFOUND, "catalogue"},
	    {V3, IDENTITY(STORE("7")), ST_NOTFOUND, "catalogue"},
	    {V3 "&region=two", IDENTITY(STORE("\"http://127.0.0.1/\"")),
	     ST_NOTFOUND, "catalogue"},
	    {V3, IDENTITY("[{"), ST_MALFORMED, "no sign-in"},
	    {V2, FAKE_NO("401 No"), ST_DENIED, "refused this user"},
	    {V2, ACCESS("7", "one", CLOUDS), ST_MALFORMED, "no sign-in"},
	    {V2, ACCESS("\"t\"", "one", "[]"), ST_NOTFOUND, "catalogue"},
	    {V2 "&region=no", ACCESS("\"t\"", "one", CLOUDS), ST_NOTFOUND,
	     "catalogue"},
	    {V2, FAKE_OK "[]", ST_NOTFOUND, "catalogue"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/auth/v1.0", .answer = rows[i].answer},
		    {.path = "/v3/auth/tokens", .answer = rows[i].answer},
		    {.path = "/v2.0/tokens", .answer = rows[i].answer},
		    {.path = NULL}};
		struct place p;

		assert_int_equal(begin(&p, pages, rows[i].url, "made up"),
				 rows[i].st);
		assert_non_null(strstr(source_world_why(&p.w), rows[i].why));
		assert_null(strstr((char *)p.w.why.data, "made up"));
		end(&p);
	}
}

/* 192.0.2.1 is an address of documents (RFC 5737). */
static void
a_token_is_not_sent_in_clear_to_another_host(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/auth/v1.0", .answer = SIGNED("t", "http://192.0.2.1/a")},
	    {.path = NULL}};
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, pages, V1, "made up"), ST_USAGE);
	assert_non_null(strstr(source_world_why(&p.w), "the token"));
	end(&p);
}

/* What the walk goes on with was found at the first address. */
static void
a_new_token_does_not_move_the_store(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/auth/v1.0",
	     .first = 1,
	     .before = SIGNED("one", "http://127.0.0.1:PORT/a"),
	     .answer = SIGNED("two", "http://192.0.2.1/a")},
	    {.path = NULL}};
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, pages, V1, "made up"), ST_OK);
	assert_int_equal(swift_login_renew(&p.login), ST_OK);
	assert_true(str_is(buf_span(&p.login.token), "two"));
	assert_true(str_ends(buf_span(&p.login.storage), "/a"));
	assert_true(str_starts(buf_span(&p.login.storage), "http://127.0.0.1"));
	end(&p);
}

static void
a_renewal_that_fails_keeps_nothing_half(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/auth/v1.0",
	     .first = 1,
	     .before = SIGNED("one", "http://127.0.0.1:PORT/a"),
	     .answer = FAKE_OK},
	    {.path = NULL}};
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, pages, V1, "made up"), ST_OK);
	assert_int_equal(swift_login_renew(&p.login), ST_MALFORMED);
	assert_true(str_ends(buf_span(&p.login.storage), "/a"));
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_user_and_password_become_a_token_and_an_address),
	    cmocka_unit_test(an_api_key_opens_the_store_of_a_region),
	    cmocka_unit_test(an_answer_that_is_no_sign_in_says_why),
	    cmocka_unit_test(a_token_is_not_sent_in_clear_to_another_host),
	    cmocka_unit_test(a_new_token_does_not_move_the_store),
	    cmocka_unit_test(a_renewal_that_fails_keeps_nothing_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
