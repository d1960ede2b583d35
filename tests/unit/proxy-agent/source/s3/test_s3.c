#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/fake_http.h"
#include "proxy-agent/source/s3/s3.h"

#define XML   "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n"
#define BYTES "HTTP/1.1 200 OK\r\n\r\n"
#define LIST  "<ListBucketResult xmlns=\"http://s3.example/doc/\">"
#define OBJECT(key, size)                                                      \
	"<Contents><Key>" key "</Key><LastModified>2026-01-02T03:04:05.000Z"   \
	"</LastModified><Size>" size "</Size></Contents>"
#define WORN                                                                   \
	"HTTP/1.1 400 Bad Request\r\n\r\n<Error><Code>ExpiredToken</Code>"     \
	"<Message>The provided token has expired.</Message></Error>"
#define SIGNED "Authorization: AWS4-HMAC-SHA256 Credential=id/"

static const struct fake_page pages[] = {
    {.path = "/b/?list-type=2&encoding-type=url",
     .needs = SIGNED,
     .refuses = "HTTP/1.1 403 No\r\n\r\n<Error><Code>AccessDenied</Code>"
		"</Error>",
     .answer = XML LIST
     "<IsTruncated>true</IsTruncated>"
     "<NextContinuationToken>1+/=</NextContinuationToken>" OBJECT("a", "1")
	 OBJECT("caf%C3%A9+%2B%26", "1") OBJECT("dir/", "0")
     /* how keys are written is said behind them */
     "<EncodingType>url</EncodingType></ListBucketResult>"},
    {.path = "/b/?list-type=2&continuation-token=1%2B%2F%3D&encoding-type=url",
     .answer = XML LIST OBJECT("dir/x", "1") OBJECT("empty", "0")
	 OBJECT("gone", "1") "<Contents><Key>old</Key><Size>7</Size>"
			     "<StorageClass>GLACIER</StorageClass></Contents>"
			     "</ListBucketResult>"},
    {.path = "/b/?list-type=2&start-after=dir%2Fx&encoding-type=url",
     .answer = XML LIST OBJECT("empty", "0") "</ListBucketResult>"},
    {.path = "/b/?list-type=2&encoding-type=url&prefix=a",
     .answer =
	 XML LIST OBJECT("a", "1") OBJECT("ab", "1") "</ListBucketResult>"},
    {.path = "/b/?versions=&encoding-type=url",
     .answer = XML "<ListVersionsResult><Version><Key>v</Key><VersionId>2"
		   "</VersionId><Size>1</Size></Version><DeleteMarker><Key>v"
		   "</Key><VersionId>x</VersionId></DeleteMarker><Version>"
		   "<Key>v</Key><VersionId>1</VersionId><Size>1</Size>"
		   "</Version></ListVersionsResult>"},
    /* Swift goes on behind "null" as if nothing older were there */
    {.path = "/aged/?versions=&encoding-type=url",
     .answer = "HTTP/1.1 200 OK\r\nX-Openstack-Request-Id: tx1\r\n\r\n"
	       "<ListVersionsResult><Version><Key>v</Key><VersionId>null"
	       "</VersionId><Size>1</Size></Version><IsTruncated>true"
	       "</IsTruncated><NextKeyMarker>v</NextKeyMarker>"
	       "<NextVersionIdMarker>null</NextVersionIdMarker>"
	       "</ListVersionsResult>"},
    {.path = "/aged/?versions=&key-marker=v&version-id-marker=9999999999.99999"
	     "&encoding-type=url",
     .answer = XML "<ListVersionsResult><Version><Key>v</Key><VersionId>1"
		   "</VersionId><Size>1</Size></Version>"
		   "</ListVersionsResult>"},
    {.path = "/aged/v?versionId=null", .answer = BYTES "6"},
    {.path = "/aged/v?versionId=1", .answer = BYTES "7"},
    {.path = "/b/?list-type=2&encoding-type=url&delimiter=%2F",
     .answer = XML LIST OBJECT(
	 "a", "1") "<CommonPrefixes><Prefix>dir/"
		   "</Prefix></CommonPrefixes></ListBucketResult>"},
    {.path = "/moved/?list-type=2&encoding-type=url",
     .needs = "/eu-there-1/s3/",
     .refuses = "HTTP/1.1 400 Bad\r\n\r\n<Error><Code>Malformed</Code>"
		"<Region>eu-there-1</Region></Error>",
     .answer = XML LIST OBJECT("a", "1") "</ListBucketResult>"},
    {.path = "/torn/?list-type=2&encoding-type=url",
     .answer = XML LIST OBJECT("a", "1")},
    {.path = "/void/?list-type=2&encoding-type=url",
     .answer =
	 XML LIST "<IsTruncated>true</IsTruncated>"
		  "<NextContinuationToken>0</NextContinuationToken>" OBJECT(
		      "a", "1") "</ListBucketResult>"},
    {.path = "/void/?list-type=2&continuation-token=*",
     .answer = XML LIST "<IsTruncated>true</IsTruncated>"
			"<NextContinuationToken>COUNT</NextContinuationToken>"
			"</ListBucketResult>"},
    {.path = "/void/a", .answer = BYTES "7"},
    {.path = "/worn/?list-type=2&encoding-type=url",
     .needs = "x-amz-security-token: for an hour",
     .refuses = WORN,
     .answer = XML LIST
     "<IsTruncated>true</IsTruncated>"
     "<NextContinuationToken>1</NextContinuationToken>" OBJECT("a", "1")
	 OBJECT("b", "1") OBJECT("c", "1") OBJECT("d", "1") OBJECT("e", "1")
	     OBJECT("f", "0") "</ListBucketResult>"},
    {.path = "/worn/a", .answer = BYTES "8"},
    {.path = "/worn/*", .answer = WORN},
    {.path = "/shut/*",
     .first = 1,
     .before = XML LIST "<IsTruncated>true</IsTruncated>"
			"<NextContinuationToken>1</NextContinuationToken>"
			"</ListBucketResult>",
     .answer = WORN},
    {.path = "/b/a", .answer = BYTES "1"},
    {.path = "/b/caf%C3%A9%20%2B%26", .answer = BYTES "2"},
    {.path = "/b/dir/x", .answer = BYTES "3"},
    {.path = "/b/v?versionId=1", .answer = BYTES "4"},
    {.path = "/b/v?versionId=2", .answer = BYTES "5"},
    {.path = "/moved/a", .answer = BYTES "6"},
    {.path = NULL},
};

struct world {
	struct fake_http server;
	char url[200];
	uint8_t access[200], options[200];
	struct source_target target;
	struct source *source;
	struct buf why, got;
};

static void
pair(uint8_t *to, struct pairs *p, const char *name, const char *value)
{
	size_t n = p->bytes.len;

	assert_int_equal(
	    pairs_add(to, 200, &n, span_str(name), span_str(value)), ST_OK);
	p->bytes = span_of(to, n);
}

static void
begin(struct world *w, const char *path, const char *query)
{
	memset(w, 0, sizeof(*w));
	fake_http_start(&w->server, pages);
	snprintf(w->url, sizeof(w->url),
		 "s3://%s?endpoint=http://127.0.0.1:%u%s", path, w->server.port,
		 query);
	buf_init(&w->why, 1000);
	buf_init(&w->got, 10000);
	w->target.path = span_str(w->url);
	w->target.why = &w->why;
	pair(w->options, &w->target.options, "pause", "1ms");
	pair(w->access, &w->target.access, "user", "id");
	pair(w->access, &w->target.access, "password", "made up");
}

static void
end(struct world *w)
{
	s3_source.close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
}

/* "path=content" or "path:reason" of each, a line each. */
static void
walk(struct world *w)
{
	struct source_item item;
	char piece[64];
	size_t got;

	assert_int_equal(s3_source.open(&w->target, &w->source), ST_OK);
	while (s3_source.next(w->source, &item) == ST_OK) {
		size_t end = str_find(item.path, '?');

		assert_int_equal(buf_add(&w->got, item.path.ptr + 5, end - 5),
				 ST_OK);
		assert_int_equal(buf_add_str(&w->got, item.folder ? "/" : ""),
				 ST_OK);
		if (item.reason != COVER_OK) {
			assert_int_equal(
			    buf_addf(&w->got, ":%s\n", cover_name(item.reason)),
			    ST_OK);
			continue;
		}
		got = 0;
		if (!w->target.browse)
			assert_int_equal(s3_source.read(w->source, piece,
							sizeof(piece), &got),
					 ST_OK);
		assert_int_equal(buf_addf(&w->got, "=%.*s\n", (int)got, piece),
				 ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
}

static void
all_pages_of_a_list_are_read(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "b", "");
	walk(&w);
	assert_string_equal((const char *)w.got.data,
			    "b/a=1\nb/caf\xC3\xA9 +&=2\nb/dir/x=3\nb/empty=\n"
			    "b/gone:vanished\nb/old:denied\n");
	end(&w);
}

static void
what_a_target_names_is_all_that_is_read(void **state)
{
	static const struct {
		const char *path, *query, *cursor, *want;
		bool browse;
	} cases[] = {
	    {"b/a", "", "", "b/a=1\n", false},
	    {"b", "", "dir/x", "b/empty=\n", false},
	    {"b", "&versions=yes", "", "b/v=5\nb/v=4\n", false},
	    {"aged", "&versions=yes", "", "aged/v=6\naged/v=7\n", false},
	    {"aged", "&versions=yes", "v\n9999999999.99999", "aged/v=7\n",
	     false},
	    {"b", "", "", "b/a=\nb/dir//=\n", true},
	    {"moved", "", "", "moved/a=6\n", false},
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, cases[i].path, cases[i].query);
		w.target.browse = cases[i].browse;
		w.target.cursor = span_str(cases[i].cursor);
		walk(&w);
		assert_string_equal((const char *)w.got.data, cases[i].want);
		end(&w);
	}
}

static void
a_refusal_is_said_and_not_repeated(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "b", "");
	w.target.access.bytes = span_of(NULL, 0);
	assert_int_equal(s3_source.open(&w.target, &w.source), ST_DENIED);
	assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
	assert_non_null(strstr((const char *)w.why.data, "(AccessDenied)"));
	assert_null(strstr((const char *)w.why.data, "made up"));
	assert_int_equal(w.server.seen->all, 1);
	end(&w);
}

/* One that was under way with it may be refused as well. */
static void
a_token_that_ends_is_said_and_not_sent_again(void **state)
{
	struct source_item item;
	struct world w;

	(void)state;
	begin(&w, "worn", "");
	pair(w.options, &w.target.options, "sessions", "2");
	pair(w.access, &w.target.access, "token", "for an hour");
	walk(&w);
	assert_string_equal((const char *)w.got.data,
			    "worn/a=8\nworn/b:denied\nworn/c:denied\n"
			    "worn/d:denied\nworn/e:denied\nworn/f=\n"
			    "worn//:denied\n");
	assert_true(w.server.seen->all <= 4); /* the list, a, b and c */
	end(&w);

	begin(&w, "worn", "");
	assert_int_equal(s3_source.open(&w.target, &w.source), ST_DENIED);
	assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
	assert_non_null(strstr((const char *)w.why.data, "token has ended"));
	end(&w);

	begin(&w, "shut", ""); /* the list itself is refused */
	assert_int_equal(s3_source.open(&w.target, &w.source), ST_OK);
	assert_int_equal(s3_source.next(w.source, &item), ST_OK);
	assert_int_equal(item.reason, COVER_DENIED);
	assert_non_null(memmem(item.detail.ptr, item.detail.len, "ExpiredToken",
			       strlen("ExpiredToken")));
	assert_int_equal(s3_source.next(w.source, &item), ST_EOF);
	assert_int_equal(w.server.seen->all, 2);
	end(&w);
}

static void
a_list_that_is_torn_is_no_list(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "torn", "");
	assert_int_equal(s3_source.open(&w.target, &w.source), ST_MALFORMED);
	end(&w);
}

static void
a_list_of_nothing_without_an_end_is_told(void **state)
{
	struct source_item item;
	struct world w;

	(void)state;
	begin(&w, "void", "");
	assert_int_equal(s3_source.open(&w.target, &w.source), ST_OK);
	assert_int_equal(s3_source.next(w.source, &item), ST_OK);
	assert_int_equal(item.reason, COVER_OK);
	assert_int_equal(s3_source.next(w.source, &item), ST_OK);
	assert_int_equal(item.reason, COVER_IO);
	assert_true(span_eq(item.path, span_str("s3://void/")));
	assert_true(item.detail.len > 0);
	assert_int_equal(s3_source.next(w.source, &item), ST_EOF);
	assert_true(w.server.seen->all < 1010);
	end(&w);
}

static void
a_target_that_is_not_written_so_is_refused(void **state)
{
	static const char *const paths[] = {"s3://", "s3:///key",
					    "s3://b?endpoint=nowhere",
					    "s3://b?endpoint=ftp://h"};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		begin(&w, "b", "");
		w.target.path = span_str(paths[i]);
		assert_int_equal(s3_source.open(&w.target, &w.source),
				 ST_USAGE);
		assert_true(w.why.len > 0);
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_pages_of_a_list_are_read),
	    cmocka_unit_test(what_a_target_names_is_all_that_is_read),
	    cmocka_unit_test(a_refusal_is_said_and_not_repeated),
	    cmocka_unit_test(a_token_that_ends_is_said_and_not_sent_again),
	    cmocka_unit_test(a_list_that_is_torn_is_no_list),
	    cmocka_unit_test(a_list_of_nothing_without_an_end_is_told),
	    cmocka_unit_test(a_target_that_is_not_written_so_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
