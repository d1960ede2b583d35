#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/codec.h"
#include "fake/source_world.h"
#include "model/rows.h"
#include "proxy-agent/source/azure/azure.h"

#define T(path)   "azure-table://acc/" path "?endpoint=http://127.0.0.1:PORT/r"
#define TABLES(x) FAKE_JSON "{\"value\":[" x "]}"
#define TABLE(n)  "{\"TableName\":\"" n "\"}"
#define ROWS(x)   FAKE_JSON "{\"value\":[" x "]}"
#define MORE(p, r, x)                                                          \
	"HTTP/1.1 200 OK\r\nx-ms-continuation-NextPartitionKey: " p            \
	"\r\nx-ms-continuation-NextRowKey: " r "\r\n\r\n{\"value\":[" x "]}"
#define KEYS(p, r) "\"PartitionKey\":\"" p "\",\"RowKey\":\"" r "\""

struct reading {
	struct source_world w;
	struct buf bytes, text;
	struct span rest;
};

/* ---- rows as text: "a|b" for columns, "a,b" for each row ---- */

static uint32_t
number(struct reading *r)
{
	uint32_t n;

	assert_true(r->rest.len >= 4);
	n = codec_get32(r->rest.ptr);
	r->rest = span_skip(r->rest, 4);
	return n;
}

static void
put(struct reading *r, uint32_t n)
{
	assert_true(r->rest.len >= n);
	assert_int_equal(buf_add(&r->text, r->rest.ptr, n), ST_OK);
	r->rest = span_skip(r->rest, n);
}

static uint32_t
columns(struct reading *r)
{
	uint32_t n = number(r);

	for (uint32_t i = 0; i < n; i++) {
		bool binary = (r->rest.ptr[0] & ROWS_BINARY) != 0;

		r->rest = span_skip(r->rest, 1);
		put(r, number(r));
		assert_int_equal(buf_add_str(&r->text, binary ? "*|" : "|"),
				 ST_OK);
	}
	return n;
}

static void
row(struct reading *r, uint32_t cells)
{
	for (uint32_t i = 0; i < cells; i++) {
		uint32_t n = number(r);

		if (n == ROWS_NULL)
			assert_int_equal(buf_add_byte(&r->text, '-'), ST_OK);
		else
			put(r, n);
		assert_int_equal(buf_add_byte(&r->text, ','), ST_OK);
	}
}

static void
decode(struct reading *r)
{
	uint32_t cells = 0;

	r->rest = buf_span(&r->bytes);
	assert_memory_equal(r->rest.ptr, ROWS_MAGIC, ROWS_MAGIC_LEN);
	r->rest = span_skip(r->rest, ROWS_MAGIC_LEN);
	cells = columns(r);
	while (r->rest.len > 0) {
		uint8_t kind = r->rest.ptr[0];

		r->rest = span_skip(r->rest, 1);
		assert_int_equal(buf_add_byte(&r->text, '\n'), ST_OK);
		if (kind == 'C') {
			cells += columns(r);
		} else if (kind == 'R') {
			row(r, cells);
		} else {
			assert_int_equal(kind, 'E');
			assert_int_equal(
			    buf_addf(&r->text, "%u", (unsigned)number(r)),
			    ST_OK);
			r->rest = span_skip(r->rest, 12);
		}
	}
}

static void
begin(struct reading *r, const struct fake_page *pages, const char *url)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->bytes, 1u << 24);
	buf_init(&r->text, 1u << 24);
	source_world_begin(&r->w, &azure_table_source, pages, url);
}

static void
end(struct reading *r)
{
	source_world_end(&r->w);
	buf_fini(&r->bytes);
	buf_fini(&r->text);
}

/* The next table as text; "!" behind what could not be read to its end. */
static const char *
table(struct reading *r)
{
	const struct source_ops *ops = r->w.ops;
	struct source_item item;
	enum status st;
	uint8_t piece[1000];
	size_t got = 1;

	buf_clear(&r->bytes);
	buf_clear(&r->text);
	if (ops->next(r->w.source, &item) != ST_OK)
		return NULL;
	if (item.reason != COVER_OK)
		return cover_name(item.reason);
	while ((st = ops->read(r->w.source, piece, sizeof(piece), &got)) ==
		   ST_OK &&
	       got > 0)
		assert_int_equal(buf_add(&r->bytes, piece, got), ST_OK);
	decode(r);
	assert_int_equal(buf_add(&r->text, "!", st == ST_OK ? 0 : 1), ST_OK);
	assert_int_equal(buf_add_byte(&r->text, 0), ST_OK);
	return (const char *)r->text.data;
}

static void
holds(const struct fake_page *pages, const char *url, const char *want)
{
	struct reading r;

	begin(&r, pages, url);
	assert_int_equal(source_world_open(&r.w), ST_OK);
	assert_string_equal(table(&r), want);
	assert_null(table(&r));
	end(&r);
}

/* ---- the tests ---- */

static void
rows_differ_and_columns_come_late(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/r/T()",
	     .answer = MORE("1!4!cA--", "r&1",
			    "{\"odata.etag\":\"x\"," KEYS(
				"p", "1") ",\"n\":7,\"f\":1.5,\"b\":true}")},
	    {.path = "/r/T()?NextPartitionKey=1%214%21cA--&NextRowKey=r%261",
	     .answer = ROWS("{" KEYS("p", "2") ",\"late\":\"%s\",\"n\":null,"
					       "\"x@odata.type\":\"Edm.Binary\""
					       ",\"x\":\"bWFkZSB1cA==\"}")},
	    {.path = NULL}};

	(void)state;
	holds(pages, T("T"),
	      "PartitionKey|RowKey|n|f|b|\np,1,7,1.5,true,\n"
	      "late|x*|\np,2,-,-,-,%s,made up,\n2");
}

static void
values_of_odd_types_are_not_lost(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/r/T()",
	     .answer = ROWS("{" KEYS("'", "\\\"") ",\"o\":{\"a\":[1]},"
						  "\"x@odata.type\":"
						  "\"Edm.Binary\",\"x\":"
						  "\"no base64\"}")},
	    {.path = NULL}};

	(void)state;
	holds(pages, T("T"),
	      "PartitionKey|RowKey|o|x*|\n',\",{\"a\":[1]},no base64,\n1");
}

/* Beyond what a column's name may have: it is cut, its values are there. */
static void
a_name_that_is_too_long_keeps_its_values(void **state)
{
	static char answer[4000];
	const struct fake_page pages[] = {{.path = "/r/T()", .answer = answer},
					  {.path = NULL}};
	char name[ROWS_NAME + 100], want[ROWS_NAME + 100];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	snprintf(answer, sizeof(answer),
		 ROWS("{" KEYS("p", "1") ",\"%s\":\"v\"},{" KEYS(
		     "p", "2") ",\"%s\":\"w\"}"),
		 name, name);
	snprintf(want, sizeof(want),
		 "PartitionKey|RowKey|%.*s|\np,1,v,\np,2,w,\n2", ROWS_NAME,
		 name);
	holds(pages, T("T"), want);
}

static void
what_breaks_off_keeps_what_came_before(void **state)
{
	static const struct {
		struct fake_page pages[3];
		const char *want;
	} rows[] = {
	    /* a row that is none */
	    {{{.path = "/r/T()",
	       .answer = ROWS("{" KEYS("p", "1") "},7,{" KEYS("p", "2") "}")}},
	     "PartitionKey|RowKey|\np,1,!"},
	    /* a page that breaks off */
	    {{{.path = "/r/T()",
	       .answer = MORE("a", "b", "{" KEYS("p", "1") "}")},
	      {.path = "/r/T()?NextPartitionKey=a&NextRowKey=b",
	       .answer = FAKE_JSON "{\"value\":[{"}},
	     "PartitionKey|RowKey|\np,1,!"},
	    /* the same page for ever, with and without rows */
	    {{{.path = "/r/T()",
	       .answer = MORE("a", "b", "{" KEYS("p", "1") "}")},
	      {.path = "/r/T()?NextPartitionKey=a&NextRowKey=b",
	       .answer = MORE("a", "b", "")}},
	     "PartitionKey|RowKey|\np,1,!"},
	    /* others for ever, none with rows */
	    {{{.path = "/r/T()",
	       .answer = MORE("a", "0", "{" KEYS("p", "1") "}")},
	      {.path = "/r/T()?NextPartitionKey=a&NextRowKey=*",
	       .answer = MORE("a", "COUNT", "")}},
	     "PartitionKey|RowKey|\np,1,!"},
	    {{{.path = "/r/T()",
	       .answer = MORE("a", "b", "{" KEYS("p", "1") "}")},
	      {.path = "/r/T()?NextPartitionKey=a&NextRowKey=b",
	       .answer = FAKE_NO("403 No")}},
	     "PartitionKey|RowKey|\np,1,!"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		holds(rows[i].pages, T("T"), rows[i].want);
}

static void
all_tables_are_read_and_trouble_of_one_is_its_own(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/r/Tables",
	     .answer =
		 "HTTP/1.1 200 OK\r\nx-ms-continuation-NextTableName: "
		 "c'1\r\n\r\n{\"value\":[" TABLE("a") "," TABLE("b%") "]}"},
	    {.path = "/r/Tables?NextTableName=c%271",
	     .answer = TABLES(TABLE("d"))},
	    {.path = "/r/a()", .answer = FAKE_NO("403 No")},
	    {.path = "/r/b%25()", .answer = ROWS("")},
	    {.path = "/r/d()", .answer = FAKE_NO("404 No")},
	    {.path = NULL}};
	struct reading r;

	(void)state;
	begin(&r, pages, T(""));
	assert_int_equal(source_world_open(&r.w), ST_OK);
	assert_string_equal(table(&r), "denied");
	assert_string_equal(table(&r), "PartitionKey|RowKey|\n0");
	assert_string_equal(table(&r), "vanished");
	assert_null(table(&r));
	end(&r);
}

static void
a_list_of_tables_that_is_not_sound_is_told(void **state)
{
	static const struct fake_page lists[] = {
	    /* names that are none */
	    {.path = "/r/Tables",
	     .answer = TABLES("{\"TableName\":7},{}," TABLE("a"))},
	    /* the same page for ever */
	    {.path = "/r/Tables",
	     .first = 1,
	     .before = "HTTP/1.1 200 OK\r\nx-ms-continuation-NextTableName: "
		       "a\r\n\r\n{\"value\":[" TABLE("a") "]}",
	     .answer = TABLES("")},
	    /* others for ever, none with names */
	    {.path = "/r/Tables?NextTableName=0*",
	     .answer = "HTTP/1.1 200 OK\r\nx-ms-continuation-NextTableName: "
		       "0COUNT\r\n\r\n{\"value\":[]}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct fake_page pages[] = {
		    lists[i],
		    {.path = "/r/Tables",
		     .answer =
			 "HTTP/1.1 200 OK\r\nx-ms-continuation-NextTableName:"
			 " 0\r\n\r\n{\"value\":[" TABLE("a") "]}"},
		    {.path = "/r/Tables?NextTableName=a",
		     .answer = "HTTP/1.1 200 OK\r\nx-ms-continuation-"
			       "NextTableName: a\r\n\r\n{\"value\":[]}"},
		    {.path = "/r/a()", .answer = ROWS("")},
		    {.path = NULL}};
		bool told = false, read = false;
		struct reading r;
		const char *got;

		begin(&r, pages, T(""));
		if (source_world_open(&r.w) == ST_OK)
			while ((got = table(&r)) != NULL) {
				told = told || strcmp(got, "io") == 0;
				read = read || strstr(got, "RowKey") != NULL;
			}
		assert_true(told && read);
		assert_true(r.w.server.seen->all < (i < 2 ? 10 : 1010));
		end(&r);
	}
}

static void
a_table_that_cannot_be_read_is_said_at_once(void **state)
{
	static const struct {
		const char *answer;
		enum status st;
	} rows[] = {
	    {FAKE_NO("401 No"), ST_DENIED},
	    {FAKE_NO("404 No"), ST_NOTFOUND},
	    {FAKE_JSON "[]", ST_MALFORMED},
	    {FAKE_JSON "{\"value\":{}}", ST_MALFORMED},
	    {FAKE_JSON "{\"value\":[", ST_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/r/T()", .answer = rows[i].answer},
		    {.path = NULL}};
		struct reading r;

		begin(&r, pages, T("T"));
		assert_int_equal(source_world_open(&r.w), rows[i].st);
		assert_true(strlen(source_world_why(&r.w)) > 0);
		end(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_differ_and_columns_come_late),
	    cmocka_unit_test(values_of_odd_types_are_not_lost),
	    cmocka_unit_test(a_name_that_is_too_long_keeps_its_values),
	    cmocka_unit_test(what_breaks_off_keeps_what_came_before),
	    cmocka_unit_test(all_tables_are_read_and_trouble_of_one_is_its_own),
	    cmocka_unit_test(a_list_of_tables_that_is_not_sound_is_told),
	    cmocka_unit_test(a_table_that_cannot_be_read_is_said_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
