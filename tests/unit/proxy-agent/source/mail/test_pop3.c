#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/script.h"
#include "model/object.h"
#include "proxy-agent/source/mail/pop3.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ENTER                                                                  \
	{NULL, "+OK here\r\n"}, {"CAPA\r\n", "+OK\r\nTOP\r\nUIDL\r\n.\r\n"},   \
	    {"USER anna\r\n", "+OK\r\n"},                                      \
	{                                                                      \
		"PASS secret\r\n", "+OK in\r\n"                                \
	}
#define HELD(list, ids)                                                        \
	{"LIST\r\n", "+OK\r\n" list ".\r\n"},                                  \
	{                                                                      \
		"UIDL\r\n", "+OK\r\n" ids ".\r\n"                              \
	}
#define TOP(n, text)                                                           \
	{                                                                      \
		"TOP " n " 1073741824\r\n", text                               \
	}

struct world {
	struct script server;
	char url[100];
	uint8_t access[100];
	struct source_target target;
	struct source *source;
	struct buf why, got, last;
};

static void
begin(struct world *w, const struct script_line *lines, size_t count)
{
	size_t n = 0;

	memset(w, 0, sizeof(*w));
	script_start(&w->server, lines, count);
	snprintf(w->url, sizeof(w->url), "pop3://anna@127.0.0.1:%u/",
		 w->server.port);
	assert_int_equal(pairs_add(w->access, sizeof(w->access), &n,
				   span_str("password"), span_str("secret")),
			 ST_OK);
	w->target.path = span_str(w->url);
	w->target.access.bytes = span_of(w->access, n);
	buf_init(&w->why, 1000);
	buf_init(&w->got, 10000);
	buf_init(&w->last, 1000);
	w->target.why = &w->why;
}

static void
end(struct world *w)
{
	pop3_source.close(w->source);
	script_end(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
	buf_fini(&w->last);
}

static void
put_content(struct world *w)
{
	enum status st = ST_OK;
	char piece[7];
	size_t got = 1;

	while (st == ST_OK && got > 0) {
		st = pop3_source.read(w->source, piece, sizeof(piece), &got);
		if (st == ST_OK)
			assert_int_equal(buf_add(&w->got, piece, got), ST_OK);
	}
	assert_int_equal(buf_add(&w->got, "!", st == ST_OK ? 0 : 1), ST_OK);
}

/* "id=content" or "id:reason" of each, a line each. */
static const char *
walk(struct world *w)
{
	struct source_item item;

	while (pop3_source.next(w->source, &item) == ST_OK) {
		size_t root = strlen(w->url) < item.path.len ? strlen(w->url)
							     : item.path.len;

		assert_int_equal(buf_add(&w->got, item.path.ptr + root,
					 item.path.len - root),
				 ST_OK);
		if (item.reason == COVER_OK) {
			assert_int_equal(buf_add_byte(&w->got, '='), ST_OK);
			if (!w->target.count)
				put_content(w);
		} else {
			assert_int_equal(
			    buf_addf(&w->got, ":%s", cover_name(item.reason)),
			    ST_OK);
		}
		assert_int_equal(buf_add_byte(&w->got, '\n'), ST_OK);
		buf_clear(&w->last);
		assert_int_equal(pop3_source.cursor(w->source, &w->last),
				 ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
	return (const char *)w->got.data;
}

static void
holds(const struct script_line *lines, size_t count, const char *cursor,
      const char *want)
{
	struct world w;

	begin(&w, lines, count);
	w.target.cursor = span_str(cursor);
	assert_int_equal(pop3_source.open(&w.target, &w.source), ST_OK);
	assert_string_equal(walk(&w), want);
	end(&w);
}

static void
messages_are_named_by_their_ids_and_read_in_order(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    HELD("1 5\r\n2 5\r\n3 5\r\n", "1 a/b%\r\n2 c?d\r\n"),
	    TOP("1", "+OK\r\none\r\n.\r\n"),
	    TOP("2", "-ERR it is gone\r\n"),
	    TOP("3", "+OK\r\n..\r\n.\r\n"),
	};

	(void)state;
	holds(lines, COUNT(lines), "", "a/b%25=one\r\n\nc%3Fd:io\n3=.\r\n\n");
}

static void
the_walk_goes_on_behind_an_id_or_from_the_start(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    HELD("1 5\r\n2 5\r\n", "1 a\r\n2 b\r\n"),
	    TOP("2", "+OK\r\ntwo\r\n.\r\n"),
	};
	static const struct script_line all[] = {
	    ENTER,
	    HELD("1 5\r\n", "1 a\r\n"),
	    TOP("1", "+OK\r\none\r\n.\r\n"),
	};
	static const struct script_line none[] = {
	    ENTER,
	    HELD("1 5\r\n", "1 a\r\n"),
	};

	(void)state;
	holds(lines, COUNT(lines), "a", "b=two\r\n\n");
	holds(all, COUNT(all), "gone", "a=one\r\n\n");
	holds(none, COUNT(none), "a", "");
}

static void
a_connection_that_is_lost_is_had_again_where_it_was(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    HELD("1 5\r\n2 5\r\n", "1 a\r\n2 b\r\n"),
	    TOP("1", "+OK\r\none\r\ntwo"),
	    {NULL, SCRIPT_CUT},
	    ENTER,
	    /* meanwhile there is another before it */
	    HELD("1 5\r\n2 5\r\n3 5\r\n", "1 n\r\n2 a\r\n3 b\r\n"),
	    TOP("2", "+OK\r\none\r\ntwo\r\n.\r\n"),
	    TOP("3", "+OK\r\nb\r\n.\r\n"),
	};

	(void)state;
	holds(lines, COUNT(lines), "", "a=one\r\ntwo\r\n\nb=b\r\n\n");
}

static void
a_list_that_breaks_off_is_had_again(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    {"LIST\r\n", "+OK\r\n1 5\r\n2 "},
	    {NULL, SCRIPT_CUT},
	    ENTER,
	    HELD("1 5\r\n2 5\r\n", "1 a\r\n2 b\r\n"),
	    TOP("2", "+OK\r\ntwo\r\n.\r\n"),
	};

	(void)state;
	holds(lines, COUNT(lines), "a", "b=two\r\n\n");
}

static void
a_message_that_went_meanwhile_ends_as_not_read(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    HELD("1 5\r\n", "1 a\r\n"),
	    TOP("1", "+OK\r\none\r\n"),
	    {NULL, SCRIPT_CUT},
	    ENTER,
	    HELD("1 5\r\n", "1 b\r\n"),
	    TOP("1", "+OK\r\nb\r\n.\r\n"),
	};

	(void)state;
	holds(lines, COUNT(lines), "", "a=one\r\n!\nb=b\r\n\n");
}

static void
what_is_only_counted_is_not_asked_for(void **state)
{
	static const struct script_line lines[] = {
	    ENTER,
	    HELD("1 5\r\n2 6\r\n", "1 a\r\n2 b\r\n"),
	};
	struct world w;

	(void)state;
	begin(&w, lines, COUNT(lines));
	w.target.count = true;
	assert_int_equal(pop3_source.open(&w.target, &w.source), ST_OK);
	assert_string_equal(walk(&w), "a=\nb=\n");
	end(&w);
}

static bool
has_b(const void *arg, struct span path, struct span version)
{
	(void)arg;
	return path.len > 2 && memcmp(path.ptr + path.len - 2, "/b", 2) == 0 &&
	       version.len == 3 && memcmp(version.ptr, "b 6", 3) == 0;
}

static void
what_is_known_by_its_id_is_not_asked_for(void **state)
{
	static const struct script_line lines[] = {
	    {NULL, "+OK here\r\n"},
	    {"CAPA\r\n", "+OK\r\nUIDL\r\nPIPELINING\r\n.\r\n"},
	    {"USER anna\r\n", "+OK\r\n"},
	    {"PASS secret\r\n", "+OK in\r\n"},
	    HELD("1 5\r\n2 6\r\n3 7\r\n", "1 a\r\n2 b\r\n"),
	    TOP("1", ""),
	    TOP("3", "+OK\r\none\r\n.\r\n+OK\r\n3\r\n.\r\n"),
	};
	const struct source_known known = {.has = has_b};
	const char *const versions[] = {"a 5", "b 6", ""};
	struct source_item item;
	struct world w;

	(void)state;
	begin(&w, lines, COUNT(lines));
	w.target.known = &known;
	assert_int_equal(pop3_source.open(&w.target, &w.source), ST_OK);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pop3_source.next(w.source, &item), ST_OK);
		assert_int_equal(item.version.len, strlen(versions[i]));
		if (item.version.len > 0)
			assert_memory_equal(item.version.ptr, versions[i],
					    item.version.len);
		if (i != 1)
			put_content(&w);
	}
	assert_int_equal(pop3_source.next(w.source, &item), ST_EOF);
	assert_memory_equal(w.got.data, "one\r\n3\r\n", w.got.len);
	end(&w);
}

static void
a_mailbox_that_cannot_be_opened_says_why(void **state)
{
	static const struct {
		struct script_line lines[5];
		size_t count;
		enum status st;
	} rows[] = {
	    {{{NULL, "-ERR go away\r\n"}}, 1, ST_DENIED},
	    {{{NULL, "HTTP/1.1 400 No\r\n"}}, 1, ST_MALFORMED},
	    {{{NULL, "+OK\r\n"},
	      {"CAPA\r\n", "-ERR\r\n"},
	      {"USER anna\r\n", "+OK\r\n"},
	      {"PASS secret\r\n", "-ERR wrong %s\r\n"}},
	     4,
	     ST_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w;

		begin(&w, rows[i].lines, rows[i].count);
		assert_int_equal(pop3_source.open(&w.target, &w.source),
				 rows[i].st);
		assert_true(w.why.len > 0);
		assert_null(memmem(w.why.data, w.why.len, "secret", 6));
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_are_named_by_their_ids_and_read_in_order),
	    cmocka_unit_test(the_walk_goes_on_behind_an_id_or_from_the_start),
	    cmocka_unit_test(
		a_connection_that_is_lost_is_had_again_where_it_was),
	    cmocka_unit_test(a_list_that_breaks_off_is_had_again),
	    cmocka_unit_test(a_message_that_went_meanwhile_ends_as_not_read),
	    cmocka_unit_test(what_is_only_counted_is_not_asked_for),
	    cmocka_unit_test(what_is_known_by_its_id_is_not_asked_for),
	    cmocka_unit_test(a_mailbox_that_cannot_be_opened_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
