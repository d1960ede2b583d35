#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/swift/list.h"

struct heard {
	struct buf said, marker, body;
	struct swift_page page;
};

static void
init(struct heard *h, const char *asked)
{
	buf_init(&h->said, 1u << 20);
	buf_init(&h->marker, SWIFT_NAME_MAX);
	buf_init(&h->body, 8u << 20);
	assert_int_equal(buf_add_str(&h->marker, asked), ST_OK);
}

static void
fini(struct heard *h)
{
	buf_fini(&h->said);
	buf_fini(&h->marker);
	buf_fini(&h->body);
}

static enum status
take(void *arg, const struct swift_entry *e)
{
	struct heard *h = arg;

	return buf_addf(&h->said, "%.*s%s%s%s %llu %.*s;", (int)e->name.len,
			(const char *)e->name.ptr, e->folder ? ":folder" : "",
			e->marks ? ":marks" : "",
			e->manifest ? ":manifest" : "",
			(unsigned long long)e->size, (int)e->hash.len,
			(const char *)e->hash.ptr);
}

static enum status
hear(struct heard *h, struct span body)
{
	enum status st = swift_list_read(body, &h->marker, &h->page, take, h);

	assert_int_equal(buf_add_byte(&h->said, 0), ST_OK);
	return st;
}

static const char *
said(const struct heard *h)
{
	return (const char *)h->said.data;
}

static void
containers_objects_and_folders_are_read(void **state)
{
	static const struct {
		const char *body, *said, *marker;
	} rows[] = {
	    {"", "", "b"},
	    {" \r\n", "", "b"},
	    {"[]", "", "b"},
	    {"[ ] ", "", "b"},
	    {"[{\"name\":\"c\",\"count\":3,\"bytes\":9}]", "c 9 ;", "c"},
	    {" [ {\"name\" : \"caf\\u00e9 [,]\\\"}\"} , {\"name\":\"d\"}\n]\n",
	     "caf\xC3\xA9 [,]\"} 0 ;d 0 ;", "d"},
	    {"[{\"subdir\":\"c/\"}]", "c/:folder 0 ;", "c/"},
	    {"[{\"name\":\"c\",\"bytes\":0,\"content_type\":"
	     "\"application/directory\"},{\"name\":\"d\",\"bytes\":1,"
	     "\"content_type\":\"application/directory\",\"hash\":\"x\"}]",
	     "c:marks 0 ;d 1 x;", "d"},
	    {"[{\"name\":\"c\",\"bytes\":33,\"slo_etag\":\"y\"}]",
	     "c:manifest 33 ;", "c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct heard h;

		init(&h, "b");
		assert_int_equal(hear(&h, span_str(rows[i].body)), ST_OK);
		assert_string_equal(said(&h), rows[i].said);
		assert_true(str_is(buf_span(&h.marker), rows[i].marker));
		assert_null(h.page.why);
		fini(&h);
	}
}

static void
what_is_no_list_says_why_and_leaves_the_marker(void **state)
{
	static const struct {
		const char *body, *why;
	} rows[] = {
	    {"{}", "no JSON"},
	    {"<?xml version=\"1.0\"?><account/>", "no JSON"},
	    {"\"c\"", "no JSON"},
	    {"cards\nmany\n", "plain text"},
	    {"[", "breaks off"},
	    {"[{\"name\":\"c\"}", "breaks off"},
	    {"[{\"name\":\"c\"},", "breaks off"},
	    {"[{\"name\":\"c", "breaks off"},
	    {"[{\"name\":\"c\"} {\"name\":\"d\"}]", "no JSON"},
	    {"[{\"name\":\"c\"},]", "no JSON"},
	    {"[,]", "no JSON"},
	    {"[{\"name\":\"c\"}]x", "no JSON"},
	    {"[]]", "no JSON"},
	    {"[{\"name\":\"c\\u0000d\"}]", "no JSON"},
	    {"[{\"name\":\"caf\xE9\"}]", "no JSON"},       /* Latin-1 */
	    {"[{\"name\":\"c\xED\xA0\x80\"}]", "no JSON"}, /* surrogate */
	    {"[{\"name\":\"c\\ud800\"}]", "no JSON"},      /* half of one */
	    {"[{\"name\":\"a\"}]", "does not go on"},      /* goes back */
	    {"[{\"name\":\"b\"}]", "does not go on"},      /* stands still */
	    {"[{\"name\":7}]", "without a usable name"},   /* all of it */
	    {"[7,null,[],true,\"c\"]", "without a usable name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct heard h;

		init(&h, "b");
		assert_int_equal(hear(&h, span_str(rows[i].body)),
				 ST_MALFORMED);
		assert_non_null(h.page.why);
		assert_non_null(strstr(h.page.why, rows[i].why));
		assert_true(str_is(buf_span(&h.marker), "b"));
		fini(&h);
	}
}

static void
elements_of_wrong_types_are_counted_and_the_others_read(void **state)
{
	static const char *const wrong[] = {
	    "7",
	    "null",
	    "\"d\"",
	    "[{\"name\":\"d\"}]",
	    "{}",
	    "{\"name\":\"\"}",
	    "{\"name\":7}",
	    "{\"name\":null,\"bytes\":1}",
	    "{\"subdir\":[\"d/\"]}",
	    "{\"name\":\"d\",\"bytes\":-1}",
	    "{\"name\":\"d\",\"bytes\":\"9\"}",
	    "{\"name\":\"d\",\"bytes\":1.5}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct heard h;

		init(&h, "b");
		assert_int_equal(buf_addf(&h.body,
					  "[{\"name\":\"c\"},%s,"
					  "{\"name\":\"e\"},%s]",
					  wrong[i], wrong[i]),
				 ST_OK);
		assert_int_equal(hear(&h, buf_span(&h.body)), ST_OK);
		assert_string_equal(said(&h), "c 0 ;e 0 ;");
		assert_int_equal(h.page.count, 4);
		assert_int_equal(h.page.bad, 2);
		assert_non_null(h.page.why);
		assert_true(str_is(buf_span(&h.marker), "e"));
		fini(&h);
	}
}

/* "[{"name":"ccc..."},{"name":"d"}]" with a name of so many bytes. */
static void
add_long(struct buf *to, size_t name)
{
	assert_int_equal(buf_add_str(to, "[{\"name\":\""), ST_OK);
	for (size_t i = 0; i < name; i++)
		assert_int_equal(buf_add_byte(to, 'c'), ST_OK);
	assert_int_equal(buf_add_str(to, "\"},{\"name\":\"d\"}]"), ST_OK);
}

static void
a_name_is_read_passed_over_or_ends_the_list_by_its_length(void **state)
{
	static const struct {
		size_t name;
		enum status st;
		size_t bad;
		const char *why;
	} rows[] = {
	    {SWIFT_NAME_MAX, ST_OK, 0, NULL},
	    {SWIFT_NAME_MAX + 1, ST_OK, 1, "without a usable name"},
	    {100 * 1024, ST_LIMIT, 0, "more than 64 KiB"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct heard h;

		init(&h, "b");
		add_long(&h.body, rows[i].name);
		assert_int_equal(hear(&h, buf_span(&h.body)), rows[i].st);
		assert_int_equal(h.page.bad, rows[i].bad);
		assert_int_equal(h.page.why != NULL, rows[i].why != NULL);
		if (rows[i].why != NULL)
			assert_non_null(strstr(h.page.why, rows[i].why));
		fini(&h);
	}
}

static void
a_list_without_end_ends_where_its_bytes_end(void **state)
{
	struct heard h;

	(void)state;
	init(&h, "b");
	assert_int_equal(buf_add_byte(&h.body, '['), ST_OK);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(buf_addf(&h.body, "{\"name\":\"c%05d\"},", i),
				 ST_OK);
	assert_int_equal(hear(&h, buf_span(&h.body)), ST_MALFORMED);
	assert_int_equal(h.page.count, 10000);
	assert_non_null(strstr(h.page.why, "breaks off"));
	fini(&h);
}

static void
depth_without_end_is_refused(void **state)
{
	struct heard h;

	(void)state;
	init(&h, "b");
	for (int i = 0; i < 1000000; i++)
		assert_int_equal(buf_add_byte(&h.body, '['), ST_OK);
	assert_int_equal(hear(&h, buf_span(&h.body)), ST_MALFORMED);
	assert_string_equal(said(&h), "");
	fini(&h);
}

static void
segments_of_a_manifest_stand_in_any_order(void **state)
{
	struct heard h;

	(void)state;
	init(&h, "");
	assert_int_equal(
	    swift_list_read(span_str("[{\"name\":\"/p/2\",\"bytes\":1},"
				     "{\"name\":\"/p/1\",\"bytes\":2},"
				     "{\"data\":\"aGVsbG8=\"}]"),
			    NULL, &h.page, take, &h),
	    ST_OK);
	assert_int_equal(buf_add_byte(&h.said, 0), ST_OK);
	assert_string_equal(said(&h), "/p/2 1 ;/p/1 2 ;");
	fini(&h);
}

static enum status
refuse(void *arg, const struct swift_entry *e)
{
	(void)e;
	++*(size_t *)arg;
	return ST_NOMEM;
}

static void
who_takes_the_elements_may_end_the_list(void **state)
{
	struct swift_page p;
	size_t n = 0;

	(void)state;
	assert_int_equal(
	    swift_list_read(span_str("[{\"name\":\"c\"},{\"name\":\"d\"}]"),
			    NULL, &p, refuse, &n),
	    ST_NOMEM);
	assert_int_equal(n, 1);
	assert_null(p.why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(containers_objects_and_folders_are_read),
	    cmocka_unit_test(what_is_no_list_says_why_and_leaves_the_marker),
	    cmocka_unit_test(
		elements_of_wrong_types_are_counted_and_the_others_read),
	    cmocka_unit_test(
		a_name_is_read_passed_over_or_ends_the_list_by_its_length),
	    cmocka_unit_test(a_list_without_end_ends_where_its_bytes_end),
	    cmocka_unit_test(depth_without_end_is_refused),
	    cmocka_unit_test(segments_of_a_manifest_stand_in_any_order),
	    cmocka_unit_test(who_takes_the_elements_may_end_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
