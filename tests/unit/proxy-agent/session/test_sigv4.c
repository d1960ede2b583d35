#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/sigv4.h"

/* The key of the public documentation; in parts, since it looks like one. */
#define DOC_ID                                                                 \
	"AKIAIOSFODNN7"                                                        \
	"EXAMPLE"
#define DOC_SECRET                                                             \
	"wJalrXUtnFEMI/K7MDENG"                                                \
	"/bPxRfiCYEXAMPLEKEY"
#define DOC_TIME 1369353600 /* 2013-05-24 */
#define OUR_TIME 1795342272 /* 2026-11-22 10:11:12 */

struct row {
	const char *url, *id, *secret, *token, *region;
	int64_t wall_s;
	const char *signature;
};

/*
 * The first two are of the documentation of S3; the others were computed with
 * another program, from the text of the standard alone.
 */
static const struct row rows[] = {
    {"https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J", DOC_ID,
     DOC_SECRET, NULL, "us-east-1", DOC_TIME,
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    {"https://examplebucket.s3.amazonaws.com/?lifecycle", DOC_ID, DOC_SECRET,
     NULL, "us-east-1", DOC_TIME,
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {"http://127.0.0.1:9000/cards/a%20b%2Bc/%C3%A9%21?versionId=x%2Fy%3D",
     "test:tester", "testing", NULL, "eu-west-3", OUR_TIME,
     "81481010521defdf5e9864b3cd82f9893ffd55fc4fe54d16142a9c525a4e38d4"},
    {"https://h.example/b?list-type=2&continuation-token=1%2B%2F%3D", DOC_ID,
     DOC_SECRET, "FQoG//token==", "us-east-1", OUR_TIME,
     "ffac4421bce37726bdbc7b0143bf723b2043eb82b55338710225d2648bb82e74"},
};

static void
signatures_are_those_of_the_standard(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sigv4_key k = {
		    .id = span_str(rows[i].id),
		    .secret = span_str(rows[i].secret),
		    .token = span_str(rows[i].token),
		    .region = span_str(rows[i].region),
		    .service = span_str("s3"),
		};
		const struct sigv4_request r = {
		    .method = "GET",
		    .url = span_str(rows[i].url),
		    .wall_s = rows[i].wall_s,
		};
		struct sigv4 s;

		sigv4_init(&s);
		assert_int_equal(sigv4_sign(&k, &r, &s), ST_OK);
		assert_int_equal(buf_add_byte(&s.authorization, 0), ST_OK);
		assert_non_null(strstr((const char *)s.authorization.data,
				       rows[i].signature));
		sigv4_fini(&s);
	}
}

static void
what_is_sent_along_is_named(void **state)
{
	const struct sigv4_key k = {
	    .id = span_str("id"),
	    .secret = span_str("secret"),
	    .token = span_str("t"),
	    .region = span_str("r"),
	    .service = span_str("s3"),
	};
	const struct sigv4_request r = {
	    .method = "GET", .url = span_str("http://h/"), .wall_s = OUR_TIME};
	struct sigv4 s;

	(void)state;
	sigv4_init(&s);
	assert_int_equal(sigv4_sign(&k, &r, &s), ST_OK);
	assert_int_equal(buf_add_byte(&s.authorization, 0), ST_OK);
	assert_string_equal(s.date, "20261122T101112Z");
	assert_string_equal(s.body, "e3b0c44298fc1c149afbf4c8996fb92427ae41e464"
				    "9b934ca495991b7852b855");
	assert_non_null(strstr((const char *)s.authorization.data,
			       "Credential=id/20261122/r/s3/aws4_request, "
			       "SignedHeaders=host;x-amz-content-sha256;"
			       "x-amz-date;x-amz-security-token, "));
	assert_null(strstr((const char *)s.authorization.data, "secret"));
	sigv4_fini(&s);
}

static void
a_url_without_a_host_is_refused(void **state)
{
	const struct sigv4_key k = {.service = span_str("s3")};
	const struct sigv4_request r = {.method = "GET",
					.url = span_str("/key")};
	struct sigv4 s;

	(void)state;
	sigv4_init(&s);
	assert_int_equal(sigv4_sign(&k, &r, &s), ST_MALFORMED);
	sigv4_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures_are_those_of_the_standard),
	    cmocka_unit_test(what_is_sent_along_is_named),
	    cmocka_unit_test(a_url_without_a_host_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
