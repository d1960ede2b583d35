#include "proxy-agent/keeper/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "sys/file.h"

static const char good[] =
    "{\"sftp://h.example/\":{\"user\":\"ann\",\"password\":\"Wrong-Horse-7\"},"
    "\"sftp://h.example/srv/\":{\"user\":\"srv\",\"password\":\"x\"}}";

struct world {
	char top[64], dir[96];
	struct buf why;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	snprintf(w->top, sizeof(w->top), "/tmp/trawl-store.XXXXXX");
	assert_non_null(mkdtemp(w->top));
	snprintf(w->dir, sizeof(w->dir), "%s/credentials", w->top);
	buf_init(&w->why, 4096);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	buf_fini(&w->why);
	assert_int_equal(file_remove_tree(w->top), ST_OK);
	free(w);
	return 0;
}

static enum status
put(struct world *w, const char *name, const char *json)
{
	buf_clear(&w->why);
	return store_put(w->dir, span_str(name), span_str(json), &w->why);
}

static enum status
pick(struct world *w, const char *name, const char *target, struct vault *v)
{
	const struct store_wanted want = {.name = span_str(name),
					  .target = span_str(target)};

	buf_clear(&w->why);
	return store_pick(w->dir, &want, v, &w->why);
}

static bool
user_is(const struct vault *v, const char *want)
{
	struct pairs p = pairs_before_zeros(span_of(v->base, v->room));

	return p.bytes.len == v->len && str_is(pairs_find(p, "user"), want);
}

static void
the_scope_that_fits_best_is_shown(void **state)
{
	static const struct {
		const char *name, *target, *user;
	} cases[] = {
	    {"files", "sftp://h.example/", "ann"},
	    {"files", "sftp://h.example/srv/a", "srv"},
	    {"", "sftp://h.example/srv/a", "srv"},
	    {"", "sftp://other.example/", NULL},
	    {"other", "sftp://o.example/", "eve"},
	};
	struct world *w = *state;

	assert_int_equal(put(w, "files", good), ST_OK);
	assert_int_equal(
	    put(w, "other", "{\"sftp://o.example/\":{\"user\":\"eve\"}}"),
	    ST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vault v;

		assert_int_equal(pick(w, cases[i].name, cases[i].target, &v),
				 ST_OK);
		if ((v.base != NULL) != (cases[i].user != NULL) ||
		    (v.base != NULL && !user_is(&v, cases[i].user)))
			fail_msg("case %zu", i);
		vault_close(&v);
	}
}

static void
out_of_its_scope_it_is_not_shown_and_no_value_is_told(void **state)
{
	struct world *w = *state;
	struct vault v;

	assert_int_equal(put(w, "files", good), ST_OK);
	assert_int_equal(pick(w, "files", "sftp://h.example.evil.example/", &v),
			 ST_DENIED);
	assert_null(v.base);
	assert_null(memmem(w->why.data, w->why.len, "Wrong-Horse", 11));
	assert_non_null(memmem(w->why.data, w->why.len, "not meant", 9));
	assert_int_equal(pick(w, "none", "sftp://h.example/", &v), ST_NOTFOUND);
	assert_int_equal(pick(w, "../files", "sftp://h.example/", &v),
			 ST_NOTFOUND);
}

static void
what_has_no_scope_is_not_kept(void **state)
{
	static const char *const bad[] = {
	    "",
	    "{}",
	    "[]",
	    "{\"user\":\"ann\",\"password\":\"x\"}",
	    "{\"sftp://\":{\"user\":\"ann\"}}",
	    "{\"h.example\":{\"user\":\"ann\"}}",
	    "{\"nokind://h.example/\":{\"user\":\"ann\"}}",
	    "{\"sftp://h.example/\":{\"key_file\":\"/etc/shadow\"}}",
	    "{\"sftp://h.example/\":{\"user\":\"ann\"}} more",
	    "{\"sftp://h.example/\":{\"user\":\"ann\"},\"user\":\"eve\"}",
	};
	struct world *w = *state;
	struct store_name names[4];
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (put(w, "bad", bad[i]) != ST_MALFORMED || w->why.len == 0)
			fail_msg("%s", bad[i]);
	assert_int_equal(put(w, "a b", good), ST_MALFORMED);
	assert_int_equal(put(w, ".hidden", good), ST_MALFORMED);
	assert_int_equal(put(w, "", good), ST_MALFORMED);
	assert_int_equal(store_names(w->dir, names, 4, &n), ST_OK);
	assert_int_equal(n, 0);
}

static void
names_come_in_order_and_values_stay(void **state)
{
	struct world *w = *state;
	struct store_name names[4];
	char path[160];
	size_t n;
	struct stat sb;

	assert_int_equal(put(w, "b", good), ST_OK);
	assert_int_equal(put(w, "a", good), ST_OK);
	snprintf(path, sizeof(path), "%s/notes.txt", w->dir);
	assert_int_equal(file_replace(path, span_str("x"), 0600), ST_OK);
	assert_int_equal(store_names(w->dir, names, 4, &n), ST_OK);
	assert_int_equal(n, 2);
	assert_string_equal(names[0].text, "a");
	assert_string_equal(names[1].text, "b");
	snprintf(path, sizeof(path), "%s/a.json", w->dir);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(store_remove(w->dir, span_str("a")), ST_OK);
	assert_int_equal(store_remove(w->dir, span_str("a")), ST_NOTFOUND);
	assert_int_equal(store_remove(w->dir, span_str("../b")), ST_NOTFOUND);
}

/* Who talks to the master may write beside, and must gain nothing by it. */
static void
what_others_could_have_written_is_not_taken(void **state)
{
	struct world *w = *state;
	struct vault v;
	char path[160], moved[160];

	assert_int_equal(put(w, "files", good), ST_OK);
	snprintf(path, sizeof(path), "%s/files.json", w->dir);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(pick(w, "files", "sftp://h.example/", &v), ST_DENIED);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod(w->dir, 0777), 0);
	assert_int_equal(pick(w, "files", "sftp://h.example/", &v), ST_DENIED);
	assert_int_equal(chmod(w->dir, 0755), 0);
	snprintf(moved, sizeof(moved), "%s/moved", w->top);
	assert_int_equal(rename(w->dir, moved), 0);
	assert_int_equal(symlink(moved, w->dir), 0);
	assert_int_not_equal(pick(w, "files", "sftp://h.example/", &v), ST_OK);
	assert_int_equal(unlink(w->dir), 0);
	assert_int_equal(rename(moved, w->dir), 0);
	assert_int_equal(pick(w, "files", "sftp://h.example/", &v), ST_OK);
	vault_close(&v);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 65534, 65534), 0);
		assert_int_equal(pick(w, "files", "sftp://h.example/", &v),
				 ST_DENIED);
	}
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(the_scope_that_fits_best_is_shown),
	    CASE(out_of_its_scope_it_is_not_shown_and_no_value_is_told),
	    CASE(what_has_no_scope_is_not_kept),
	    CASE(names_come_in_order_and_values_stay),
	    CASE(what_others_could_have_written_is_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
