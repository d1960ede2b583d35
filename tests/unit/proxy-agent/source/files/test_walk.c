#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/files/walk.h"

/* A walk of a target with these options. */
static enum status
begin(struct walk *w, const char *name, const char *value, struct buf *why)
{
	uint8_t room[256];
	size_t len = 0;
	struct source_target t = {.path = span_str("sftp://a/b"), .why = why};

	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str(name),
				   span_str(value)),
			 ST_OK);
	t.options.bytes = span_of(room, len);
	return walk_init(w, &t);
}

static void
put(struct buf *b, const char *text)
{
	buf_clear(b);
	assert_int_equal(buf_add_str(b, text), ST_OK);
}

static bool
is(const struct buf *b, const char *text)
{
	return str_is(buf_span(b), text);
}

static void
names_are_joined_by_one_slash(void **state)
{
	static const struct {
		const char *path, *name, *want;
		size_t len;
	} cases[] = {
	    {"", "share", "share", 0},          {"/", "etc", "/etc", 1},
	    {"/etc", "hosts", "/etc/hosts", 4}, {"a/b/c", "x", "a/x", 1},
	    {"/srv/", "x", "/srv/x", 5},
	};
	struct walk w;

	(void)state;
	assert_int_equal(begin(&w, "include", "*", NULL), ST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(&w.path, cases[i].path);
		walk_to(&w, cases[i].len, span_str(cases[i].name));
		assert_true(is(&w.path, cases[i].want));
	}
	walk_fini(&w);
}

static void
what_lies_below_the_target_is_filtered_and_is_the_position(void **state)
{
	static const struct {
		const char *base, *path, *want;
	} cases[] = {
	    {"/srv", "/srv/a/b", "a/b"}, {"/", "/a", "a"},
	    {"", "share/a", "share/a"},  {"share", "share/a", "a"},
	    {"/srv", "/srv", ""},
	};
	struct walk w;
	struct buf cursor;

	(void)state;
	assert_int_equal(begin(&w, "include", "*", NULL), ST_OK);
	buf_init(&cursor, 64);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		w.base = strlen(cases[i].base);
		w.single = false;
		put(&w.path, cases[i].path);
		assert_true(str_is(walk_below(&w), cases[i].want));
		buf_clear(&cursor);
		assert_int_equal(walk_cursor(&w, &w.path, &cursor), ST_OK);
		assert_true(is(&cursor, cases[i].want));
		buf_clear(&cursor);
		w.single = true;
		assert_int_equal(walk_cursor(&w, &w.path, &cursor), ST_OK);
		assert_int_equal(cursor.len, 0);
	}
	buf_fini(&cursor);
	walk_fini(&w);
}

static void
people_see_a_path_behind_its_host_and_escaped(void **state)
{
	static const struct {
		const char *target, *tail, *path, *want;
	} cases[] = {
	    {"sftp://ann@a:2222/x", "", "/x/a b#c",
	     "sftp://ann@a:2222/x/a b%23c"},
	    {"smb://a/x", "/", "x/50%", "smb://a/x/50%25"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct walk w;
		struct buf path;
		struct url u;

		assert_int_equal(begin(&w, "include", "*", NULL), ST_OK);
		buf_init(&path, 64);
		put(&path, cases[i].path);
		assert_int_equal(url_parse(span_str(cases[i].target), &u),
				 ST_OK);
		assert_int_equal(walk_root(&w, &u, cases[i].tail), ST_OK);
		for (int twice = 0; twice < 2; twice++)
			assert_true(
			    str_is(walk_show(&w, &path), cases[i].want));
		buf_fini(&path);
		walk_fini(&w);
	}
}

static void
an_option_that_cannot_be_read_is_named(void **state)
{
	struct walk w;
	struct buf why;

	(void)state;
	buf_init(&why, 256);
	assert_int_equal(begin(&w, "max_size", "perhaps", &why),
			 ST_UNSUPPORTED);
	assert_int_equal(buf_add_byte(&why, 0), ST_OK);
	assert_non_null(strstr((char *)why.data, "max_size"));
	buf_fini(&why);
	walk_fini(&w);
}

static void
a_ring_gives_places_in_turn_and_takes_them_back(void **state)
{
	struct ring r = {.room = 3};
	size_t next = 0;

	(void)state;
	for (int i = 0; i < 10; i++) {
		while (r.count < r.room)
			assert_int_equal(ring_add(&r), next++ % r.room);
		assert_int_equal(ring_at(&r, 0), r.first);
		assert_int_equal(ring_at(&r, 2), (r.first + 2) % 3);
		r.at_hand = true;
		ring_drop(&r);
		assert_false(r.at_hand);
		assert_int_equal(r.count, 2);
		assert_int_equal(r.first, (size_t)(i + 1) % 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_joined_by_one_slash),
	    cmocka_unit_test(
		what_lies_below_the_target_is_filtered_and_is_the_position),
	    cmocka_unit_test(people_see_a_path_behind_its_host_and_escaped),
	    cmocka_unit_test(an_option_that_cannot_be_read_is_named),
	    cmocka_unit_test(a_ring_gives_places_in_turn_and_takes_them_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
