#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/fake_http.h"
#include "proxy-agent/source/azure/azure.h"

#define XML    "HTTP/1.1 200 OK\r\n\r\n\xEF\xBB\xBF<?xml version=\"1.0\"?>"
#define LIST   "<EnumerationResults><Blobs>"
#define END    "</Blobs><NextMarker/></EnumerationResults>"
#define SIGNED "Authorization: SharedKey acc:"
#define BLOB(name, size)                                                       \
	"<Blob><Name>" name "</Name><Properties><Last-Modified>Sun, 22 Nov "   \
	"2026 10:11:12 GMT</Last-Modified><Content-Length>" size               \
	"</Content-Length></Properties></Blob>"
#define L    "?restype=container&comp=list"
#define PEEK "/messages?peekonly=true&numofmessages=32"
#define MESSAGE(id)                                                            \
	"<QueueMessagesList><QueueMessage><MessageId>" id "</MessageId>"       \
	"<MessageText>text</MessageText></QueueMessage></QueueMessagesList>"

static const struct fake_page pages[] = {
    {.path = "/r/?comp=list",
     .needs = SIGNED,
     .refuses = "HTTP/1.1 403 No\r\nx-ms-error-code: AuthFailed\r\n\r\n",
     .answer = XML "<EnumerationResults><Containers><Container><Name>a</Name>"
		   "</Container><Container><Name>b</Name></Container>"
		   "<Container><Name>c</Name></Container></Containers>"
		   "<NextMarker/></EnumerationResults>"},
    {.path = "/r/a" L,
     .answer = XML LIST BLOB("1", "1") BLOB("2", "0") "</Blobs><NextMarker>m2"
						      "</NextMarker>"
						      "</EnumerationResults>"},
    {.path = "/r/a" L "&marker=m2",
     .answer = XML LIST BLOB("3 \xC3\xA9", "1") BLOB(
	 "4", "1") "<Blob><Name>cold</Name><Properties><Content-Length>5"
		   "</Content-Length><AccessTier>Archive</AccessTier>"
		   "</Properties></Blob><Blob><Name>dir</Name><Properties>"
		   "<Content-Length>0</Content-Length><ResourceType>directory"
		   "</ResourceType></Properties></Blob>" END},
    {.path = "/r/b" L,
     .answer = "HTTP/1.1 403 No\r\nx-ms-error-code: NotYours\r\n\r\n"},
    {.path = "/r/c" L, .answer = XML LIST BLOB("x", "1") END},
    {.path = "/r/c" L "&prefix=x",
     .answer = XML LIST BLOB("x", "1") BLOB("xy", "1") END},
    {.path = "/r/c" L "&include=snapshots",
     .answer = XML LIST
     "<Blob><Name>x</Name><Snapshot>2026-01-01T00:00:00.0Z</Snapshot>"
     "<Properties><Content-Length>1</Content-Length></Properties></Blob>" BLOB(
	 "x", "1") END},
    {.path = "/r/html" L, .answer = "HTTP/1.1 200 OK\r\n\r\n<html></html>"},
    {.path = "/r/v/?comp=list",
     .answer = XML "<EnumerationResults><Containers><Container><Name>e</Name>"
		   "</Container><Container><Name>f</Name></Container>"
		   "</Containers><NextMarker>0</NextMarker>"
		   "</EnumerationResults>"},
    {.path = "/r/v/?comp=list&marker=*",
     .answer = XML "<EnumerationResults><Containers></Containers>"
		   "<NextMarker>COUNT</NextMarker></EnumerationResults>"},
    {.path = "/r/v/e" L "*",
     .answer = XML LIST "</Blobs><NextMarker>COUNT</NextMarker>"
			"</EnumerationResults>"},
    {.path = "/r/v/f" L, .answer = XML LIST BLOB("x", "1") END},
    {.path = "/r/v/f/x", .answer = "HTTP/1.1 200 OK\r\n\r\n9"},
    {.path = "/r/a/1", .answer = "HTTP/1.1 200 OK\r\n\r\n1"},
    {.path = "/r/a/3%20%C3%A9", .answer = "HTTP/1.1 200 OK\r\n\r\n3"},
    {.path = "/r/a/4", .answer = "HTTP/1.1 409 No\r\n\r\n"},
    {.path = "/r/c/x", .answer = "HTTP/1.1 200 OK\r\n\r\nX"},
    {.path = "/r/c/x?snapshot=2026-01-01T00%3A00%3A00.0Z",
     .answer = "HTTP/1.1 200 OK\r\n\r\nS"},
    {.path = "/r/q/messages?peekonly=true&numofmessages=32",
     .answer = XML "<QueueMessagesList><QueueMessage><MessageId>m1"
		   "</MessageId><MessageText>one &amp; all</MessageText>"
		   "</QueueMessage><QueueMessage><MessageId>m2</MessageId>"
		   "<MessageText>two</MessageText></QueueMessage>"
		   "</QueueMessagesList>"},
    {.path = "/r/q?comp=metadata",
     .answer = "HTTP/1.1 200 OK\r\nx-ms-approximate-messages-count: 9\r\n\r\n"},
    {.path = "/r/k/?comp=list",
     .answer = XML "<EnumerationResults><Queues><Queue><Name>q1</Name></Queue>"
		   "<Queue><Name>q2</Name></Queue></Queues><NextMarker/>"
		   "</EnumerationResults>"},
    {.path = "/r/k/q1" PEEK, .answer = XML MESSAGE("m1")},
    {.path = "/r/k/q1?comp=metadata", .answer = "HTTP/1.1 200 OK\r\n\r\n"},
    {.path = "/r/k/q2" PEEK, .answer = XML MESSAGE("m2")},
    {.path = "/r/k/q2?comp=metadata", .answer = ""},
    {.path = NULL},
};

struct world {
	struct fake_http server;
	const struct source_ops *ops;
	char url[200];
	uint8_t access[200], options[200];
	struct source_target target;
	struct source *source;
	struct buf why, got, last;
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
	snprintf(w->url, sizeof(w->url), "%s?endpoint=http://127.0.0.1:%u/r/%s",
		 path, w->server.port, query);
	w->ops = strncmp(path, "azure-queue:", 12) == 0 ? &azure_queue_source
							: &azure_source;
	buf_init(&w->why, 1000);
	buf_init(&w->got, 10000);
	buf_init(&w->last, 1000);
	w->target.path = span_str(w->url);
	w->target.why = &w->why;
	pair(w->options, &w->target.options, "pause", "1ms");
	pair(w->access, &w->target.access, "password", "bWFkZSB1cA==");
}

static void
end(struct world *w)
{
	w->ops->close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
	buf_fini(&w->last);
}

static void
put_item(struct world *w, const struct source_item *item)
{
	struct span p = span_skip(item->path, strlen("azure"));
	char piece[64];
	size_t got = 0;

	assert_int_equal(buf_add(&w->got, p.ptr, str_find(p, '?')), ST_OK);
	if (item->reason != COVER_OK) {
		assert_int_equal(
		    buf_addf(&w->got, "=%s\n", cover_name(item->reason)),
		    ST_OK);
		return;
	}
	if (!w->target.browse)
		assert_int_equal(
		    w->ops->read(w->source, piece, sizeof(piece), &got), ST_OK);
	assert_int_equal(buf_addf(&w->got, "=%.*s\n", (int)got, piece), ST_OK);
}

/* "path=content" or "path=reason" of each, a line each; at most `n` of them. */
static void
walk(struct world *w, size_t n)
{
	struct source_item item;

	assert_int_equal(w->ops->open(&w->target, &w->source), ST_OK);
	while (n-- > 0 && w->ops->next(w->source, &item) == ST_OK) {
		put_item(w, &item);
		buf_clear(&w->last);
		assert_int_equal(w->ops->cursor(w->source, &w->last), ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
}

static void
all_containers_and_all_pages_are_read(void **state)
{
	static const char want[] = "://acc/a/1=1\n://acc/a/2=\n"
				   "://acc/a/3 \xC3\xA9=3\n://acc/a/4=io\n"
				   "://acc/a/cold=denied\n://acc/b/=denied\n"
				   "://acc/c/x=X\n";
	struct world w;

	(void)state;
	begin(&w, "azure://acc/", "");
	walk(&w, SIZE_MAX);
	assert_string_equal((const char *)w.got.data, want);
	end(&w);
}

static void
any_position_goes_on_behind_it(void **state)
{
	static const char *const paths[] = {"azure://acc/", "azure://acc/a",
					    "azure-queue://acc/q"};

	(void)state;
	for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++)
		for (size_t n = 1; n < 9; n++) {
			struct world all, head, tail;

			begin(&all, paths[p], "");
			walk(&all, SIZE_MAX);
			begin(&head, paths[p], "");
			walk(&head, n);
			begin(&tail, paths[p], "");
			tail.target.cursor = buf_span(&head.last);
			walk(&tail, SIZE_MAX);
			head.got.len--;
			assert_int_equal(
			    buf_add(&head.got, tail.got.data, tail.got.len),
			    ST_OK);
			assert_string_equal((const char *)head.got.data,
					    (const char *)all.got.data);
			end(&all);
			end(&head);
			end(&tail);
		}
}

static void
what_a_target_names_is_all_that_is_read(void **state)
{
	static const struct {
		const char *path, *query, *want;
		bool browse;
	} cases[] = {
	    {"azure://acc/c/x", "", "://acc/c/x=X\n", false},
	    {"azure://acc/c", "&snapshots=yes", "://acc/c/x=S\n://acc/c/x=X\n",
	     false},
	    {"azure://acc/", "", "://acc/a/=\n://acc/b/=\n://acc/c/=\n", true},
	    {"azure-queue://acc/q", "",
	     "-queue://acc/q/m1=one & all\n-queue://acc/q/m2=two\n"
	     "-queue://acc/q=stopped\n",
	     false},
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, cases[i].path, cases[i].query);
		w.target.browse = cases[i].browse;
		walk(&w, SIZE_MAX);
		assert_string_equal((const char *)w.got.data, cases[i].want);
		end(&w);
	}
}

static void
what_a_list_gave_before_it_broke_off_is_read(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "azure-queue://acc/", "k");
	walk(&w, SIZE_MAX);
	assert_string_equal((const char *)w.got.data,
			    "-queue://acc/q1/m1=text\n-queue://acc/q2/m2=text\n"
			    "-queue://acc/=io\n");
	end(&w);
}

static void
a_refusal_is_said_once_and_without_the_secret(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "azure://acc/", "");
	w.target.access.bytes = span_of(NULL, 0);
	assert_int_equal(azure_source.open(&w.target, &w.source), ST_DENIED);
	assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
	assert_non_null(strstr((const char *)w.why.data, "(AuthFailed)"));
	assert_int_equal(w.server.seen->all, 1);
	end(&w);
}

static void
a_target_that_is_not_written_so_is_refused(void **state)
{
	static const char *const paths[] = {
	    "azure://",
	    "azure:///c",
	    "azure://a/c?endpoint=nowhere",
	    "azure://a/c?endpoint=https://h/?x=1",
	    "azure://a/c?signature=odd",
	    "azure://a/c?snapshots=maybe"};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		begin(&w, "azure://acc/", "");
		w.target.path = span_str(paths[i]);
		assert_int_equal(azure_source.open(&w.target, &w.source),
				 ST_USAGE);
		assert_true(w.why.len > 0);
		end(&w);
	}
}

static void
what_is_no_list_is_said(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "azure://acc/html", "");
	assert_int_equal(azure_source.open(&w.target, &w.source), ST_MALFORMED);
	assert_true(w.why.len > 0);
	end(&w);
}

static void
lists_of_nothing_without_an_end_are_told_and_passed(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "azure://acc/", "v");
	walk(&w, SIZE_MAX);
	assert_string_equal((const char *)w.got.data,
			    "://acc/e/=io\n://acc/f/x=9\n://acc/=io\n");
	assert_true(w.server.seen->all < 2020);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_containers_and_all_pages_are_read),
	    cmocka_unit_test(any_position_goes_on_behind_it),
	    cmocka_unit_test(what_a_target_names_is_all_that_is_read),
	    cmocka_unit_test(what_a_list_gave_before_it_broke_off_is_read),
	    cmocka_unit_test(a_refusal_is_said_once_and_without_the_secret),
	    cmocka_unit_test(a_target_that_is_not_written_so_is_refused),
	    cmocka_unit_test(what_is_no_list_is_said),
	    cmocka_unit_test(
		lists_of_nothing_without_an_end_are_told_and_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
