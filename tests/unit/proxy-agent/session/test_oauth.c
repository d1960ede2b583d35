#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/codec.h"
#include "base/str.h"
#include "fake/fake_http.h"
#include "fake/fake_tls.h"
#include "proxy-agent/session/oauth.h"

#define ROOM 16384

struct world {
	uint8_t bytes[ROOM];
	struct oauth_order order;
	struct oauth *oauth;
	struct buf why, ask;
};

static void
begin(struct world *w, const char *vendor, const char *const *pairs)
{
	size_t n = 0;

	memset(w, 0, sizeof(*w));
	buf_init(&w->why, 1000);
	buf_init(&w->ask, ROOM);
	for (; *pairs != NULL; pairs += 2)
		assert_int_equal(pairs_add(w->bytes, ROOM, &n,
					   span_str(pairs[0]),
					   span_str(pairs[1])),
				 ST_OK);
	w->order = (struct oauth_order){
	    .vendor = oauth_vendor(vendor),
	    .scope = "https://a.example/x y",
	    .tenant = span_str("contoso/.."),
	    .subject = span_str("anna@example.org"),
	    .access = {span_of(w->bytes, n)},
	    .limits = http_limits_default,
	};
	assert_non_null(w->order.vendor);
}

static void
end(struct world *w)
{
	oauth_close(w->oauth);
	buf_fini(&w->why);
	buf_fini(&w->ask);
}

static void
asks(struct world *w, const char *want)
{
	assert_int_equal(oauth_open(&w->order, &w->oauth, &w->why), ST_OK);
	assert_int_equal(oauth_ask(w->oauth, 1000, &w->ask), ST_OK);
	assert_int_equal(buf_add_byte(&w->ask, 0), ST_OK);
	assert_string_equal((const char *)w->ask.data, want);
}

static void
what_a_credential_holds_says_how_to_sign_in(void **state)
{
	static const struct {
		const char *pairs[9];
		const char *want;
	} cases[] = {
	    {{"client_id", "a&b", "client_secret", "s=1", NULL},
	     "grant_type=client_credentials&client_id=a%26b&client_secret="
	     "s%3D1&scope=https%3A%2F%2Fa.example%2Fx%20y"},
	    {{"client_id", "a", "refresh_token", "r", NULL},
	     "grant_type=refresh_token&client_id=a&refresh_token=r"},
	    {{"client_id", "a", "client_secret", "s", "refresh_token", "r",
	      NULL},
	     "grant_type=refresh_token&client_id=a&client_secret=s&"
	     "refresh_token=r"},
	    {{"client_id", "a", "client_secret", "s", "enterprise_id", "12",
	      NULL},
	     "grant_type=client_credentials&client_id=a&client_secret=s&scope="
	     "https%3A%2F%2Fa.example%2Fx%20y&box_subject_type=enterprise&"
	     "box_subject_id=12"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;

		begin(&w, "box", cases[i].pairs);
		asks(&w, cases[i].want);
		end(&w);
	}
}

static void
a_token_that_is_given_is_taken_as_it_is(void **state)
{
	const char *const pairs[] = {"token", "t1", NULL};
	struct span token;
	struct world w;

	(void)state;
	begin(&w, "google", pairs);
	assert_int_equal(oauth_open(&w.order, &w.oauth, &w.why), ST_OK);
	assert_int_equal(oauth_token(w.oauth, &token), ST_OK);
	assert_true(str_is(token, "t1"));
	assert_int_equal(oauth_denied(w.oauth, 0), ST_DENIED);
	assert_string_not_equal(oauth_why(w.oauth), "");
	end(&w);
}

static void
a_credential_that_leads_nowhere_safe_is_refused(void **state)
{
	static const struct {
		const char *pairs[7];
		enum status st;
		const char *why;
	} cases[] = {
	    {{"user", "a", "password", "b", NULL}, ST_USAGE, "client_id"},
	    {{"client_id", "a", NULL}, ST_USAGE, "client_id"},
	    {{"client_id", "a", "client_secret", "s", "sign_in",
	      "http://login.example/"},
	     ST_USAGE,
	     "https"},
	    {{"client_id", "a", "client_secret", "s", "sign_in", "login"},
	     ST_MALFORMED,
	     "credential"},
	    {{"client_email", "a@example.org", "private_key", "none", NULL},
	     ST_MALFORMED,
	     "private_key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;

		begin(&w, "microsoft", cases[i].pairs);
		assert_int_equal(oauth_open(&w.order, &w.oauth, &w.why),
				 cases[i].st);
		assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
		assert_non_null(strstr((const char *)w.why.data, cases[i].why));
		end(&w);
	}
}

/* A key for this test alone, as PEM and a C string. */
static EVP_PKEY *
make_key(char *pem, size_t room)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	BIO *out = BIO_new(BIO_s_mem());
	int n;

	assert_int_equal(
	    PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
	n = BIO_read(out, pem, (int)room - 1);
	assert_true(n > 0);
	pem[n] = 0;
	BIO_free(out);
	return key;
}

static void
is_signed(EVP_PKEY *key, struct span text, struct span mark)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct buf raw;

	buf_init(&raw, 4096);
	assert_int_equal(codec_unbase64(CODEC_BASE64_URL, mark, &raw), ST_OK);
	assert_int_equal(
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(
	    EVP_DigestVerify(ctx, raw.data, raw.len, text.ptr, text.len), 1);
	EVP_MD_CTX_free(ctx);
	buf_fini(&raw);
}

static void
a_service_account_signs_who_it_acts_for(void **state)
{
	static const char head[] = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3A"
				   "grant-type%3Ajwt-bearer&assertion=";
	static const char want[] =
	    "{\"iss\":\"robot@example.org\",\"scope\":\"https://a.example/x y\""
	    ",\"aud\":\"https://oauth2.googleapis.com/token\",\"iat\":1000,"
	    "\"exp\":4600,\"sub\":\"anna@example.org\"}";
	char pem[4096];
	EVP_PKEY *key = make_key(pem, sizeof(pem));
	const char *const pairs[] = {"client_email",
				     "robot@example.org",
				     "private_key",
				     pem,
				     "client_id",
				     "1",
				     NULL};
	struct span all, rest, one, text;
	struct buf claims;
	struct world w;

	(void)state;
	begin(&w, "google", pairs);
	buf_init(&claims, ROOM);
	assert_int_equal(oauth_open(&w.order, &w.oauth, &w.why), ST_OK);
	assert_int_equal(oauth_ask(w.oauth, 1000, &w.ask), ST_OK);
	assert_true(str_starts(buf_span(&w.ask), head));
	all = rest = span_skip(buf_span(&w.ask), strlen(head));
	assert_true(str_next(&rest, '.', &one));
	assert_true(str_next(&rest, '.', &one));
	text = span_of(all.ptr, (size_t)(one.ptr - all.ptr) + one.len);
	assert_int_equal(codec_unbase64(CODEC_BASE64_URL, one, &claims), ST_OK);
	assert_true(str_is(buf_span(&claims), want));
	is_signed(key, text, rest);
	EVP_PKEY_free(key);
	buf_fini(&claims);
	end(&w);
}

static void
a_sign_in_that_is_cut_off_sends_the_secret_three_times(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/token", .answer = ""},
	    {.path = NULL},
	};
	struct fake_http server;
	char place[64];
	const char *const pairs[] = {"client_id", "a",       "client_secret",
				     "made-up",   "sign_in", place,
				     NULL};
	struct span token;
	struct world w;

	(void)state;
	fake_https_start(&server, pages);
	snprintf(place, sizeof(place), "https://127.0.0.1:%u/token",
		 server.port);
	begin(&w, "microsoft", pairs);
	w.order.ca = span_str(fake_tls_ca(server.tls));
	w.order.limits.pause_ms = 1;
	w.order.limits.tries = 20;
	assert_int_equal(oauth_open(&w.order, &w.oauth, &w.why), ST_OK);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(oauth_token(w.oauth, &token), ST_IO);
	assert_int_equal(server.seen->all, HTTP_REFUSALS);
	assert_non_null(strstr(oauth_why(w.oauth), "is not sent again"));
	end(&w);
	fake_http_stop(&server);
}

struct told {
	char was[16], is[16];
	unsigned count;
};

static void
hear(void *arg, struct span name, struct span was, struct span is)
{
	struct told *t = arg;

	assert_true(str_is(name, "refresh_token"));
	assert_int_equal(str_copy(t->was, sizeof(t->was), was), ST_OK);
	assert_int_equal(str_copy(t->is, sizeof(t->is), is), ST_OK);
	t->count++;
}

static void
a_refresh_token_that_is_replaced_is_told_once_each_time(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/token",
	     .has = "refresh_token=r0",
	     .answer = "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n"
		       "{\"access_token\":\"a\",\"refresh_token\":\"r1\"}"},
	    {.path = "/token",
	     .has = "refresh_token=r1",
	     .answer = "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n"
		       "{\"access_token\":\"b\",\"refresh_token\":\"r1\"}"},
	    {.path = NULL},
	};
	struct told told = {.count = 0};
	const struct source_renewal renewal = {hear, &told};
	struct fake_http server;
	char place[64];
	const char *const pairs[] = {
	    "client_id", "a", "refresh_token", "r0", "sign_in", place, NULL};
	struct span token;
	struct world w;

	(void)state;
	fake_https_start(&server, pages);
	snprintf(place, sizeof(place), "https://127.0.0.1:%u/token",
		 server.port);
	begin(&w, "box", pairs);
	w.order.ca = span_str(fake_tls_ca(server.tls));
	w.order.renewal = &renewal;
	assert_int_equal(oauth_open(&w.order, &w.oauth, &w.why), ST_OK);
	assert_int_equal(oauth_token(w.oauth, &token), ST_OK);
	assert_int_equal(told.count, 1);
	assert_string_equal(told.was, "r0");
	assert_string_equal(told.is, "r1");
	assert_int_equal(oauth_renew(w.oauth), ST_OK);
	assert_int_equal(told.count, 1); /* the same again is none */
	end(&w);
	fake_http_stop(&server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_sign_in_that_is_cut_off_sends_the_secret_three_times),
	    cmocka_unit_test(
		a_refresh_token_that_is_replaced_is_told_once_each_time),
	    cmocka_unit_test(what_a_credential_holds_says_how_to_sign_in),
	    cmocka_unit_test(a_token_that_is_given_is_taken_as_it_is),
	    cmocka_unit_test(a_credential_that_leads_nowhere_safe_is_refused),
	    cmocka_unit_test(a_service_account_signs_who_it_acts_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
