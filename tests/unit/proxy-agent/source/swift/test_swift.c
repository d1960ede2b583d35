#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fake/fake_http.h"
#include "proxy-agent/source/swift/swift.h"

#define JSON      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
#define REFUSED   "HTTP/1.1 401 No\r\n\r\n"
#define OF_STORE  "X-Storage-Url: http://127.0.0.1:PORT/v1/A\r\n\r\n"
#define SIGNED(t) "HTTP/1.1 200 OK\r\nX-Auth-Token: " t "\r\n" OF_STORE
#define MANY      40 /* more than any session has under way */

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
begin(struct world *w, const struct fake_page *pages, const char *path)
{
	memset(w, 0, sizeof(*w));
	fake_http_start(&w->server, pages);
	snprintf(w->url, sizeof(w->url),
		 "swift://%s?auth=http://127.0.0.1:%u/auth/v1.0", path,
		 w->server.port);
	buf_init(&w->why, 1000);
	buf_init(&w->got, 10000);
	w->target.path = span_str(w->url);
	w->target.why = &w->why;
	pair(w->options, &w->target.options, "pause", "1ms");
	pair(w->access, &w->target.access, "user", "ann");
	pair(w->access, &w->target.access, "password", "made up");
}

static void
end(struct world *w)
{
	swift_source.close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
}

/* "key=content" or "key:reason" of each, a blank behind. */
static const char *
walk(struct world *w)
{
	struct source_item item;
	size_t root = strlen("swift://");
	char piece[64];
	size_t got;

	while (swift_source.next(w->source, &item) == ST_OK) {
		size_t n = root;

		while (n < item.path.len && item.path.ptr[n] != '?')
			n++;
		assert_int_equal(
		    buf_add(&w->got, item.path.ptr + root, n - root), ST_OK);
		if (item.reason != COVER_OK) {
			assert_int_equal(
			    buf_addf(&w->got, ":%s ", cover_name(item.reason)),
			    ST_OK);
			continue;
		}
		assert_int_equal(
		    swift_source.read(w->source, piece, sizeof(piece), &got),
		    ST_OK);
		assert_int_equal(buf_addf(&w->got, "=%.*s ", (int)got, piece),
				 ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
	return (const char *)w->got.data;
}

/* The first token is good for lists, the second for the objects, too. */
struct shelf {
	struct fake_page pages[MANY + 4];
	char paths[MANY][16];
	struct buf list, want;
};

static void
fill(struct shelf *s, const char *second)
{
	struct fake_page *p = s->pages;

	memset(s, 0, sizeof(*s));
	buf_init(&s->list, 10000);
	buf_init(&s->want, 10000);
	assert_int_equal(buf_add_str(&s->list, JSON), ST_OK);
	for (int i = 0; i < MANY; i++) {
		snprintf(s->paths[i], sizeof(s->paths[i]), "/v1/A/b/%02d", i);
		*p++ = (struct fake_page){
		    .path = s->paths[i],
		    .needs = "X-Auth-Token: two",
		    .refuses = REFUSED,
		    .answer = "HTTP/1.1 200 OK\r\n\r\n1",
		};
		assert_int_equal(buf_addf(&s->list,
					  "%c{\"name\":\"%02d\",\"bytes\":1}",
					  i == 0 ? '[' : ',', i),
				 ST_OK);
		assert_int_equal(buf_addf(&s->want, "b/%02d=1 ", i), ST_OK);
	}
	assert_int_equal(buf_addf(&s->list, "]%c", 0), ST_OK);
	assert_int_equal(buf_add_byte(&s->want, 0), ST_OK);
	*p++ = (struct fake_page){.path = "/auth/v1.0",
				  .first = 1,
				  .before = SIGNED("one"),
				  .answer = second};
	*p++ = (struct fake_page){.path = "/v1/A/b?format=json",
				  .answer = (const char *)s->list.data};
	*p++ = (struct fake_page){.path = "/v1/A/b?format=json&marker=39",
				  .answer = JSON "[]"};
}

static void
drop(struct shelf *s)
{
	buf_fini(&s->list);
	buf_fini(&s->want);
}

static void
a_token_that_runs_out_while_many_are_under_way_is_renewed_once(void **state)
{
	struct shelf s;
	struct world w;

	(void)state;
	fill(&s, SIGNED("two"));
	begin(&w, s.pages, "b");
	assert_int_equal(swift_source.open(&w.target, &w.source), ST_OK);
	assert_string_equal(walk(&w), (const char *)s.want.data);
	assert_int_equal(w.server.seen->asked[MANY], 2);
	end(&w);
	drop(&s);
}

static void
a_sign_in_that_is_refused_is_tried_no_more_than_three_times(void **state)
{
	struct shelf s;
	struct world w;

	(void)state;
	fill(&s, REFUSED);
	begin(&w, s.pages, "b");
	assert_int_equal(swift_source.open(&w.target, &w.source), ST_OK);
	assert_null(strchr(walk(&w), '='));
	assert_non_null(strstr((const char *)w.got.data, "b/39:denied "));
	assert_int_equal(w.server.seen->asked[MANY], 3);
	end(&w);
	drop(&s);
}

#define AUTH                                                                   \
	{                                                                      \
		.path = "/auth/v1.0", .answer = SIGNED("one")                  \
	}
#define OBJECTS(marker, list)                                                  \
	{                                                                      \
		.path = "/v1/A/b?format=json" marker, .answer = JSON list      \
	}
#define OBJECT(key)                                                            \
	{                                                                      \
		.path = "/v1/A/b/" key, .answer = "HTTP/1.1 200 OK\r\n\r\n1"   \
	}
#define NONE                                                                   \
	{                                                                      \
		.path = NULL                                                   \
	}

static void
what_a_hostile_store_lists_ends_and_is_told(void **state)
{
	static const struct {
		struct fake_page pages[8];
		const char *got;
	} rows[] = {
	    /* the same page again, for ever */
	    {{AUTH, OBJECTS("", "[{\"name\":\"c\",\"bytes\":1}]"),
	      OBJECTS("&marker=c", "[{\"name\":\"c\",\"bytes\":1}]"),
	      OBJECT("c"), NONE},
	     "b/c=1 b/:malformed "},
	    /* what is no object between others */
	    {{AUTH, OBJECTS("", "[{\"name\":\"c\",\"bytes\":1},7]"),
	      OBJECTS("&marker=c", "[]"), OBJECT("c"), NONE},
	     "b/c=1 b/:malformed "},
	    /* the second page breaks off */
	    {{AUTH, OBJECTS("", "[{\"name\":\"c\",\"bytes\":1}]"),
	      OBJECTS("&marker=c", "[{\"name\":\"d\",\"bytes\":1},"),
	      OBJECT("c"), OBJECT("d"), NONE},
	     "b/c=1 b/d=1 b/:malformed "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		begin(&w, rows[i].pages, "b");
		assert_int_equal(swift_source.open(&w.target, &w.source),
				 ST_OK);
		assert_string_equal(walk(&w), rows[i].got);
		end(&w);
	}
}

static void
a_first_page_that_is_no_list_says_what_is_wrong(void **state)
{
	static const struct {
		struct fake_page pages[4];
		const char *why;
	} rows[] = {
	    {{AUTH, OBJECTS("", "c\nd\n"), NONE}, "plain text"},
	    {{AUTH, OBJECTS("", "[{\"name\":\"c"), NONE}, "breaks off"},
	    {{AUTH, OBJECTS("", "[{\"name\":\"\xFF\"}]"), NONE}, "no JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		begin(&w, rows[i].pages, "b");
		assert_int_not_equal(swift_source.open(&w.target, &w.source),
				     ST_OK);
		assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
		assert_non_null(strstr((const char *)w.why.data, rows[i].why));
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_token_that_runs_out_while_many_are_under_way_is_renewed_once),
	    cmocka_unit_test(
		a_sign_in_that_is_refused_is_tried_no_more_than_three_times),
	    cmocka_unit_test(what_a_hostile_store_lists_ends_and_is_told),
	    cmocka_unit_test(a_first_page_that_is_no_list_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
