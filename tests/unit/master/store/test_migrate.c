#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/schema.h"
#include "master/store/migrate.h"
#include "master/store/sql.h"
#include "sys/file.h"

/* A file that is a database without any table yet: version 0. */
struct place {
	char dir[64], file[96];
	struct store *s;
	struct buf why;
};

static int
open_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	int fd;

	if (p == NULL)
		return -1;
	snprintf(p->dir, sizeof(p->dir), "/tmp/trawl-migrate.XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	snprintf(p->file, sizeof(p->file), "%s/trawl.db", p->dir);
	fd = open(p->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	close(fd);
	buf_init(&p->why, 4096);
	*state = p;
	return 0;
}

static int
close_place(void **state)
{
	struct place *p = *state;

	store_close(p->s);
	buf_fini(&p->why);
	(void)!file_remove_tree(p->dir);
	free(p);
	return 0;
}

static void
every_file_of_the_schema_has_its_number_and_none_is_left_out(void **state)
{
	unsigned n = 0;

	(void)state;
	for (const struct schema_file *f = schema_store; f->path != NULL; f++)
		n++;
	assert_int_equal(migrate_latest(), n);
	assert_int_equal(migrate_latest(), STORE_VERSION);
}

static void
an_older_database_is_brought_to_the_newest_version(void **state)
{
	struct place *p = *state;
	unsigned version = 99;

	assert_int_equal(store_open(p->file, STORE_WRITE, &p->s, &p->why),
			 ST_OK);
	assert_int_equal(store_version(p->s, &version), ST_OK);
	assert_int_equal(version, STORE_VERSION);
	assert_int_equal(store_meta_set(p->s, "x", "1", 1), ST_OK);
	/* Once more: nothing is done twice. */
	assert_int_equal(migrate_run(p->s, &p->why), ST_OK);
	assert_int_equal(p->why.len, 0);
}

/* The file as the program of that version left it. */
static void
make_old(const struct place *p, unsigned version, const char *rows)
{
	char pragma[64];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->file, &db), SQLITE_OK);
	for (unsigned i = 0; i < version; i++)
		assert_int_equal(
		    sqlite3_exec(db, schema_store[i].data, NULL, NULL, NULL),
		    SQLITE_OK);
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %u", version);
	assert_int_equal(sqlite3_exec(db, pragma, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t
number(struct store *s, const char *text)
{
	struct sql q;
	int64_t n = -1;

	sql_open(&q, s, text);
	assert_int_equal(sql_number(&q, &n), ST_OK);
	return n;
}

static void
rows_of_the_first_version_are_kept(void **state)
{
	struct place *p = *state;

	make_old(p, 1,
		 "INSERT INTO match VALUES"
		 " (1, x'', 7, 16, 90, 1, 0, x'2a', x'2a', x'00')");
	assert_int_equal(store_open(p->file, STORE_WRITE, &p->s, &p->why),
			 ST_OK);
	assert_int_equal(number(p->s, "SELECT count(*) FROM match"
				      " WHERE offset = 7 AND also = ''"),
			 1);
}

static void
the_coverage_of_older_versions_becomes_a_ledger(void **state)
{
	struct place *p = *state;

	make_old(p, 3,
		 "INSERT INTO target VALUES (1, NULL, 'host', 'a', '', 0, 0, 0,"
		 " 0, 0); INSERT INTO scan (id, name, state, types,"
		 " min_confidence, jobs, bytes_per_second, created, created_by)"
		 " VALUES (1, 's', 4, '', 0, 0, 0, 0, '');"
		 "INSERT INTO task (id, scan, target, state) VALUES"
		 " (1, 1, 1, 4);"
		 "INSERT INTO coverage VALUES (1, x'2f61', x'', 3, 1, 10, 0),"
		 " (1, x'2f62', x'31', 2, 10, 100, 40),"
		 " (1, x'2f62', x'32', 2, 10, 100, 40)");
	assert_int_equal(store_open(p->file, STORE_WRITE, &p->s, &p->why),
			 ST_OK);
	assert_int_equal(number(p->s, "SELECT count(*) FROM ledger"), 3);
	assert_int_equal(number(p->s, "SELECT number FROM ledger"
				      " WHERE place = x'32'"),
			 1);
	assert_int_equal(number(p->s, "SELECT bytes FROM ledger_total"
				      " WHERE reason = 10 AND objects = 1"
				      " AND places = 2"),
			 60);
	assert_int_equal(number(p->s, "SELECT sum(places) FROM ledger_total"),
			 3);
}

static void
a_ledger_goes_with_its_task(void **state)
{
	struct place *p = *state;

	make_old(p, 4,
		 "INSERT INTO target VALUES (1, NULL, 'host', 'a', '', 0, 0, 0,"
		 " 0, 0); INSERT INTO scan (id, name, state, types,"
		 " min_confidence, jobs, bytes_per_second, created, created_by)"
		 " VALUES (1, 's', 4, '', 0, 0, 0, 0, '');"
		 "INSERT INTO task (id, scan, target, state) VALUES"
		 " (1, 1, 1, 4);"
		 "INSERT INTO ledger VALUES (1, x'2f61', 0, x'', 3, 1, '', x'',"
		 " 10, 0, 0, 0, 0, 0, 0);"
		 "INSERT INTO ledger_total VALUES (1, 3, 1, 1, 1, 10);"
		 "PRAGMA foreign_keys = ON; DELETE FROM scan");
	assert_int_equal(store_open(p->file, STORE_WRITE, &p->s, &p->why),
			 ST_OK);
	assert_int_equal(number(p->s, "SELECT (SELECT count(*) FROM ledger)"
				      " + (SELECT count(*) FROM ledger_total)"),
			 0);
}

static void
a_reader_brings_nothing_anywhere(void **state)
{
	struct place *p = *state;
	unsigned version = 99;

	assert_int_equal(store_open(p->file, STORE_WRITE, &p->s, &p->why),
			 ST_OK);
	store_close(p->s);
	p->s = NULL;
	assert_int_equal(store_open(p->file, STORE_READ, &p->s, &p->why),
			 ST_OK);
	assert_int_equal(store_version(p->s, &version), ST_OK);
	assert_int_equal(version, STORE_VERSION);
	assert_int_not_equal(store_meta_set(p->s, "x", "1", 1), ST_OK);
}

#define T(f) cmocka_unit_test_setup_teardown(f, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_file_of_the_schema_has_its_number_and_none_is_left_out),
	    T(an_older_database_is_brought_to_the_newest_version),
	    T(rows_of_the_first_version_are_kept),
	    T(the_coverage_of_older_versions_becomes_a_ledger),
	    T(a_ledger_goes_with_its_task),
	    T(a_reader_brings_nothing_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
