#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/s3/list.h"

static enum status
take(void *arg, const struct s3_entry *e)
{
	return buf_addf(
	    arg, "%.*s/%.*s %llu %lld%s%s%s;", (int)e->key.len,
	    (const char *)e->key.ptr, (int)e->version.len,
	    (const char *)e->version.ptr, (unsigned long long)e->size,
	    (long long)e->mtime, e->folder ? " folder" : "",
	    e->deleted ? " deleted" : "", e->archived ? " archived" : "");
}

static void
entries_are_told_with_their_keys_as_they_are(void **state)
{
	static const struct {
		const char *xml, *said;
	} rows[] = {
	    {"<L/>", ""},
	    {"<L><Contents><Key>a+b%41</Key><Size>7</Size></Contents></L>",
	     "a+b%41/ 7 0;"},
	    /* how they are written may be said behind them */
	    {"<L><Contents><Key>a+b%41</Key></Contents>"
	     "<EncodingType>url</EncodingType></L>",
	     "a bA/ 0 0;"},
	    {"<L><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes></L>",
	     "d// 0 0 folder;"},
	    {"<L><Version><Key>a</Key><VersionId>2</VersionId></Version>"
	     "<DeleteMarker><Key>a</Key><VersionId>1</VersionId>"
	     "</DeleteMarker></L>",
	     "a/2 0 0;a/1 0 0 deleted;"},
	    {"<L><Contents><Key>a</Key><StorageClass>GLACIER</StorageClass>"
	     "</Contents><Contents><Key>b</Key></Contents></L>",
	     "a/ 0 0 archived;b/ 0 0;"},
	    /* a name of who owns it is none of an object */
	    {"<L><Contents><Key>a</Key><Owner><Key>x</Key></Owner></Contents>"
	     "</L>",
	     "a/ 0 0;"},
	    /* one without a time does not get that of the one before */
	    {"<L><Contents><Key>a</Key><LastModified>1970-01-01T00:00:09.000Z"
	     "</LastModified></Contents><Contents><Key>b</Key></Contents></L>",
	     "a/ 0 9;b/ 0 0;"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct s3_page p;
		struct buf said;

		buf_init(&said, 1000);
		s3_page_init(&p);
		assert_int_equal(
		    s3_page_read(&p, span_str(rows[i].xml), take, &said),
		    ST_OK);
		assert_true(str_is(buf_span(&said), rows[i].said));
		s3_page_fini(&p);
		buf_fini(&said);
	}
}

static void
where_the_next_page_begins_is_told_as_the_store_wants_it(void **state)
{
	struct s3_page p;

	(void)state;
	s3_page_init(&p);
	assert_int_equal(
	    s3_page_read(&p,
			 span_str("<L><IsTruncated>true</IsTruncated>"
				  "<EncodingType>url</EncodingType>"
				  "<NextContinuationToken>1+/=</"
				  "NextContinuationToken><NextKeyMarker>a+%2B"
				  "</NextKeyMarker><NextVersionIdMarker>v+"
				  "</NextVersionIdMarker></L>"),
			 NULL, NULL),
	    ST_OK);
	assert_true(p.truncated);
	assert_true(str_is(buf_span(&p.token), "1+/="));
	assert_true(str_is(buf_span(&p.next_key), "a +"));
	assert_true(str_is(buf_span(&p.next_version), "v+"));
	/* another page forgets it */
	assert_int_equal(s3_page_read(&p, span_str("<L/>"), NULL, NULL), ST_OK);
	assert_false(p.truncated);
	assert_int_equal(p.token.len, 0);
	s3_page_fini(&p);
}

/* As Swift writes it: the key as it is, and no version but "null". */
static void
a_page_of_versions_ends_with_its_last_entry(void **state)
{
#define OF(key, version)                                                       \
	"<L><EncodingType>url</EncodingType><Version><Key>a%2Bb%2541</Key>"    \
	"<VersionId>7</VersionId></Version><NextKeyMarker>" key                \
	"</NextKeyMarker><NextVersionIdMarker>" version                        \
	"</NextVersionIdMarker></L>"
	static const struct {
		const char *xml, *key, *version;
	} rows[] = {
	    {OF("a%2Bb%2541", "7"), "a+b%41", "7"},
	    {OF("a+b%41", "null"), "a+b%41", "7"},
	    {OF("a%2Bb%2541", "null"), "a+b%41", "7"},
	    {OF("a%2Bc", "null"), "a+c", "null"}, /* of another key */
	};
#undef OF

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct s3_page p;

		s3_page_init(&p);
		assert_int_equal(
		    s3_page_read(&p, span_str(rows[i].xml), NULL, NULL), ST_OK);
		assert_true(str_is(buf_span(&p.next_key), rows[i].key));
		assert_true(str_is(buf_span(&p.next_version), rows[i].version));
		s3_page_fini(&p);
	}
}

static void
an_error_tells_its_code_and_the_region_of_the_bucket(void **state)
{
	struct s3_page p;

	(void)state;
	s3_page_init(&p);
	assert_int_equal(
	    s3_page_error(&p, span_str("<Error><Code>Moved</Code><Region>"
				       "there-1</Region></Error>")),
	    ST_OK);
	assert_true(str_is(buf_span(&p.code), "Moved"));
	assert_true(str_is(buf_span(&p.region), "there-1"));
	s3_page_fini(&p);
}

static void
a_damaged_list_is_no_list(void **state)
{
	static const struct {
		const char *xml;
		enum status st;
	} rows[] = {
	    {"", ST_MALFORMED},
	    {"<L>", ST_MALFORMED},
	    {"{}", ST_MALFORMED},
	    {"<L><Contents><Key>a</Key>", ST_MALFORMED},
	    {"<L><Contents><Key>a</Key><Size>-1</Size></Contents></L>",
	     ST_MALFORMED},
	    {"<L><Contents><Key>a</Key><Size>x</Size></Contents></L>",
	     ST_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct s3_page p;
		struct buf said;

		buf_init(&said, 1000);
		s3_page_init(&p);
		assert_int_equal(
		    s3_page_read(&p, span_str(rows[i].xml), take, &said),
		    rows[i].st);
		assert_int_equal(said.len, 0); /* nothing of it is given */
		s3_page_fini(&p);
		buf_fini(&said);
	}
}

static void
a_key_longer_than_any_is_refused(void **state)
{
	struct s3_page p;
	struct buf xml, said;

	(void)state;
	buf_init(&xml, 200000);
	buf_init(&said, 1000);
	s3_page_init(&p);
	assert_int_equal(buf_add_str(&xml, "<L><Contents><Key>"), ST_OK);
	for (int i = 0; i < 100 * 1024; i++)
		assert_int_equal(buf_add_byte(&xml, 'k'), ST_OK);
	assert_int_equal(buf_add_str(&xml, "</Key></Contents></L>"), ST_OK);
	assert_int_equal(s3_page_read(&p, buf_span(&xml), take, &said),
			 ST_LIMIT);
	assert_int_equal(said.len, 0);
	s3_page_fini(&p);
	buf_fini(&xml);
	buf_fini(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries_are_told_with_their_keys_as_they_are),
	    cmocka_unit_test(
		where_the_next_page_begins_is_told_as_the_store_wants_it),
	    cmocka_unit_test(a_page_of_versions_ends_with_its_last_entry),
	    cmocka_unit_test(
		an_error_tells_its_code_and_the_region_of_the_bucket),
	    cmocka_unit_test(a_damaged_list_is_no_list),
	    cmocka_unit_test(a_key_longer_than_any_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
