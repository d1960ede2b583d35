#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan/clean.h"
#include "sys/file.h"

#define MANY 5000

static char folder[32];
static const uint8_t how[CLEAN_HOW] = {1, 2, 3};

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/trawl-unit.XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int
drop_folder(void **state)
{
	(void)state;
	return file_remove_tree(folder) != ST_OK;
}

struct memory {
	struct clean *clean;
	struct clean_known known;
};

static struct memory
recall(const uint8_t like[CLEAN_HOW])
{
	struct memory m = {0};

	assert_int_equal(clean_open(folder, like, &m.clean), ST_OK);
	assert_int_equal(clean_map(clean_fd(m.clean), &m.known), ST_OK);
	return m;
}

static void
forget(struct memory *m)
{
	clean_unmap(&m->known);
	clean_close(m->clean);
}

static void
digest_of(const struct memory *m, unsigned i, uint8_t out[CLEAN_SIZE])
{
	char path[32];

	snprintf(path, sizeof(path), "/made/up/%u", i);
	clean_digest(&m->known, span_str(path), span_str("version"), out);
}

static void
add_some(struct memory *m, unsigned from, unsigned to)
{
	uint8_t d[CLEAN_SIZE];

	for (unsigned i = from; i < to; i++) {
		digest_of(m, i, d);
		clean_add(m->clean, d);
	}
}

static unsigned
count_known(const struct memory *m, unsigned from, unsigned to)
{
	uint8_t d[CLEAN_SIZE];
	unsigned n = 0;

	for (unsigned i = from; i < to; i++) {
		digest_of(m, i, d);
		n += clean_has(&m->known, d);
	}
	return n;
}

static void
nothing_is_known_at_first(void **state)
{
	struct memory m = recall(how);

	(void)state;
	assert_int_equal(m.known.count, 0);
	assert_int_equal(count_known(&m, 0, 10), 0);
	forget(&m);
}

static void
what_was_saved_is_known_and_nothing_else(void **state)
{
	struct memory m = recall(how);

	(void)state;
	add_some(&m, 0, MANY);
	add_some(&m, 10, 20); /* met twice: kept once */
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	m = recall(how);
	assert_int_equal(m.known.count, MANY);
	assert_int_equal(count_known(&m, 0, MANY), MANY);
	assert_int_equal(count_known(&m, MANY, 2 * MANY), 0);
	forget(&m);
}

static void
a_whole_scan_forgets_what_it_did_not_meet(void **state)
{
	struct memory m = recall(how);

	(void)state;
	add_some(&m, 0, 100);
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	m = recall(how);
	add_some(&m, 50, 150);
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	m = recall(how);
	assert_int_equal(count_known(&m, 0, 50), 0);
	assert_int_equal(count_known(&m, 50, 150), 100);
	forget(&m);
}

static void
a_scan_cut_short_keeps_what_was_known(void **state)
{
	struct memory m = recall(how);

	(void)state;
	add_some(&m, 0, 100);
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	m = recall(how);
	add_some(&m, 50, 150);
	assert_int_equal(clean_save(m.clean, false), ST_OK);
	forget(&m);
	m = recall(how);
	assert_int_equal(m.known.count, 150);
	assert_int_equal(count_known(&m, 0, 150), 150);
	forget(&m);
}

static void
another_kind_of_scan_knows_nothing_of_it(void **state)
{
	const uint8_t other[CLEAN_HOW] = {3, 2, 1};
	struct memory m = recall(how);

	(void)state;
	add_some(&m, 0, 10);
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	m = recall(other);
	assert_int_equal(m.known.count, 0);
	forget(&m);
}

static void
path_and_version_make_the_digest(void **state)
{
	uint8_t a[CLEAN_SIZE], b[CLEAN_SIZE];
	struct memory m = recall(how);

	(void)state;
	clean_digest(&m.known, span_str("/a"), span_str("1"), a);
	clean_digest(&m.known, span_str("/a"), span_str("2"), b);
	assert_memory_not_equal(a, b, CLEAN_SIZE);
	clean_digest(&m.known, span_str("/b"), span_str("1"), b);
	assert_memory_not_equal(a, b, CLEAN_SIZE);
	clean_digest(&m.known, span_str("/a1"), span_str(""), b);
	assert_memory_not_equal(a, b, CLEAN_SIZE);
	forget(&m);
}

/* Cut, longer, or something else: it is begun anew and nothing is believed. */
static void
a_damaged_file_is_not_believed(void **state)
{
	static const char *const texts[] = {"", "TRWCLN01", "no such file",
					    "TRWCLN01 sixteen bytes..then 5"};
	char pattern[64];
	struct memory m = recall(how);
	glob_t found;

	(void)state;
	add_some(&m, 0, 10);
	assert_int_equal(clean_save(m.clean, true), ST_OK);
	forget(&m);
	snprintf(pattern, sizeof(pattern), "%s/clean-*", folder);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(
		    file_replace(found.gl_pathv[0], span_str(texts[i]), 0600),
		    ST_OK);
		m = recall(how);
		assert_int_equal(m.known.count, 0);
		assert_int_equal(count_known(&m, 0, 10), 0);
		forget(&m);
	}
	globfree(&found);
}

int
main(void)
{
#define OF_A_FOLDER(f)                                                         \
	cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)
	const struct CMUnitTest tests[] = {
	    OF_A_FOLDER(nothing_is_known_at_first),
	    OF_A_FOLDER(what_was_saved_is_known_and_nothing_else),
	    OF_A_FOLDER(a_whole_scan_forgets_what_it_did_not_meet),
	    OF_A_FOLDER(a_scan_cut_short_keeps_what_was_known),
	    OF_A_FOLDER(another_kind_of_scan_knows_nothing_of_it),
	    OF_A_FOLDER(path_and_version_make_the_digest),
	    OF_A_FOLDER(a_damaged_file_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
