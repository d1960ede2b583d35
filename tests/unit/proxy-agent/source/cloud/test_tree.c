#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/tree.h"

#define PAGE 2
#define ROOM 65536

/* Containers are told by their kind: 1 holds files and folders, 2 files. */
static const struct element {
	const char *in, *id, *name;
	unsigned kind;
} elements[] = {
    {"", "9", "zoo", 1},     {"", "f1", "one", 0},   {"", "f2", "a/b%", 0},
    {"", "3", "Docs", 1},    {"", "f3", "one", 0},   {"9", "f4", "x", 0},
    {"9", "5", "deep", 2},   {"5", "f5", "y", 0},    {"5", "f6", "y", 0},
    {"5", "f7", "y", 0},     {"3", "f8", "last", 0}, {"3", "4", "none", 1},
    {"3", "bad", "torn", 1}, {NULL, NULL, NULL, 0},
};

struct world {
	struct http *http;
	struct tree tree;
	struct bucket bucket;
	struct buf got;
	const char *gone; /* an element that was deleted */
	bool endless;     /* one folder has pages without an end */
	unsigned turns;   /* of that one */
	char cursors[32][256];
	size_t count;
};

static enum status
page(void *arg, const struct tree_place *p)
{
	struct world *w = arg;
	uint64_t from = 0, at = 0, given = 0;

	if (str_is(p->id, "bad"))
		return ST_DENIED;
	if (w->endless && str_is(p->id, "4")) {
		char next[16];

		snprintf(next, sizeof(next), "%u", ++w->turns);
		assert_true(w->turns < 10000);
		return tree_turn(&w->tree, span_str(next));
	}
	if (p->next.len > 0)
		assert_int_equal(str_to_u64(p->next, 0, 100, &from), ST_OK);
	for (const struct element *e = elements; e->in != NULL; e++) {
		const struct tree_entry t = {.kind = e->kind,
					     .id = span_str(e->id),
					     .name = span_str(e->name),
					     .alike = str_is(p->id, "5")};
		char next[8];

		if (!str_is(p->id, e->in) || at++ < from ||
		    (w->gone != NULL && strcmp(w->gone, e->id) == 0))
			continue;
		if (given++ == PAGE) {
			snprintf(next, sizeof(next), "%u", (unsigned)at - 1);
			return tree_turn(&w->tree, span_str(next));
		}
		tree_add(&w->tree, &t);
	}
	return ST_OK;
}

static unsigned
parts(void *arg, unsigned kind)
{
	(void)arg;
	return kind == 0 ? 0 : 1;
}

static enum status
list(void *arg, struct bucket *b)
{
	struct world *w = arg;

	return tree_list(&w->tree, b);
}

static void
begin(struct world *w, struct tree_target target)
{
	const struct http_options o = {.site = span_str("https://127.0.0.1:1/"),
				       .limits = http_limits_default};
	const struct tree_ops ops = {page, parts, w};
	const struct bucket_ops bops = {.list = list, .arg = w};
	struct span bad;

	memset(w, 0, sizeof(*w));
	buf_init(&w->got, ROOM);
	target.root = span_str("x://h");
	if (target.filter.max_size == 0)
		target.filter = filter_of((struct pairs){0}, 0, &bad);
	assert_int_equal(http_open(&o, &w->http), ST_OK);
	assert_int_equal(bucket_open(&w->bucket, w->http, &bops), ST_OK);
	w->bucket.open_none = true;
	assert_int_equal(tree_open(&w->tree, &ops, &target), ST_OK);
	assert_int_equal(tree_begin(&w->tree, 1, span_of(NULL, 0)), ST_OK);
}

/* A line each: the path, a slash behind folders, a mark for what is not read.
 */
static void
walk(struct world *w)
{
	struct source_item item;
	struct buf cursor;

	while (bucket_next(&w->bucket, span_str("x://h"), &item) == ST_OK) {
		assert_int_equal(buf_addf(&w->got, "%.*s%s%s\n",
					  (int)item.path.len - 5,
					  (const char *)item.path.ptr + 5,
					  item.folder ? "/" : "",
					  item.reason == COVER_OK ? "" : "!"),
				 ST_OK);
		buf_init(&cursor, 256);
		assert_int_equal(bucket_cursor(&w->bucket, &cursor), ST_OK);
		assert_int_equal(
		    str_copy(w->cursors[w->count++], 256, buf_span(&cursor)),
		    ST_OK);
		buf_fini(&cursor);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
}

static void
end(struct world *w)
{
	bucket_close(&w->bucket);
	tree_close(&w->tree);
	http_close(w->http);
	buf_fini(&w->got);
}

static void
gives(struct tree_target target, const char *want)
{
	struct world w;

	begin(&w, target);
	walk(&w);
	assert_string_equal((const char *)w.got.data, want);
	end(&w);
}

#define WHOLE                                                                  \
	"/one\n/a%2Fb%25\n/one\n/Docs/last\n/Docs/torn/!\n/zoo/x\n"            \
	"/zoo/deep/y?id=f5\n/zoo/deep/y?id=f6\n/zoo/deep/y?id=f7\n"

static void
objects_come_before_containers_and_these_by_their_ids(void **state)
{
	(void)state;
	gives((struct tree_target){0}, WHOLE);
}

static void
a_target_is_found_by_names(void **state)
{
	static const struct {
		const char *path, *id, *want;
	} cases[] = {
	    {"/zoo", "",
	     "/zoo/x\n/zoo/deep/y?id=f5\n/zoo/deep/y?id=f6\n"
	     "/zoo/deep/y?id=f7\n"},
	    {"/zoo/deep/y", "f6", "/zoo/deep/y?id=f6\n"},
	    {"/zoo/x", "", "/zoo/x\n"},
	    {"/a%2Fb%25", "", "/a%2Fb%25\n"},
	    {"/one", "f3", "/one\n"},
	    {"/zoo/nothing", "", ""},
	    {"/one/x", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tree_target t = {.path = span_str(cases[i].path),
					      .id = span_str(cases[i].id)};
		struct world w;

		begin(&w, t);
		walk(&w);
		assert_string_equal((const char *)w.got.data, cases[i].want);
		assert_int_equal(tree_missed(&w.tree), cases[i].want[0] == 0);
		end(&w);
	}
}

static void
one_level_is_shown_to_who_chooses(void **state)
{
	(void)state;
	gives((struct tree_target){.browse = true},
	      "/zoo/\n/one\n/a%2Fb%25\n/Docs/\n/one\n");
	gives((struct tree_target){.browse = true, .path = span_str("/zoo")},
	      "/zoo/x\n/zoo/deep/\n");
}

static void
filters_see_the_path_below_the_target(void **state)
{
	struct filter f = {.include = span_str("deep/*"),
			   .max_size = 100,
			   .since = INT64_MIN,
			   .until = INT64_MAX};

	(void)state;
	gives((struct tree_target){.path = span_str("/zoo"), .filter = f},
	      "/zoo/deep/y?id=f5\n/zoo/deep/y?id=f6\n/zoo/deep/y?id=f7\n");
	f.include = span_of(NULL, 0);
	f.exclude = span_str("zoo");
	gives((struct tree_target){.filter = f},
	      "/one\n/a%2Fb%25\n/one\n/Docs/last\n/Docs/torn/!\n");
}

/* The lines behind the first n of a text. */
static const char *
behind(const char *text, size_t n)
{
	while (n-- > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

static void
a_cursor_goes_on_behind_each_object(void **state)
{
	struct world all, w;

	(void)state;
	begin(&all, (struct tree_target){0});
	walk(&all);
	for (size_t i = 0; i < all.count; i++) {
		struct span c = span_str(all.cursors[i]);

		if (c.len == 0) /* of what was not read: none */
			continue;
		begin(&w, (struct tree_target){.cursor = c});
		walk(&w);
		assert_string_equal((const char *)w.got.data,
				    behind(WHOLE, i + 1));
		end(&w);
	}
	end(&all);
}

static void
what_was_deleted_since_hides_nothing(void **state)
{
	static const struct {
		size_t at; /* the object that the cursor stands behind */
		const char *gone, *want;
	} cases[] = {
	    /* by counting */
	    {0, "f1",
	     "/a%2Fb%25\n/one\n/Docs/last\n/Docs/torn/!\n/zoo/x\n"
	     "/zoo/deep/y?id=f5\n/zoo/deep/y?id=f6\n"
	     "/zoo/deep/y?id=f7\n"},
	    /* its container */
	    {3, "3",
	     "/zoo/x\n/zoo/deep/y?id=f5\n/zoo/deep/y?id=f6\n"
	     "/zoo/deep/y?id=f7\n"},
	};
	struct world all, w;

	(void)state;
	begin(&all, (struct tree_target){0});
	walk(&all);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, (struct tree_target){
			      .cursor = span_str(all.cursors[cases[i].at])});
		w.gone = cases[i].gone;
		walk(&w);
		assert_string_equal((const char *)w.got.data, cases[i].want);
		end(&w);
	}
	end(&all);
}

static void
a_list_of_nothing_without_an_end_is_told_and_passed(void **state)
{
	struct world w, whole;
	const char *mark;

	(void)state;
	begin(&whole, (struct tree_target){0});
	walk(&whole);
	begin(&w, (struct tree_target){0});
	w.endless = true;
	walk(&w);
	assert_true(w.turns > 1000 && w.turns < 1010);
	mark = strstr((const char *)w.got.data, "/Docs/none/!\n");
	assert_non_null(mark);
	/* the rest is as it was */
	assert_int_equal(strlen((const char *)w.got.data),
			 strlen((const char *)whole.got.data) +
			     strlen("/Docs/none/!\n"));
	assert_null(strstr(mark + strlen("/Docs/none/"), "none"));
	end(&whole);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		objects_come_before_containers_and_these_by_their_ids),
	    cmocka_unit_test(a_target_is_found_by_names),
	    cmocka_unit_test(one_level_is_shown_to_who_chooses),
	    cmocka_unit_test(filters_see_the_path_below_the_target),
	    cmocka_unit_test(a_cursor_goes_on_behind_each_object),
	    cmocka_unit_test(what_was_deleted_since_hides_nothing),
	    cmocka_unit_test(
		a_list_of_nothing_without_an_end_is_told_and_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
