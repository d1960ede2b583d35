#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/nfs/target.h"

#define ROOM 400

struct world {
	uint8_t options[ROOM];
	struct source_target target;
	struct target got;
	struct buf why;
};

static enum status
read_target(struct world *w, const char *url, const char *const *pairs)
{
	size_t n = 0;

	memset(w, 0, sizeof(*w));
	buf_init(&w->why, 1000);
	for (; pairs != NULL && *pairs != NULL; pairs += 2)
		assert_int_equal(pairs_add(w->options, ROOM, &n,
					   span_str(pairs[0]),
					   span_str(pairs[1])),
				 ST_OK);
	w->target.path = span_str(url);
	w->target.options.bytes = span_of(w->options, n);
	w->target.why = &w->why;
	return target_of(&w->target, &w->got);
}

static void
what_is_not_said_has_its_default(void **state)
{
	struct world w;

	(void)state;
	assert_int_equal(read_target(&w, "nfs://h/a/b%20c", NULL), ST_OK);
	assert_true(str_is(w.got.url.host, "h"));
	assert_int_equal(w.got.version, 0);
	assert_int_equal(w.got.who.uid, 65534);
	assert_int_equal(w.got.who.gid, 65534);
	assert_int_equal(w.got.port, 0);
	assert_int_equal(w.got.mount_port, 0);
	assert_true(w.got.owner);
	assert_false(w.got.mounts);
	buf_fini(&w.why);
	assert_int_equal(read_target(&w, "nfs://h/", NULL), ST_OK);
	assert_true(w.got.mounts);
	buf_fini(&w.why);
}

static void
the_list_of_options_goes_before_the_query(void **state)
{
	static const char *const pairs[] = {"uid", "7", "owner", "no", NULL};
	struct world w;

	(void)state;
	assert_int_equal(
	    read_target(&w, "nfs://h:99/a?uid=1&gid=4294967295&version=3",
			pairs),
	    ST_OK);
	assert_int_equal(w.got.who.uid, 7);
	assert_int_equal(w.got.who.gid, UINT32_MAX);
	assert_int_equal(w.got.version, 3);
	assert_int_equal(w.got.port, 99);
	assert_false(w.got.owner);
	buf_fini(&w.why);
}

static void
what_is_not_understood_is_named(void **state)
{
	static const struct {
		const char *url, *name;
		enum status st;
	} rows[] = {
	    {"nfs://", "nfs://HOST", ST_MALFORMED},
	    {"nfs:///a", "nfs://HOST", ST_MALFORMED},
	    {"nfs://h:99999/a", "nfs://HOST", ST_MALFORMED},
	    {"nfs://h/a?version=2", "version", ST_UNSUPPORTED},
	    {"nfs://h/a?version=5", "version", ST_UNSUPPORTED},
	    {"nfs://h/a?version=", "version", ST_UNSUPPORTED},
	    {"nfs://h/a?nfs_port=0", "nfs_port", ST_UNSUPPORTED},
	    {"nfs://h/a?nfs_port=65536", "nfs_port", ST_UNSUPPORTED},
	    {"nfs://h/a?mount_port=-1", "mount_port", ST_UNSUPPORTED},
	    {"nfs://h/a?uid=4294967296", "uid", ST_UNSUPPORTED},
	    {"nfs://h/a?gid=root", "gid", ST_UNSUPPORTED},
	    {"nfs://h/a?owner=%s", "owner", ST_UNSUPPORTED},
	    {"nfs://h/a?mounts=2", "mounts", ST_UNSUPPORTED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		assert_int_equal(read_target(&w, rows[i].url, NULL),
				 rows[i].st);
		assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
		assert_non_null(strstr((const char *)w.why.data, rows[i].name));
		buf_fini(&w.why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_said_has_its_default),
	    cmocka_unit_test(the_list_of_options_goes_before_the_query),
	    cmocka_unit_test(what_is_not_understood_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
